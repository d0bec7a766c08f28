"""Tồn tại, hạn chế: which steps are late at the cut-off, by how much, and why (H.3)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain.calendar import CalendarHorizonError
from khcn_workflow.domain.progress import StepRound
from khcn_workflow.domain.rules import Force, Rulebook
from khcn_workflow.reports.cohorts import cohort_of, label
from khcn_workflow.reports.figures import Counting, Figure, counted
from khcn_workflow.reports.report_input import Dossier, Due, ReportInput


@dataclass(frozen=True, slots=True, order=True)
class CausePhrase:
    """A recorded cause as it stands after "do", in the rulebook's order."""

    rank: int
    words: str


@dataclass(frozen=True, slots=True)
class LateStep:
    """One round of a step that is overdue, or that was closed late in the period.

    Attributes:
        stage: The stage the step belongs to.
        order: Place of the step in its rulebook, for sorting.
        noun: The step inside a sentence ("tổ chức thẩm định").
        cohort: The task's group in words ("bổ sung năm 2018").
        force: Law, or the Department's own target; the two are worded apart.
        owner: Whose clock ran.
        closed_on: When it was done after all, None while still owed.
        working_days_late: Up to the result, or up to the report's day.
        causes: From recorded delays only; empty when nobody recorded one.
        commitment: The last promise that was recorded, None without one.
    """

    code: str
    step: str
    stage: str
    order: int
    title: str
    noun: str
    cohort: str
    force: Force
    owner: str
    article: str
    due_on: date
    closed_on: date | None
    working_days_late: int
    causes: tuple[CausePhrase, ...]
    commitment: date | None

    @property
    def is_open(self) -> bool:
        """Whether the step is still owed."""
        return self.closed_on is None

    @property
    def is_ours(self) -> bool:
        """Whether the clock is the administration's, not the host organisation's."""
        owner = self.owner.lower()
        return "sở" in owner or not ("chủ trì" in owner or "chủ nhiệm" in owner)


@dataclass(frozen=True, slots=True)
class Lateness:
    """All late steps, and the tasks for which a due date could not be derived.

    Attributes:
        undetermined: Codes of tasks with a deadline outside the calendar.
    """

    steps: tuple[LateStep, ...]
    undetermined: tuple[str, ...] = ()


def lateness(report_input: ReportInput) -> Lateness:
    """Every round that is overdue and open, or was closed in the period after its due date."""
    steps: list[LateStep] = []
    undetermined: set[str] = set()
    for dossier in report_input.dossiers:
        for owed in _in_question(dossier, report_input):
            try:
                found = _late_step(dossier, owed, report_input)
            except CalendarHorizonError:
                undetermined.add(dossier.task.code)
            else:
                steps += [found] if found else []
    steps.sort(key=lambda late: (late.order, late.code, late.due_on))
    return Lateness(tuple(steps), tuple(sorted(undetermined)))


def late_figures(late: Lateness) -> Iterator[Figure]:
    """How many tasks are late, by whose clock and by which force, and the longest delay."""
    for figure_id, title, wanted in _COUNTS:
        yield counted(figure_id, title, _codes([s for s in late.steps if wanted(s)]))
    yield from _promised(late.steps)
    for figure_id, title, wanted in _LONGEST:
        yield _longest(figure_id, title, [s for s in late.steps if wanted(s)])
    title = "Nhiệm vụ có thời hạn nằm ngoài lịch làm việc đã nạp"
    yield counted("late_undetermined", title, late.undetermined)


def _promised(steps: Sequence[LateStep]) -> Iterator[Figure]:
    """Tasks with a late step still owed, by the month it is promised for, or for none."""
    owed = [step for step in steps if step.is_open]
    months = sorted({step.commitment.replace(day=1) for step in owed if step.commitment})
    for month in months:
        due = [s for s in owed if s.commitment and s.commitment.replace(day=1) == month]
        title = f"Nhiệm vụ chậm được cam kết hoàn thành trong tháng {month.month}/{month.year}"
        yield counted(promised_id(month), title, _codes(due))
    title = "Nhiệm vụ có bước chậm chưa ghi mốc cam kết"
    yield counted("late_no_promise", title, _codes([s for s in owed if not s.commitment]))


