"""Reads rulebook files into the domain's tables and names what is wrong with them."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.domain.rules import Rulebook
from khcn_workflow.regulations.rulebook_building import build
from khcn_workflow.regulations.rulebook_checks import doubts, mistakes
from khcn_workflow.regulations.rulebook_file import RulebookFile
from khcn_workflow.regulations.rulebook_problems import (
    Finding,
    Problem,
    RulebookFileError,
    shape_findings,
    syntax_finding,
)
from khcn_workflow.regulations.toml_lines import Location, line_of, lines_of

PACKAGED = Path(__file__).parent / "rulebooks"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a check of one file came to.

    Attributes:
        problems: Why it cannot be used, in the order of its lines; empty when it can.
        warnings: What can be used but looks like a mistake.
        rulebook: What it says; None while it has problems.
    """

    path: Path
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    rulebook: Rulebook | None


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as read: its data, and the shape pydantic made of it."""

    path: Path
    raw: Mapping[str, Any]
    lines: Mapping[Location, int]
    table: RulebookFile | None
    shape: tuple[Problem, ...]

    @property
    def id(self) -> str:
        """The rulebook's id; the file's name where it gives none."""
        return str(self.raw.get("id", self.path.stem))

    @property
    def extends(self) -> str:
        """The id of the base; empty without one."""
        return str(self.raw.get("extends", ""))


@lru_cache(maxsize=8)
def load_rulebooks(extra: Path | None = None) -> Mapping[str, Rulebook]:
    """All rulebooks by id: the packaged ones, then those of the Department's own folder.

    One of the Department's own takes the place of a packaged one with its id.

    Raises:
        RulebookFileError: Files cannot be used; names each file, line and key.
    """
    sources = _by_id(sorted(PACKAGED.glob("*.toml")))
    if extra is not None and extra.is_dir():
        sources |= _by_id(sorted(extra.glob("*.toml")))
    checked = _check_all(sources)
    problems = [problem for file in checked.values() for problem in file.problems]
    if problems:
        raise RulebookFileError(problems[0].path, problems)
    built = {key: checked[key].rulebook for key in sources}
    return {key: rulebook for key, rulebook in built.items() if rulebook is not None}


def rulebook_of(rulebooks: Mapping[str, Rulebook], rulebook_id: str) -> Rulebook:
    """The rulebook of that id.

    Raises:
        NotFoundError: There is none; the sentence lists those there are.
    """
    if rulebook_id not in rulebooks:
        raise NotFoundError("bộ quy định", rulebook_id, f"Hiện có: {', '.join(rulebooks)}.")
    return rulebooks[rulebook_id]


def check_file(path: Path, rulebooks: Mapping[str, Rulebook]) -> CheckedFile:
    """Everything wrong and everything doubtful in one file, all at once.

    Args:
        rulebooks: Those it may extend, by id.
    """
    return _check(_read(path), rulebooks)


def read_rulebook(path: Path, rulebooks: Mapping[str, Rulebook]) -> Rulebook:
    """The rulebook of one file, such as a draft that is to be tried.

    Raises:
        RulebookFileError: It cannot be used; names each line and key.
    """
    checked = check_file(path, rulebooks)
    if checked.rulebook is None:
        raise RulebookFileError(path, checked.problems)
    return checked.rulebook


def load_draft(path: Path, extra: Path | None = None) -> Rulebook:
    """As `read_rulebook`, beside the packaged rulebooks and the Department's own.

    Raises:
        RulebookFileError: It, or one of the others, cannot be used.
    """
    return read_rulebook(path, load_rulebooks(extra))


def _by_id(paths: Iterable[Path]) -> dict[str, _Source]:
    sources: dict[str, _Source] = {}
    for source in map(_read, paths):
        if source.id in sources:
            other = sources[source.id].path.name
            raise RulebookFileError(
                source.path, [_problem(source, Finding(("id",), f"mã này đã có ở tệp {other}"))]
            )
        sources[source.id] = source
    return sources


def _check_all(sources: Mapping[str, _Source]) -> dict[str, CheckedFile]:
    """Each file after the one it extends; those in a circle are told and left alone."""
    checked: dict[str, CheckedFile] = {}
    waiting = dict(sources)
    while waiting:
        ready = [key for key, source in waiting.items() if source.extends not in waiting]
        if not ready:
            return checked | {key: _circular(source, sources) for key, source in waiting.items()}
        for key in ready:
            known = {k: c.rulebook for k, c in checked.items() if c.rulebook is not None}
            broken = {k for k, c in checked.items() if c.rulebook is None}
            checked[key] = _check(waiting.pop(key), known, broken)
    return checked


def _circular(source: _Source, sources: Mapping[str, _Source]) -> CheckedFile:
    chain, at = [source.id], source.extends
    while at not in chain:
        chain.append(at)
        at = sources[at].extends
    finding = Finding(("extends",), f"bộ gốc quay vòng: {' → '.join((*chain, at))}")
    return CheckedFile(source.path, (*source.shape, _problem(source, finding)), (), None)


def _read(path: Path) -> _Source:
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except OSError as error:
        return _unread(path, None, f"không mở được tệp ({error.strerror})")
    except UnicodeDecodeError:
        return _unread(path, None, "không phải văn bản UTF-8")
    except tomllib.TOMLDecodeError as error:
        return _unread(path, *syntax_finding(error))
    if not raw:
        return _unread(path, None, "tệp trống")
    lines = lines_of(text)
    try:
        return _Source(path, raw, lines, RulebookFile.model_validate(raw), ())
    except ValidationError as error:
        source = _Source(path, raw, lines, None, ())
        shape = [_problem(source, found) for found in shape_findings(error, RulebookFile)]
        return _Source(path, raw, lines, None, tuple(shape))


def _unread(path: Path, line: int | None, text: str) -> _Source:
    return _Source(path, {}, {}, None, (Problem(path, line, "", text),))


def _check(
    source: _Source, rulebooks: Mapping[str, Rulebook], broken: Iterable[str] = ()
) -> CheckedFile:
    base = rulebooks.get(source.extends)
    if not source.raw or (source.extends and base is None):
        return CheckedFile(source.path, _baseless(source, rulebooks, broken), (), None)
    wrong = [_problem(source, found) for found in mistakes(source.raw, base)]
    problems = _in_order([*source.shape, *wrong])
    warnings = _in_order([_problem(source, found) for found in doubts(source.raw, base)])
    if problems or source.table is None:
        return CheckedFile(source.path, problems, warnings, None)
    return CheckedFile(source.path, (), warnings, build(source.table, base))


def _baseless(
    source: _Source, rulebooks: Mapping[str, Rulebook], broken: Iterable[str]
) -> tuple[Problem, ...]:
    """A file that could not be read, or whose base is unknown or itself unusable."""
    if not source.raw:
        return source.shape
    why = "chưa dùng được" if source.extends in broken else "không có"
    text = f"bộ gốc «{source.extends}» {why}; hiện có: {', '.join(rulebooks)}"
    return _in_order([*source.shape, _problem(source, Finding(("extends",), text))])


def _problem(source: _Source, found: Finding) -> Problem:
    key = ".".join(str(part) for part in found.at)
    return Problem(source.path, line_of(source.lines, found.at), key, found.text)


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))
