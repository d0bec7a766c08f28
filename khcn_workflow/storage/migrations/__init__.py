"""Alembic migrations: every released revision leads forward from the one before."""