def promised_id(month: date) -> str:
    """Id of the figure that counts what is promised for a month."""
    return f"late_promised_{month:%Y_%m}"


def _is_law(step: LateStep) -> bool:
    return step.is_ours and step.force is Force.STATUTORY


def _is_target(step: LateStep) -> bool:
    return step.is_ours and step.force is Force.INTERNAL


_COUNTS: tuple[tuple[str, str, Callable[[LateStep], bool]], ...] = (
    ("late_all", "Nhiệm vụ có bước chậm trong kỳ", lambda _: True),
    ("late_statutory", "Nhiệm vụ có bước quá thời hạn luật định", _is_law),
    ("late_internal", "Nhiệm vụ có bước chậm so với mục tiêu nội bộ", _is_target),
    ("late_host", "Nhiệm vụ tổ chức chủ trì chậm", lambda step: not step.is_ours),
    ("late_open", "Nhiệm vụ đang có bước chậm", lambda step: step.is_open),
    ("late_no_cause", "Nhiệm vụ có bước chậm chưa ghi nguyên nhân", lambda step: not step.causes),
)

_LONGEST: tuple[tuple[str, str, Callable[[LateStep], bool]], ...] = (
    ("late_statutory_days", "Số ngày làm việc quá thời hạn luật định nhiều nhất", _is_law),
    ("late_internal_days", "Số ngày làm việc chậm mục tiêu nội bộ nhiều nhất", _is_target),
    ("late_host_days", "Số ngày làm việc tổ chức chủ trì chậm nhiều nhất", lambda s: not s.is_ours),
)


def _in_question(dossier: Dossier, report_input: ReportInput) -> Iterator[StepRound]:
    first, last = report_input.period.first, report_input.until
    for owed in dossier.progress.rounds:
        closed = owed.closed_on
        if closed is None or (owed.outcome and first <= closed <= last):
            yield owed


def _late_step(dossier: Dossier, owed: StepRound, report_input: ReportInput) -> LateStep | None:
    due = dossier.due(owed, report_input.calendar)
    reached = owed.closed_on or report_input.as_of
    if due is None or reached <= due.on:
        return None
    days = report_input.calendar.count(due.on, reached)
    return _described(dossier, owed, due, days, report_input) if days > 0 else None


def _described(
    dossier: Dossier, owed: StepRound, due: Due, days: int, report_input: ReportInput
) -> LateStep:
    step = dossier.rulebook.step(owed.step)
    promises = [delay.commitment for delay in owed.delays if delay.commitment]
    return LateStep(
        code=dossier.task.code,
        step=step.id,
        stage=step.stage,
        order=dossier.rulebook.order(step.id),
        title=step.title,
        noun=step.noun or step.title[:1].lower() + step.title[1:],
        cohort=label(cohort_of(dossier, report_input.period), dossier.task.plan_year),
        force=due.limit.force,
        owner=due.limit.owner,
        article=due.limit.article,
        due_on=due.on,
        closed_on=owed.closed_on,
        working_days_late=days,
        causes=_causes(owed, dossier.rulebook),
        commitment=promises[-1] if promises else None,
    )


def _causes(owed: StepRound, rulebook: Rulebook) -> tuple[CausePhrase, ...]:
    ranks = {cause.id: rank for rank, cause in enumerate(rulebook.causes)}
    found = {
        CausePhrase(ranks.get(delay.cause, len(ranks)), rulebook.cause_phrase(delay.cause))
        for delay in owed.delays
        if delay.cause
    }
    return tuple(sorted(found))


def _codes(steps: Sequence[LateStep]) -> list[str]:
    return sorted({step.code for step in steps})


def _longest(figure_id: str, title: str, steps: Sequence[LateStep]) -> Figure:
    longest = max((step.working_days_late for step in steps), default=0)
    codes = tuple(_codes([step for step in steps if step.working_days_late == longest]))
    return Figure(
        figure_id,
        title,
        longest,
        rows=codes,
        amounts=(longest,) * len(codes),
        counting=Counting.MOST,
    )
