"""Bộ quy định: list them, show one, check a file, compare two."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from khcn_workflow.context import Context
from khcn_workflow.domain.recorders import roles_in_words
from khcn_workflow.domain.rules import (
    Duty,
    Force,
    LimitStatus,
    Rulebook,
    Stage,
    Step,
    TimeLimit,
    UnreadNorm,
)
from khcn_workflow.regulations.rulebook_differences import Difference, differences
from khcn_workflow.regulations.rulebook_reader import (
    CheckedFile,
    check_file,
    read_rulebook,
    rulebook_of,
)
from khcn_workflow.regulations.rulebook_words import (
    extension_words,
    level_words,
    limit_words,
    pass_words,
    quorum_words,
    recorders_words,
    size_words,
    window_words,
)


@dataclass(frozen=True, slots=True)
class RulebookLine:
    """One line of the list.

    Attributes:
        limits: Limits of the law that are loaded.
        targets: Internal targets.
        not_loaded: Norms that have not been read.
        tasks: Tasks that are pinned to it.
    """

    id: str
    title: str
    version: str
    family: str
    province: str
    extends: str
    effective_from: date | None
    effective_to: date | None
    steps: int
    limits: int
    targets: int
    not_loaded: int
    tasks: int


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit in words, with what it rests on and when it is in force."""

    id: str
    words: str
    force: str
    article: str
    owner: str
    levels: str
    in_force: str


@dataclass(frozen=True, slots=True)
class StepStory:
    """A step with its limits.

    Attributes:
        status: In words: the law's limit is loaded, absent, or not read yet (for a time).
        outcomes: Id → title.
        recorders: Outcome's title → who records it, where it is not as the rulebook's default.
    """

    id: str
    title: str
    decided_by: str
    document: str
    status: str
    limits: tuple[LimitLine, ...]
    outcomes: Mapping[str, str]
    recorders: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StageStory:
    """A stage with its steps."""

    id: str
    title: str
    steps: tuple[StepStory, ...]


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A rule beside a step, with the side limits that can be computed."""

    id: str
    step: str
    text: str
    article: str
    owner: str
    levels: str
    in_force: str
    limits: tuple[LimitLine, ...]


@dataclass(frozen=True, slots=True)
class CouncilLine:
    """A council's rule in words."""

    id: str
    step: str
    title: str
    size: str
    quorum: str
    passes: str
    documents: str
    article: str
    levels: str
    in_force: str


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A norm that has not been read, in words."""

    id: str
    norm: str
    note: str
    steps: tuple[str, ...]
    levels: str
    in_force: str


@dataclass(frozen=True, slots=True)
class RulebookStory:
    """One rulebook with all that it says.

    Attributes:
        recorders: What is recorded → by which roles.
    """

    line: RulebookLine
    transition: str
    transition_article: str
    decided_by: str
    extension: str
    recorders: Mapping[str, str]
    stages: tuple[StageStory, ...]
    duties: tuple[DutyLine, ...]
    councils: tuple[CouncilLine, ...]
    not_loaded: tuple[UnreadLine, ...]


def list_rulebooks(context: Context) -> list[RulebookLine]:
    """All rulebooks: of a family one after the other in time, overlays after their base."""
    pinned = Counter(context.work.queries.task_rulebooks().values())
    lines = [_line(rulebook, pinned[rulebook.id]) for rulebook in context.rulebooks.values()]
    return sorted(
        lines, key=lambda line: (line.family, line.effective_from or date.min, line.province)
    )


def show_rulebook(context: Context, rulebook_id: str) -> RulebookStory:
    """One rulebook.

    Raises:
        NotFoundError: There is none of that id; the sentence lists those there are.
    """
    rulebook = rulebook_of(context.rulebooks, rulebook_id)
    pinned = Counter(context.work.queries.task_rulebooks().values())
    transition = rulebook.transition
    return RulebookStory(
        line=_line(rulebook, pinned[rulebook.id]),
        transition=transition.text if transition else "",
        transition_article=transition.article if transition else "",
        decided_by=transition.decides.label if transition else "",
        extension=extension_words(rulebook.extension),
        recorders=dict(recorders_words(rulebook.recorders)),
        stages=tuple(_stage(stage, rulebook) for stage in rulebook.stages),
        duties=tuple(_duty(duty, rulebook) for duty in rulebook.duties),
        councils=_councils(rulebook),
        not_loaded=tuple(map(_unread, rulebook.not_loaded)),
    )


def check_rulebook(context: Context, path: Path) -> CheckedFile:
    """Everything wrong and everything doubtful in a file; nothing is taken over from it."""
    return check_file(path, context.rulebooks)


def compare_rulebooks(context: Context, a: str, b: str) -> tuple[Difference, ...]:
    """What two rulebooks say differently; each is an id, or the path of a .toml file.

    Raises:
        NotFoundError: There is no rulebook of that id.
        RulebookFileError: The file cannot be used.
    """
    return differences(_either(context, a), _either(context, b))


def _either(context: Context, name: str) -> Rulebook:
    if name.endswith(".toml"):
        return read_rulebook(Path(name), context.rulebooks)
    return rulebook_of(context.rulebooks, name)


def _line(rulebook: Rulebook, tasks: int) -> RulebookLine:
    limits = [limit for step in rulebook.steps() for limit in step.limits]
    return RulebookLine(
        id=rulebook.id,
        title=rulebook.title,
        version=rulebook.version,
        family=rulebook.family,
        province=rulebook.province,
        extends=rulebook.extends,
        effective_from=rulebook.effective_from,
        effective_to=rulebook.effective_to,
        steps=sum(1 for _ in rulebook.steps()),
        limits=sum(limit.force is Force.STATUTORY for limit in limits),
        targets=sum(limit.force is Force.INTERNAL for limit in limits),
        not_loaded=len(rulebook.not_loaded),
        tasks=tasks,
    )


def _stage(stage: Stage, rulebook: Rulebook) -> StageStory:
    return StageStory(stage.id, stage.title, tuple(_step(step, rulebook) for step in stage.steps))


def _step(step: Step, rulebook: Rulebook) -> StepStory:
    return StepStory(
        id=step.id,
        title=step.title,
        decided_by=step.decided_by,
        document=step.document,
        status=_status(step, rulebook),
        limits=tuple(_limit(limit, rulebook) for limit in step.limits),
        outcomes={outcome.id: outcome.title for outcome in step.outcomes},
        recorders={
            outcome.title: roles_in_words(outcome.recorders or step.recorders)
            for outcome in step.outcomes
            if outcome.recorders or step.recorders
        },
    )


def _status(step: Step, rulebook: Rulebook) -> str:
    """The state of the law's limit over all time, with the norms that are missing."""
    unread = [norm for norm in rulebook.not_loaded if step.id in norm.steps]
    missing = "; ".join(
        f"{LimitStatus.NOT_LOADED.label}: {norm.norm}"
        + (f" ({when})" if (when := window_words(norm.in_force_from, norm.in_force_until)) else "")
        for norm in unread
    )
    if missing:
        return missing
    loaded = any(limit.force is Force.STATUTORY for limit in step.limits)
    return (LimitStatus.LOADED if loaded else LimitStatus.NO_LIMIT).label


