"""WHEN it runs: the Prefect flows; the only place that imports prefect."""
