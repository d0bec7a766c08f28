"""What is wrong with a rulebook file, said in Vietnamese with file, line and key."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.regulations.toml_lines import Location


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, or one thing that looks like a mistake.

    Attributes:
        line: From 1; None when it is about the whole file.
        key: The key's path in the file ("step.3.limit.0.amount"); empty without one.
    """

    path: Path
    line: int | None
    key: str
    text: str

    def __str__(self) -> str:
        """The problem as an officer reads it."""
        place = f", dòng {self.line}" if self.line else ""
        key = f", khóa «{self.key}»" if self.key else ""
        return f"{self.path.name}{place}{key}: {self.text}"


class RulebookFileError(KhcnError):
    """A rulebook file cannot be used."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path, self.problems = path, tuple(problems)
        what = "; ".join(map(str, problems))
        if len(problems) > 1:
            what = f"{len(problems)} chỗ sai:" + "".join(f"\n- {problem}" for problem in problems)
        super().__init__(f"Bộ quy định chưa dùng được: {what}")


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake at a place of the file's data, before its line is known."""

    at: Location
    text: str


def shape_findings(error: ValidationError, model: type[BaseModel]) -> list[Finding]:
    """What pydantic found wrong, in Vietnamese; places as they stand in the file."""
    errors = error.errors(include_url=False)
    return [
        Finding(at, _sentence(details, _keys_around(model, at)))
        for details in errors
        for at in [_place_in_file(details["loc"])]
        if not _only_follows(details, errors)
    ]


def _only_follows(details: ErrorDetails, errors: Iterable[ErrorDetails]) -> bool:
    """Whether a list is called too short only because a row in it is wrong."""
    place = details["loc"]
    return details["type"] == "too_short" and any(
        other["loc"][: len(place)] == place and other["loc"] != place for other in errors
    )


def syntax_finding(error: tomllib.TOMLDecodeError) -> tuple[int | None, str]:
    """Line and Vietnamese sentence of what is no TOML."""
    message = str(error)
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    said = message.partition(" (at ")[0]
    words = next((vi for en, vi in _SYNTAX.items() if said.startswith(en)), f"sai cú pháp ({said})")
    if not place:
        return None, f"không phải TOML: {words}"
    return int(place[1]), f"không phải TOML: {words} (cột {place[2]})"


_SYNTAX = {
    "Expected '='": "thiếu dấu = sau tên khóa",
    "Invalid value": "giá trị không đọc được (chữ phải để trong ngoặc kép)",
    "Unclosed array": "danh sách [ … chưa có ] đóng",
    "Unclosed inline table": "bảng { … chưa có } đóng",
    "Unterminated string": "chuỗi chưa có ngoặc kép đóng",
    "Illegal character": "có ký tự không được phép, có thể chuỗi chưa đóng ngoặc kép",
    "Cannot overwrite a value": "khóa này đã viết ở trên",
    "Cannot declare": "bảng này đã khai ở trên",
    "Cannot mutate": "bảng này đã khai ở trên",
    "Expected newline": "sau giá trị còn thừa chữ trên cùng dòng",
    "Expected ']'": "đầu bảng thiếu dấu ]",
    "Invalid statement": "dòng này không phải khóa = giá trị, cũng không phải [bảng]",
}


def _sentence(error: ErrorDetails, keys: Iterable[str]) -> str:
    if error["type"] == "extra_forbidden":
        near = get_close_matches(str(error["loc"][-1]), list(keys), 1)
        return f"không có khóa này{f'; có phải ý bạn là «{near[0]}»?' if near else ''}"
    if words := _SENTENCES.get(error["type"]):
        return words(error["input"], error.get("ctx", {}))
    return f"{_expected(error['type'])}, đang là {_shown(error['input'])}"


def _not_allowed(value: Any, context: Mapping[str, Any]) -> str:
    allowed = context.get("expected") or context.get("expected_tags", "")
    chosen = context.get("tag", value)
    return f"không dùng được {_shown(chosen)}; chọn một trong: {_either(allowed)}"


_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "chỉ gồm chữ thường không dấu, số và _, bắt đầu bằng chữ",
    r"^[a-z0-9][a-z0-9-]*$": "chỉ gồm chữ thường không dấu, số và -",
    r"^[A-Za-z0-9][A-Za-z0-9+-]*$": "chỉ gồm chữ không dấu, số, + và -",
    r"^[1-9][0-9]*/[1-9][0-9]*$": 'viết phân số như "2/3"',
}

_SENTENCES: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "missing": lambda _value, _context: "thiếu khóa này",
    "enum": _not_allowed,
    "literal_error": _not_allowed,
    "union_tag_invalid": _not_allowed,
    "union_tag_not_found": lambda _value, _context: "thiếu khóa «kind»",
    "greater_than_equal": lambda value, context: (
        f"phải từ {context['ge']} trở lên, đang là {_shown(value)}"
    ),
    "less_than_equal": lambda value, context: (
        f"phải từ {context['le']} trở xuống, đang là {_shown(value)}"
    ),
    "too_short": lambda _value, context: f"cần ít nhất {context['min_length']} phần tử",
    "string_too_short": lambda _value, _context: "không được để trống",
    "string_pattern_mismatch": lambda value, context: (
        f"{_shown(value)} viết sai mẫu: {_PATTERNS.get(context['pattern'], context['pattern'])}"
    ),
}


def _expected(kind: str) -> str:
    if kind.startswith(("date", "invalid_datetime")):
        return "phải là ngày, viết YYYY-MM-DD không có ngoặc kép"
    family = kind.partition("_")[0]
    return _EXPECTED.get(family, "giá trị không dùng được")


_EXPECTED = {
    "string": "phải là chữ trong ngoặc kép",
    "int": "phải là số nguyên",
    "bool": "phải là true hoặc false",
    "tuple": "phải là danh sách [ … ] hoặc [[bảng]]",
    "dict": "phải là một [bảng]",
    "model": "phải là một [bảng]",
}


def _shown(value: Any) -> str:
    text = str(value)
    return f"«{text if len(text) <= 40 else text[:39] + '…'}»"  # noqa: PLR2004 - a cell's width


def _either(allowed: str) -> str:
    return allowed.replace("'", "").replace(" or ", ", ")


def _place_in_file(location: Sequence[str | int]) -> Location:
    """Without the words that pydantic adds for the branch of a union it tried."""
    return tuple(
        part
        for before, part in zip(("", *location), location, strict=False)
        if not (before == "passes" and part in _PASS_KINDS) and part not in _BRANCHES
    )


_PASS_KINDS = ("mean-score", "ballots", "grades", "minutes", "not-loaded")
_BRANCHES = ("constrained-int", "literal['all']", "int", "function-plain[]")


def _keys_around(model: type[BaseModel], at: Location) -> list[str]:
    """The keys that the table around a place may have."""
    keys: Mapping[str, Any] = model.model_fields
    for part in at[:-1]:
        field = keys.get(str(part))
        inner = _table_in(field.annotation) if field else None
        if inner is not None:
            keys = inner.model_fields
    return list(keys)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments = getattr(annotation, "__args__", ())
    return next((t for a in arguments if (t := _table_in(a)) is not None), None)
