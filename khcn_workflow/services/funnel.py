"""Phễu giai đoạn: how much waits in each stage, how much of it is late, and since when."""

from dataclasses import dataclass
from datetime import date, datetime

from khcn_workflow.context import Context
from khcn_workflow.domain.rules import STAGE_IDS, STAGE_TITLES
from khcn_workflow.standing import by_stage
from khcn_workflow.storage.spans import StageCount


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """One stage of the funnel.

    Attributes:
        open: Steps that are owed.
        overdue: Of those, the ones at least one working day late.
        oldest: Since when the longest waiting one is owed, None where nothing is.
    """

    stage: str
    title: str
    open: int
    overdue: int
    oldest: date | None


def funnel(
    context: Context, as_of: date | None = None, known_at: datetime | None = None
) -> list[FunnelStage]:
    """The six stages as of a day (default today), in the order of the law.

    Args:
        known_at: As the ledger told it at this instant; by default as it tells it now.
    """
    found = by_stage(context, as_of or context.today, known_at)
    return [_stage(stage, found) for stage in STAGE_IDS]


def _stage(stage: str, found: dict[str, StageCount]) -> FunnelStage:
    counted = found.get(stage)
    if counted is None:
        return FunnelStage(stage, STAGE_TITLES[stage], 0, 0, None)
    return FunnelStage(stage, STAGE_TITLES[stage], counted.open, counted.overdue, counted.oldest)
