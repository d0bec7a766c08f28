"""Rules as data: rulebooks and calendars in TOML, and their readers."""
