"""Sự kiện: which facts of the ledger have not been told to the outside yet."""

from dataclasses import dataclass

from khcn_workflow.context import Context
from khcn_workflow.domain.ledger import LedgerEntry

AT_ONCE = 500
"""Rows told in one pass; an import is told over several."""

FIRST_PASS = -1
"""The mark of whoever was told nothing yet: history is not news."""


@dataclass(frozen=True, slots=True)
class NewFacts:
    """Rows to tell, and the mark to keep once they are told."""

    entries: tuple[LedgerEntry, ...]
    mark: int


def facts_after(context: Context, mark: int) -> NewFacts:
    """The rows after the mark, oldest first, at most `AT_ONCE`.

    A mark ahead of the ledger (another ledger was restored) goes back to its end.
    """
    last, _ = context.work.queries.head()
    if mark == FIRST_PASS or mark >= last:
        return NewFacts((), last)
    entries = tuple(context.work.queries.entries_between(mark, mark + AT_ONCE))
    return NewFacts(entries, entries[-1].seq if entries else last)
