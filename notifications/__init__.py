"""HOW people are told: messages, the outbox rules, the ladder and the channels."""
