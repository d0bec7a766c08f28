"""Runs as a server deals them out in pages, while others are made."""

from types import SimpleNamespace
from uuid import uuid4

from flows.run_life import PAGE, live_runs


class Growing:
    """A server on which a run is made after each page that was read."""

    def __init__(self, runs: list) -> None:
        self.runs = runs

    def read_flow_runs(self, *, limit: int, offset: int, **_filters: object) -> list:
        page = self.runs[offset : offset + limit]
        self.runs = [SimpleNamespace(id=uuid4()), *self.runs]
        return page


def test_a_run_that_slipped_into_the_next_page_is_told_once():
    """Told twice it would be its own double, and called off."""
    runs = [SimpleNamespace(id=uuid4()) for _ in range(2 * PAGE + 1)]
    assert list(live_runs(Growing(runs), [])) == runs
