import json
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from khcn_workflow.regulations.rulebook_reader import PACKAGED
from khcn_workflow.regulations.rulebook_schema import SCHEMA_FILE, schema, schema_text
from tests.regulations.test_rulebook_reader import SMALL

ROOT = Path(__file__).parents[2]


def as_json(value):
    """TOML data as an editor gives it to a schema: days as text."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def errors(text: str) -> list[str]:
    validator = jsonschema.Draft7Validator(schema())
    return [error.message for error in validator.iter_errors(as_json(tomllib.loads(text)))]


def test_the_published_schema_is_what_the_models_say():
    published = SCHEMA_FILE.read_text(encoding="utf-8")
    assert published == schema_text(), "chạy: python scripts/publish_schema.py"


def test_the_schema_is_itself_valid():
    jsonschema.Draft7Validator.check_schema(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.toml")), ids=lambda path: path.stem)
def test_the_packaged_rulebooks_keep_to_the_schema(path):
    assert errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amount = 10", "amount = 0"),
        ("amount = 10", "amuont = 10"),
        ('unit = "days"', 'unit = "tuần"'),
        ('stage = "contract"', 'stage = "hop_dong"'),
        ('id = "call"', 'id = "Call"'),
        ('article = "Điều 1"\n', ""),
    ],
)
def test_an_editor_marks_what_the_reader_refuses(old, new):
    assert errors(SMALL) == []
    assert errors(SMALL.replace(old, new, 1))


def test_every_key_has_a_vietnamese_description():
    tables = {"tệp": schema(), **schema()["definitions"]}
    bare = [
        f"{name}.{key}"
        for name, table in tables.items()
        for key, told in table.get("properties", {}).items()
        if not told.get("description") and key != "kind"
    ]
    assert bare == []


def test_the_words_of_docstrings_stay_out_of_the_schema():
    text = schema_text()
    assert "limit of the law" not in text
    assert "Cấp nhiệm vụ áp dụng" in text
