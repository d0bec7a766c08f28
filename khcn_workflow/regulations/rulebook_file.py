"""The shape of a rulebook file: what may stand in rulebooks/<id>.toml."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from khcn_workflow.domain.rules import OPENED, Direction, FieldType, Unit
from khcn_workflow.domain.science_task import Level

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
StageId = Literal[
    "proposal", "council_selection", "appraisal", "contract", "periodic_check", "acceptance"
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitTable(_Table):
    """[[step.limit]]: a time limit of the law."""

    id: str
    amount: int = Field(gt=0)
    unit: Unit
    anchor: str = OPENED
    direction: Direction = Direction.AFTER
    every: bool = False
    article: str
    owner: str = "Sở"
    levels: tuple[Level, ...] = ()
    in_force_from: date | None = None
    in_force_until: date | None = None


class TargetTable(LimitTable):
    """[[target]]: an internal target of the Department for one step."""

    step: Id


class FieldTable(_Table):
    """[[step.outcome.field]]: a fact that comes with an outcome."""

    id: Id
    title: str
    type: FieldType
    required: bool = False


class OutcomeTable(_Table):
    """[[step.outcome]]: what may come of a step."""

    id: Id
    title: str
    opens: tuple[Id, ...] = ()
    closes: tuple[StageId, ...] = ()
    interim: bool = False
    ends: str = ""
    favourable: bool = True
    field: tuple[FieldTable, ...] = ()


class StepTable(_Table):
    """[[step]]: one thing that has to happen."""

    id: Id
    stage: StageId
    title: str
    noun: str = ""
    decided_by: str
    document: str
    requires: tuple[Id, ...] = ()
    limit: tuple[LimitTable, ...] = ()
    outcome: tuple[OutcomeTable, ...] = Field(min_length=1)


class DutyTable(_Table):
    """[[duty]]: a rule shown beside a step."""

    id: str
    step: Id
    text: str
    article: str
    owner: str = "Sở"
    levels: tuple[Level, ...] = ()
    in_force_from: date | None = None
    in_force_until: date | None = None


class CauseTable(_Table):
    """[[cause]]: a reason for lateness that may be recorded."""

    id: str
    title: str
    phrase: str


class RulebookFile(_Table):
    """A whole file; one that extends another adds targets, duties and causes to it."""

    id: str
    title: str
    version: str
    extends: str = ""
    stages: dict[StageId, str] = Field(default_factory=dict)
    step: tuple[StepTable, ...] = ()
    duty: tuple[DutyTable, ...] = ()
    target: tuple[TargetTable, ...] = ()
    cause: tuple[CauseTable, ...] = ()