def _limit(limit: TimeLimit, rulebook: Rulebook) -> LimitLine:
    return LimitLine(
        id=limit.id,
        words=limit_words(limit, rulebook),
        force=limit.force.label,
        article=limit.article,
        owner=limit.owner,
        levels=level_words(limit.levels),
        in_force=window_words(limit.in_force_from, limit.in_force_until),
    )


def _duty(duty: Duty, rulebook: Rulebook) -> DutyLine:
    return DutyLine(
        id=duty.id,
        step=rulebook.step(duty.step).title,
        text=duty.text,
        article=duty.article,
        owner=duty.owner,
        levels=level_words(duty.levels),
        in_force=window_words(duty.in_force_from, duty.in_force_until),
        limits=tuple(_limit(limit, rulebook) for limit in duty.limits),
    )


def _councils(rulebook: Rulebook) -> tuple[CouncilLine, ...]:
    papers = {
        duty.id: limit_words(duty.limits[0], rulebook) for duty in rulebook.duties if duty.limits
    }
    return tuple(
        CouncilLine(
            id=council.id,
            step=rulebook.step(council.step).title,
            title=council.title,
            size=size_words(council),
            quorum=quorum_words(council),
            passes=pass_words(council.passes),
            documents=papers.get(council.documents, ""),
            article=council.article,
            levels=level_words(council.levels),
            in_force=window_words(council.in_force_from, council.in_force_until),
        )
        for council in rulebook.councils
    )


def _unread(norm: UnreadNorm) -> UnreadLine:
    return UnreadLine(
        id=norm.id,
        norm=norm.norm,
        note=norm.note,
        steps=norm.steps,
        levels=level_words(norm.levels),
        in_force=window_words(norm.in_force_from, norm.in_force_until),
    )
