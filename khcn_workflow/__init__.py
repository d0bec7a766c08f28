"""WHAT is owed and decided: the ledger, the deadlines and the report of S&T tasks."""

__version__ = "0.1.0"
