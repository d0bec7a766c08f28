"""Cán bộ, ủy quyền, vắng mặt in the database, and as the ledger tells them."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.staff import Absence, Delegation, Staff
from khcn_workflow.storage import statements
from khcn_workflow.storage.records import AbsenceRow, DelegationRow, LedgerRow
from khcn_workflow.storage.translate import (
    absence_from_data,
    absence_of,
    absence_values,
    delegation_from_data,
    delegation_of,
    delegation_values,
    person_of,
)


class Staffing:
    """The people of one transaction, read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._staff: Staff | None = None

    def staff(self) -> Staff:
        """Everybody with delegations and absences, as the tables have them."""
        if self._staff is None:
            run = statements.connection_of(self._session).execute
            self._staff = Staff(
                {person.code: person for person in map(person_of, run(statements.STAFF))},
                [delegation_of(row) for row in run(statements.DELEGATIONS)],
                [absence_of(row) for row in run(statements.ABSENCES)],
            )
        return self._staff

    def forget(self) -> None:
        """Read again when asked next; for whoever writes to the tables."""
        self._staff = None

    def save_delegation(self, delegation: Delegation) -> None:
        """Make the delegation's row say what `delegation` says."""
        self._session.merge(DelegationRow(**delegation_values(delegation)))
        self._session.flush()
        self.forget()

    def save_absence(self, absence: Absence) -> None:
        """Make the absence's row say what `absence` says."""
        self._session.merge(AbsenceRow(**absence_values(absence)))
        self._session.flush()
        self.forget()

    def delegations_told(self) -> Sequence[Delegation]:
        """Every delegation as the ledger tells it last, by id."""
        rows = self._data(EntryKind.DELEGATED)
        told = {data["id"]: delegation_from_data(owner, data) for owner, data in rows}
        return [told[key] for key in sorted(told)]

    def absences_told(self) -> Sequence[Absence]:
        """Every absence as the ledger tells it last, by id."""
        rows = self._data(EntryKind.ABSENT)
        told = {data["id"]: absence_from_data(person, data) for person, data in rows}
        return [told[key] for key in sorted(told)]

    def make_as_told(self) -> None:
        """Make the tables of delegations and absences say what the ledger says."""
        for record in (DelegationRow, AbsenceRow):
            self._session.execute(delete(record))
        for delegation in self.delegations_told():
            self.save_delegation(delegation)
        for absence in self.absences_told():
            self.save_absence(absence)
        self.forget()

    def _data(self, kind: EntryKind) -> list[tuple[str, dict[str, str]]]:
        statement = (
            select(LedgerRow.subject, LedgerRow.data)
            .where(LedgerRow.kind == kind.value)
            .order_by(LedgerRow.seq)
        )
        return [(row.subject, row.data) for row in self._session.execute(statement)]
