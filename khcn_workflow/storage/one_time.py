"""Mã một lần: sealed secrets, the step last used, and how often somebody guessed wrong."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from khcn_workflow.storage.records import OneTimeRow


@dataclass(frozen=True, slots=True)
class OneTime:
    """What is kept for one person's one-time codes.

    Attributes:
        sealed: The secret as `sealing.seal` made it.
        last_step: The time step of the last code that was used.
        failures: Wrong codes since the last right one.
        locked_until: No code is taken before this instant.
    """

    sealed: str
    last_step: int
    failures: int
    locked_until: datetime | None


class OneTimeSecrets:
    """The one-time secrets of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, person: str) -> OneTime | None:
        """What is kept for a person; where something may be written, others wait from here."""
        statement = select(OneTimeRow).where(OneTimeRow.person == person).with_for_update()
        row = self._session.scalars(statement).one_or_none()
        if row is None:
            return None
        return OneTime(row.sealed, row.last_step, row.failures, row.locked_until)

    def put(self, person: str, sealed: str) -> None:
        """A new secret; the old one's codes are worth nothing from now on."""
        fresh = OneTimeRow(person=person, sealed=sealed, last_step=0, failures=0, locked_until=None)
        self._session.merge(fresh)
        self._session.flush()

    def spend(self, person: str, step: int) -> bool:
        """Take the code of a time step, unless it or a later one was used before."""
        taken = self._session.execute(
            update(OneTimeRow)
            .where(OneTimeRow.person == person, OneTimeRow.last_step < step)
            .values(last_step=step, failures=0)
        )
        return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count

    def note_failure(self, person: str, failures: int, locked_until: datetime | None) -> None:
        """Keep how often somebody guessed wrong, and until when no code is taken."""
        self._session.execute(
            update(OneTimeRow)
            .where(OneTimeRow.person == person)
            .values(failures=failures, locked_until=locked_until)
        )
