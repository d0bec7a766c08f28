"""The JSON Schema of a rulebook file, for editors that know TOML."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from khcn_workflow.domain.council import Seat, Whole
from khcn_workflow.domain.rules import DecidingDate, Direction, FieldType, Unit
from khcn_workflow.domain.science_task import Level
from khcn_workflow.regulations.rulebook_file import RulebookFile

SCHEMA_FILE = Path(__file__).parent / "schema" / "rulebook.schema.json"

_DIRECTIONS = {"after": "sau mốc", "before": "ít nhất trước mốc"}
_FIELD_TYPES = {"date": "ngày", "integer": "số nguyên", "money": "tiền (đồng)", "text": "chữ"}
_ENUMS: dict[type[StrEnum], dict[str, str]] = {
    Direction: _DIRECTIONS,
    FieldType: _FIELD_TYPES,
    Unit: {unit.value: unit.label for unit in Unit},
    Level: {level.value: level.label for level in Level},
    Seat: {seat.value: seat.label for seat in Seat},
    Whole: {whole.value: whole.label for whole in Whole},
    DecidingDate: {day.value: day.label for day in DecidingDate},
}


def schema() -> dict[str, Any]:
    """The schema: draft 7 with `definitions`, which TOML editors read.

    Titles and descriptions are Vietnamese; those that pydantic makes of English names
    and docstrings are left out.
    """
    made = RulebookFile.model_json_schema(ref_template="#/definitions/{model}")
    definitions = {name: _plain(table) for name, table in made.pop("$defs").items()}
    for enum, words in _ENUMS.items():
        definitions[enum.__name__]["description"] = "; ".join(
            f"{value}: {label}" for value, label in words.items()
        )
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **_plain(made),
        "definitions": definitions,
    }


def schema_text() -> str:
    """The schema as the published file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    """A table or enumeration without titles and descriptions in English."""
    left = {key: value for key, value in table.items() if key != "description"}
    if "properties" not in table:
        left.pop("title", None)
        return left
    left["properties"] = {
        name: {key: value for key, value in told.items() if key != "title"}
        for name, told in table["properties"].items()
    }
    return left
