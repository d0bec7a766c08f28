"""Reads rulebook files into the domain's tables and names what is wrong with them."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from khcn_workflow.domain.errors import KhcnError, NotFoundError
from khcn_workflow.domain.rules import (
    OPENED,
    STAGE_IDS,
    Cause,
    Duty,
    Field,
    Force,
    Outcome,
    Rulebook,
    Stage,
    Step,
    TimeLimit,
)
from khcn_workflow.regulations.rulebook_file import (
    DutyTable,
    LimitTable,
    OutcomeTable,
    RulebookFile,
    StepTable,
    TargetTable,
)

PACKAGED = Path(__file__).parent / "rulebooks"


class RulebookFileError(KhcnError):
    """A rulebook file cannot be used."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        self.path, self.problems = path, tuple(problems)
        super().__init__(f"Bộ quy định {path.name} chưa dùng được: {'; '.join(problems)}.")


@lru_cache(maxsize=8)
def load_rulebooks(extra: Path | None = None) -> Mapping[str, Rulebook]:
    """All rulebooks by id: the packaged ones, then those of the Department's own folder.

    Raises:
        RulebookFileError: A file cannot be read; names the file and each bad key.
    """
    paths = sorted(PACKAGED.glob("*.toml"))
    if extra is not None and extra.is_dir():
        paths += sorted(extra.glob("*.toml"))
    files = {file.id: (path, file) for path in paths for file in [read_file(path)]}
    return {key: _rulebook(path, file, files) for key, (path, file) in files.items()}


def rulebook_of(rulebooks: Mapping[str, Rulebook], rulebook_id: str) -> Rulebook:
    """The rulebook of that id.

    Raises:
        NotFoundError: There is none; the sentence lists those there are.
    """
    if rulebook_id not in rulebooks:
        raise NotFoundError("bộ quy định", rulebook_id, f"Hiện có: {', '.join(rulebooks)}.")
    return rulebooks[rulebook_id]


def read_file(path: Path) -> RulebookFile:
    """One file, checked key by key.

    Raises:
        RulebookFileError: It is not TOML, or a key is missing, unknown or unusable.
    """
    try:
        return RulebookFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise RulebookFileError(path, [f"không phải TOML ({error})"]) from error
    except ValidationError as error:
        problems = [
            f"khóa «{'.'.join(str(part) for part in e['loc'])}»: {e['msg']}" for e in error.errors()
        ]
        raise RulebookFileError(path, problems) from error


def _rulebook(
    path: Path, file: RulebookFile, files: Mapping[str, tuple[Path, RulebookFile]]
) -> Rulebook:
    base = _base(path, file, files)
    steps = [*base.steps(), *map(_step, file.step)] if base else list(map(_step, file.step))
    steps = [_with_targets(step, file.target) for step in steps]
    titles: dict[str, str] = {s.id: s.title for s in base.stages} if base else {}
    titles.update({str(stage): title for stage, title in file.stages.items()})
    _check(path, steps, titles, file)
    duties = map(_duty, file.duty)
    causes = [Cause(c.id, c.title, c.phrase) for c in file.cause]
    return Rulebook(
        file.id,
        file.title,
        file.version,
        tuple(
            Stage(key, titles[key], tuple(s for s in steps if s.stage == key)) for key in STAGE_IDS
        ),
        (*(base.duties if base else ()), *duties),
        (*(base.causes if base else ()), *causes),
    )


def _base(
    path: Path, file: RulebookFile, files: Mapping[str, tuple[Path, RulebookFile]]
) -> Rulebook | None:
    if not file.extends:
        return None
    if file.extends not in files:
        raise RulebookFileError(path, [f"khóa «extends»: không có bộ «{file.extends}»"])
    return _rulebook(*files[file.extends], files)


def _step(table: StepTable) -> Step:
    return Step(
        id=table.id,
        stage=table.stage,
        title=table.title,
        decided_by=table.decided_by,
        document=table.document,
        outcomes=tuple(map(_outcome, table.outcome)),
        limits=tuple(_limit(row, Force.STATUTORY) for row in table.limit),
        requires=table.requires,
        noun=table.noun or table.title[:1].lower() + table.title[1:],
    )


def _outcome(table: OutcomeTable) -> Outcome:
    fields = tuple(Field(f.id, f.title, f.type, f.required) for f in table.field)
    return Outcome(
        table.id,
        table.title,
        table.opens,
        table.closes,
        table.interim,
        table.ends,
        table.favourable,
        fields,
    )


def _limit(table: LimitTable, force: Force) -> TimeLimit:
    return TimeLimit(
        id=table.id,
        amount=table.amount,
        unit=table.unit,
        anchor=table.anchor,
        force=force,
        article=table.article,
        owner=table.owner,
        direction=table.direction,
        every=table.every,
        levels=frozenset(table.levels),
        in_force_from=table.in_force_from,
        in_force_until=table.in_force_until,
    )


def _duty(table: DutyTable) -> Duty:
    return Duty(
        id=table.id,
        step=table.step,
        text=table.text,
        article=table.article,
        owner=table.owner,
        levels=frozenset(table.levels),
        in_force_from=table.in_force_from,
        in_force_until=table.in_force_until,
    )


def _with_targets(step: Step, targets: Iterable[TargetTable]) -> Step:
    added = tuple(_limit(target, Force.INTERNAL) for target in targets if target.step == step.id)
    return replace(step, limits=(*step.limits, *added)) if added else step


def _check(
    path: Path, steps: Sequence[Step], titles: Mapping[str, str], file: RulebookFile
) -> None:
    known = {step.id for step in steps}
    problems = [f"khóa «stages»: thiếu giai đoạn «{s}»" for s in STAGE_IDS if s not in titles]
    for step in steps:
        named = {*step.requires, *(s for o in step.outcomes for s in o.opens)}
        named |= {lim.anchor.partition(".")[0] for lim in step.limits if lim.anchor != OPENED}
        problems += [f"bước «{step.id}» nhắc bước không có «{n}»" for n in sorted(named - known)]
    named = {*(d.step for d in file.duty), *(t.step for t in file.target)}
    problems += [
        f"[[duty]] hoặc [[target]] nhắc bước không có «{n}»" for n in sorted(named - known)
    ]
    if problems:
        raise RulebookFileError(path, problems)
