"""What the tables of a rulebook file share: how ids, amounts and windows are written."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from khcn_workflow.domain.science_task import Level

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""Of steps, outcomes, fields and events: what other tables and the ledger name."""

RowId = Annotated[str, StringConstraints(min_length=1)]
"""Of limits, duties and councils: the row of the source table, in whatever letters."""

Text = Annotated[str, StringConstraints(min_length=1)]
Amount = Annotated[StrictInt, Field(ge=1)]
Flag = StrictBool
Share = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*/[1-9][0-9]*$")]
"""A fraction as the law writes it: "2/3"."""


def told(description: str, default: Any = ...) -> Any:
    """A key with the Vietnamese words that an editor shows for it."""
    return Field(default, description=description)


class Table(BaseModel):
    """A TOML table; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScopedTable(Table):
    """A table that is the law for some levels and during some time only."""

    levels: tuple[Level, ...] = told("Cấp nhiệm vụ áp dụng; bỏ trống là mọi cấp.", ())
    in_force_from: date | None = told("Ngày đầu tiên còn áp dụng, viết YYYY-MM-DD.", None)
    in_force_until: date | None = told("Ngày cuối cùng còn áp dụng, viết YYYY-MM-DD.", None)
