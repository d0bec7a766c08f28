"""From the tables of a file, and the rulebook it extends, to the domain's rulebook."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from khcn_workflow.domain.council import (
    BallotShare,
    ByMinutes,
    CouncilRule,
    Grades,
    MeanScore,
    NotLoaded,
    Obligation,
    PassRule,
    Threshold,
)
from khcn_workflow.domain.recorders import Recorders, Roles
from khcn_workflow.domain.rules import (
    STAGE_IDS,
    Cause,
    Duty,
    Event,
    ExtensionRule,
    Field,
    Force,
    Outcome,
    Rulebook,
    Stage,
    Step,
    TimeLimit,
    Transition,
    UnreadNorm,
)
from khcn_workflow.domain.science_task import Role
from khcn_workflow.regulations.council_file import (
    BallotShareTable,
    CouncilTable,
    GradesTable,
    MeanScoreTable,
    MinutesTable,
    NotLoadedTable,
    PassTable,
    ThresholdTable,
)
from khcn_workflow.regulations.rulebook_file import (
    DutyTable,
    LimitTable,
    OutcomeTable,
    OverlayLimitTable,
    RecorderTable,
    RulebookFile,
    SideLimitTable,
    StepTable,
    UnreadNormTable,
)


def build(file: RulebookFile, base: Rulebook | None) -> Rulebook:
    """The rulebook of a checked file: its own tables after those of its base."""
    if base is None:
        base = Rulebook("", "", "", ())
    kept = _without(base, frozenset(file.drops))
    steps = [*kept.steps(), *map(_step, file.step)]
    steps = [_with_overlay(step, file) for step in steps]
    titles: dict[str, str] = {s.id: s.title for s in kept.stages} | {**file.stages}
    return replace(
        kept,
        id=file.id,
        title=file.title,
        version=file.version,
        stages=_stages(titles, steps),
        duties=(*kept.duties, *map(_duty, file.duty)),
        causes=(*kept.causes, *(Cause(c.id, c.title, c.phrase) for c in file.cause)),
        family=file.family or kept.family,
        province=file.province or kept.province,
        extends=file.extends,
        effective_from=file.effective_from or kept.effective_from,
        effective_to=file.effective_to or kept.effective_to,
        transition=_transition(file) or kept.transition,
        extension=_extension(file) or kept.extension,
        recorders=_recorders(file, kept.recorders),
        councils=(*kept.councils, *map(_council, file.council)),
        events=(*kept.events, *(Event(e.id, e.title) for e in file.event)),
        not_loaded=(*kept.not_loaded, *map(_unread, file.not_loaded)),
    )


def _without(base: Rulebook, dropped: frozenset[str]) -> Rulebook:
    """The base without the rows that do not apply in the overlay."""
    stages = tuple(
        replace(stage, steps=tuple(_without_limits(step, dropped) for step in stage.steps))
        for stage in base.stages
    )
    return replace(
        base,
        stages=stages,
        duties=tuple(duty for duty in base.duties if duty.id not in dropped),
        councils=tuple(council for council in base.councils if council.id not in dropped),
        not_loaded=tuple(norm for norm in base.not_loaded if norm.id not in dropped),
    )


def _without_limits(step: Step, dropped: frozenset[str]) -> Step:
    return replace(step, limits=tuple(lim for lim in step.limits if lim.id not in dropped))


def _stages(titles: dict[str, str], steps: Sequence[Step]) -> tuple[Stage, ...]:
    return tuple(
        Stage(key, titles[key], tuple(step for step in steps if step.stage == key))
        for key in STAGE_IDS
    )


def _with_overlay(step: Step, file: RulebookFile) -> Step:
    added = (
        *_limits_of(step, file.limit, Force.STATUTORY),
        *_limits_of(step, file.target, Force.INTERNAL),
    )
    step = replace(step, limits=(*step.limits, *added)) if added else step
    return reduce(_with_recorders, (row for row in file.recorder if row.step == step.id), step)


def _with_recorders(step: Step, row: RecorderTable) -> Step:
    roles = _roles(row.roles)
    if not row.outcome:
        return replace(step, recorders=roles)
    outcomes = (replace(o, recorders=roles) if o.id == row.outcome else o for o in step.outcomes)
    return replace(step, outcomes=tuple(outcomes))


def _limits_of(
    step: Step, rows: Iterable[OverlayLimitTable], force: Force
) -> tuple[TimeLimit, ...]:
    return tuple(_limit(row, force) for row in rows if row.step == step.id)


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
        entry=table.entry,
        recorders=_roles(table.recorders),
    )


def _outcome(table: OutcomeTable) -> Outcome:
    return Outcome(
        id=table.id,
        title=table.title,
        opens=table.opens,
        closes=table.closes,
        interim=table.interim,
        ends=table.ends,
        favourable=table.favourable,
        fields=tuple(Field(f.id, f.title, f.type, f.required) for f in table.field),
        recorders=_roles(table.recorders),
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
        in_force_by=table.in_force_by,
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
        limits=tuple(_side_limit(row, table) for row in table.limit),
    )


def _side_limit(row: SideLimitTable, duty: DutyTable) -> TimeLimit:
    return TimeLimit(
        id=row.id,
        amount=row.amount,
        unit=row.unit,
        anchor=row.anchor,
        force=Force.STATUTORY,
        article=duty.article,
        owner=row.owner or duty.owner,
        direction=row.direction,
        levels=frozenset(duty.levels),
        in_force_from=duty.in_force_from,
        in_force_until=duty.in_force_until,
    )


def _transition(file: RulebookFile) -> Transition | None:
    if file.transition is None:
        return None
    return Transition(file.transition.decides, file.transition.text, file.transition.article)


def _extension(file: RulebookFile) -> ExtensionRule | None:
    return ExtensionRule(**file.extension.model_dump()) if file.extension else None


def _recorders(file: RulebookFile, inherited: Recorders) -> Recorders:
    """What the file says; the rest as in its base."""
    given = file.recorders.model_dump(exclude_none=True) if file.recorders else {}
    return replace(inherited, **{name: _roles(roles) for name, roles in given.items()})


def _roles(names: Iterable[str] | None) -> Roles:
    return tuple(map(Role, names or ()))


def _unread(table: UnreadNormTable) -> UnreadNorm:
    return UnreadNorm(
        id=table.id,
        norm=table.norm,
        note=table.note,
        steps=table.steps,
        levels=frozenset(table.levels),
        in_force_from=table.in_force_from,
        in_force_until=table.in_force_until,
    )


def _council(table: CouncilTable) -> CouncilRule:
    return CouncilRule(
        id=table.id,
        step=table.step,
        title=table.title,
        article=table.article,
        passes=_passes(table.passes),
        size_min=table.size_min,
        size_max=table.size_max,
        quorum=Fraction(table.quorum or 0),
        obligations=tuple(
            Obligation(frozenset(o.seats), None if o.count == "all" else o.count)
            for o in table.obliged
        ),
        documents=table.documents,
        all_reviews=table.all_reviews,
        levels=frozenset(table.levels),
        in_force_from=table.in_force_from,
        in_force_until=table.in_force_until,
    )


def _passes(table: PassTable) -> PassRule:
    match table:
        case MeanScoreTable():
            return _mean_score(table)
        case BallotShareTable():
            return BallotShare(tuple(map(_threshold, table.thresholds)))
        case GradesTable():
            return Grades(_threshold(table.excellent), _threshold(table.failed))
        case MinutesTable():
            return ByMinutes()
        case NotLoadedTable():
            return NotLoaded()


def _mean_score(table: MeanScoreTable) -> MeanScore:
    return MeanScore(
        minimum=table.minimum,
        out_of=table.out_of,
        zero_share=Fraction(table.zero_share) if table.zero_share else None,
        void_beyond_percent=table.void_beyond_percent,
        proposer_bonus_percent=table.proposer_bonus_percent,
        scales=table.scales,
    )


def _threshold(table: ThresholdTable) -> Threshold:
    return Threshold(Fraction(table.share), table.of, table.more_than)
