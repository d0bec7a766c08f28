"""Lược đồ JSON: what stands in a report's JSON file, for the programs that read it."""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_FILE = Path(__file__).parent / "schema" / "report.schema.json"


class _Closed(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class PeriodData(_Closed):
    """The period with its first day and its cut-off (ISO 8601)."""

    id: str
    label: str
    first: str
    last: str


class FigureData(_Closed):
    """A number: `amounts` run parallel to `rows`, empty where each row counts as one."""

    title: str
    value: int
    of: int | None
    text: str
    rows: list[str]
    amounts: list[int]
    counting: Literal["each", "sum", "most"]
    whole: str


class ParagraphData(_Closed):
    """A paragraph with the ids of the numbers it prints."""

    text: str
    figures: list[str]


class SectionData(_Closed):
    """A heading, empty before the first, with what stands under it."""

    heading: str
    paragraphs: list[ParagraphData]


class LateData(_Closed):
    """A step that is late, or was closed late in the period."""

    task: str
    step: str
    title: str
    cohort: str
    force: Literal["statutory", "internal"]
    owner: str
    article: str
    due_on: str
    closed_on: str | None
    working_days_late: int
    causes: list[str]
    commitment: str | None


class EditData(_Closed):
    """Words of an officer beside the generated ones, then (`over`) and now (`generated`)."""

    section: str
    text: str
    by: str
    at: str
    over: str
    generated: str
    is_stale: bool


class ComparedData(_Closed):
    """A number beside that of the year before."""

    figure: str
    before: str
    now: str
    change: int


class ComparisonData(_Closed):
    """The same period of the year before; `is_empty`: nothing of it stands in the ledger."""

    period: PeriodData
    as_of: str
    is_empty: bool
    rows: list[ComparedData]


class ReportData(_Closed):
    """A report's file: every number with its list, and the text that prints them."""

    period: PeriodData
    as_of: str
    subject: str
    figures: dict[str, FigureData]
    sections: list[SectionData]
    footnotes: list[str]
    limitations: list[LateData]
    edits: list[EditData]
    comparison: ComparisonData | None
    rows: dict[str, str]


def schema_text() -> str:
    """The schema as the published file holds it."""
    schema: dict[str, Any] = ReportData.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
