"""The only place that imports sqlalchemy: the ledger, its projections and the outbox."""
