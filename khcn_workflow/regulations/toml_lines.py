"""Finds the line of a key or table in a TOML text, which tomllib does not tell."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Location: TypeAlias = tuple[str | int, ...]
"""As pydantic has it: ("step", 3, "limit", 0, "amount")."""

_NAME = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"^\s*({_DOTTED})\s*=")
_TRIPLE = re.compile(r"\"\"\"|'''")


def lines_of(text: str) -> Mapping[Location, int]:
    """The line, from 1, of each table header and each key at the start of a line."""
    lines: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    table: Location = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        started_inside, inside = bool(inside), _string_left_open(line, inside)
        if started_inside:
            continue
        if header := _HEADER.match(line):
            table = _opened(_split(header[2]), counts, is_array=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_split(key[1])), number)
    return lines


def line_of(lines: Mapping[Location, int], location: Sequence[str | int]) -> int | None:
    """The line of the nearest thing around a location; None for the whole file."""
    for length in range(len(location), 0, -1):
        if found := lines.get(tuple(location[:length])):
            return found
    return None


def _opened(
    names: Sequence[str], counts: dict[Location, int], *, is_array: bool
) -> tuple[str | int, ...]:
    """The location of a table whose header was met, the array's next place counted."""
    at: Location = ()
    for name in names[:-1]:
        at = (*at, name)
        if at in counts:
            at = (*at, counts[at] - 1)
    at = (*at, names[-1])
    if not is_array:
        return at
    counts[at] = counts.get(at, 0) + 1
    return (*at, counts[at] - 1)


def _split(dotted: str) -> list[str]:
    return [name.strip("\"'") for name in re.findall(_NAME, dotted)]


def _string_left_open(line: str, inside: str) -> str:
    """The triple quote that is open at the end of the line; empty outside of strings."""
    for mark in _TRIPLE.findall(line):
        if not inside:
            inside = mark
        elif mark == inside:
            inside = ""
    return inside
