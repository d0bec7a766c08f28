"""Ai được ghi: which roles may record which outcome; the Department's arrangement, not law."""

from collections.abc import Sequence
from dataclasses import dataclass

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.science_task import Role

Roles = tuple[Role, ...]

RECORDING: Roles = (Role.OFFICER, Role.HEAD_OF_DIVISION, Role.DIRECTOR, Role.CLERK)
"""Who may record at all: a viewer only looks, an administrator keeps people and calendars."""

DECIDING: Roles = (Role.HEAD_OF_DIVISION, Role.DIRECTOR, Role.CLERK)
"""Roles for what ends a task, recognises its result or moves its clocks."""


@dataclass(frozen=True, slots=True)
class Recorders:
    """Who records what a rulebook says nothing else about.

    Attributes:
        outcome: Outcomes after which the task goes on.
        ending: Outcomes that end it.
        delay: Why a step is late.
    """

    outcome: Roles = RECORDING
    ending: Roles = DECIDING
    delay: Roles = RECORDING
    suspended: Roles = DECIDING
    resumed: Roles = DECIDING
    extended: Roles = DECIDING
    terminated: Roles = DECIDING

    def of_kind(self, kind: EntryKind) -> Roles:
        """Who records a delay or a clock event; what has no line of its own, as an ending."""
        roles: Roles = getattr(self, kind.value, self.ending)
        return roles


ARRANGED = Recorders()
"""The arrangement of a rulebook that has none of its own."""


def roles_in_words(roles: Sequence[Role]) -> str:
    """The roles as an officer reads them: "chuyên viên, văn thư"."""
    return ", ".join(role.label[:1].lower() + role.label[1:] for role in roles)
