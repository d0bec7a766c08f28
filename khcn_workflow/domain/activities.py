"""Hoạt động khác: the Department's work besides science tasks, as reports count it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain.ledger import NO_DOCUMENT, Document


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """Loại hoạt động: a sort of work that reports count, as data.

    Attributes:
        stages: What may stand in the register's "Giai đoạn" column: id → the words.
        dated: Counted by its date inside the period; otherwise by its state at the cut-off.
    """

    id: str
    title: str
    dated: bool = True
    stages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """One piece of other work, as a row of the activity register.

    Attributes:
        code: The office's own code, unique ("HĐ-2019-01").
        kind: Id of its `ActivityKind`.
        on: When it happened; None for work that goes on.
        stage: Id of the stage it has reached, empty where the kind has none.
        quantity: How many of what the kind counts (dossiers, lots, news items).
        subset: How many of `quantity` stand out (passed, failed), as the kind says.
        place_count: At how many places or organisations.
        amount_vnd: Money in VND, as for a fine.
    """

    code: str
    kind: str
    title: str
    on: date | None = None
    stage: str = ""
    document: Document = NO_DOCUMENT
    quantity: int | None = None
    subset: int | None = None
    place_count: int | None = None
    amount_vnd: int | None = None
    organisation: str = ""
    note: str = ""


def standing_on(told: Iterable[tuple[date, Activity]], day: date) -> Activity | None:
    """An activity at the stage it had reached on a day; None of nothing told.

    A row of the same stage puts the one before it right, whenever it was typed. A row of
    another stage is a move: on its own date where it brings a new one, else on the day it
    was typed. What was told first stands for all days before it.

    Args:
        told: Each telling with the day it was typed, oldest first.
    """
    held: Activity | None = None
    for typed_on, activity in told:
        if held is not None and activity.stage != held.stage:
            reached = activity.on or activity.document.on
            known = held.on or held.document.on
            if (reached if reached and reached != known else typed_on) > day:
                break
        held = activity
    return held
