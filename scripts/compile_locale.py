"""Compiles the Vietnamese words of the command line (messages.po → messages.mo)."""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[1] / "khcn_workflow/cli/locale/vi/LC_MESSAGES/messages.po"


def compiled() -> bytes:
    """The catalogue as gettext reads it."""
    with SOURCE.open("rb") as source:
        catalogue = read_po(source, locale="vi")
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is up to date."""
    target = SOURCE.with_suffix(".mo")
    if "--check" in arguments:
        return int(target.read_bytes() != compiled())
    target.write_bytes(compiled())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
