"""Văn bản: letters, invitations, decisions, notices and sheets drafted from a task's facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import KhcnError, StepNotOpenError
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.rules import body_named_by, is_hosts
from khcn_workflow.paper_facts import paper_facts
from khcn_workflow.reports.paper import Paper
from khcn_workflow.reports.paper_template import PaperTemplate, load_templates, template_of
from khcn_workflow.reports.paper_writing import hints, write_paper
from khcn_workflow.reports.writer import (
    WORD,
    ReportFormatError,
    starting_layout,
    write_bytes,
    write_paper_file,
)

SOON = timedelta(days=30)
"""How far ahead a reminder to a host looks by itself; not a limit of the law."""


class PaperDoesNotFitError(KhcnError):
    """A paper was asked about a task in which nothing is owed that it could be about."""

    def __init__(
        self, template: PaperTemplate, code: str, wanted: Sequence[str], waiting: Sequence[str]
    ) -> None:
        self.template, self.code = template, code
        wants = f"bước {' hoặc '.join(wanted)}" if wanted else "việc mà tổ chức chủ trì còn nợ"
        super().__init__(
            f"Chưa soạn được «{template.title}» cho {code}: mẫu này cần {wants}; nhiệm vụ đang "
            f"chờ {', '.join(waiting) or 'không bước nào'}."
        )


class UnknownGivenError(KhcnError):
    """Something was told for a paper that its template has no place for."""

    def __init__(self, template: PaperTemplate, name: str) -> None:
        self.name = name
        known = "; ".join(f"{key} ({what})" for key, what in template.given.items())
        super().__init__(
            f"«{template.title}» không có chỗ điền «{name}». Điền được: {known or 'không gì cả'}."
        )


@dataclass(frozen=True, slots=True)
class Drafted:
    """A paper as drafted, with what the law wants of it."""

    paper: Paper
    title: str
    hints: tuple[str, ...]
    path: Path | None = None


def list_papers(context: Context) -> list[PaperTemplate]:
    """Every kind of paper, the Department's own among them.

    Raises:
        PaperTemplateError: A template cannot be used.
    """
    return list(load_templates(context.settings.own_templates).values())


def start_template(context: Context, path: Path) -> None:
    """Write our own Word layout as a template that the Department changes in Word.

    Raises:
        ReportFormatError: It is not to be a .docx.
        ReportFileError: It cannot be written there.
    """
    if path.suffix.lower() != WORD:
        raise ReportFormatError(path, [WORD])
    write_bytes(path, starting_layout(context.agency, context.today))


def draft_paper(
    context: Context,
    kind: str,
    code: str,
    step: str = "",
    given: Mapping[str, str] | None = None,
    path: Path | None = None,
) -> Drafted:
    """Draft a paper about a task, and write it where a path says so; nothing is recorded.

    Args:
        step: Id of the open step it is about; by default the first that it fits.
        given: What the ledger cannot know, by the names that the template has.
        path: A file whose suffix names the form.

    Raises:
        NotFoundError: There is no such paper or task.
        StepNotOpenError: The step is not owed.
        PaperDoesNotFitError: Nothing is owed that the paper could be about.
        UnknownGivenError: The template has no place for something given.
        PaperTemplateError: The template cannot be used.
    """
    template = template_of(kind, context.settings.own_templates)
    told = _given(template, given or {})
    progress = context.progress(code)
    owed = _owed(context, template, progress, step)
    facts = paper_facts(context, progress, owed, told)
    paper = write_paper(template, facts, context.agency, context.today)
    if path is not None:
        write_paper_file(paper, path, kind, context.settings.own_templates)
    return Drafted(paper, template.title, hints(template, facts), path)


def _given(template: PaperTemplate, given: Mapping[str, str]) -> dict[str, str]:
    for name in given:
        if name not in template.given:
            raise UnknownGivenError(template, name)
    return {name: given.get(name, "").strip() for name in template.given}


def _owed(
    context: Context, template: PaperTemplate, progress: Progress, step: str
) -> tuple[StepRound, ...]:
    """The open rounds that the paper is about, the first the main one."""
    open_rounds = progress.open_rounds()
    if step:
        title = context.rulebook(progress).step(step).title
        open_rounds = tuple(owed for owed in open_rounds if owed.step == step)
        if not open_rounds:
            waiting = [owed.step for owed in progress.open_rounds()]
            raise StepNotOpenError(progress.task.code, title, waiting)
    if template.fits.whole_task:
        return open_rounds if step else ()
    fitting = [owed for owed in open_rounds if _fits(context, template, progress, owed)]
    if not fitting:
        raise _does_not_fit(context, template, progress)
    if template.fits.owed_by and not step:
        return _pressing(context, progress, fitting)
    return tuple(fitting)


def _pressing(
    context: Context, progress: Progress, owed: Sequence[StepRound]
) -> tuple[StepRound, ...]:
    """What is late or due within a month; where nothing is, what is due first."""
    dues = [(round_, context.deadline(progress, round_)) for round_ in owed]
    border = context.today + SOON
    found = tuple(r for r, deadline in dues if deadline and deadline.due_on <= border)
    first = min(dues, key=lambda pair: pair[1].due_on if pair[1] else date.max)
    return found or (first[0],)


def _fits(context: Context, template: PaperTemplate, progress: Progress, owed: StepRound) -> bool:
    deadline, rulebook = context.deadline(progress, owed), context.rulebook(progress)
    decided_by = rulebook.step(owed.step).decided_by
    return template.fits.step(
        owed.step,
        host_owes=is_hosts(deadline.limit.owner if deadline else decided_by),
        has_council=_has_council(context, progress, owed.step),
    )


def _has_council(context: Context, progress: Progress, step_id: str) -> bool:
    rulebook = context.rulebook(progress)
    rule, _ = rulebook.council_around(step_id, progress.task.level, context.today)
    return rule is not None or bool(body_named_by(rulebook.step(step_id)))


def _does_not_fit(
    context: Context, template: PaperTemplate, progress: Progress
) -> PaperDoesNotFitError:
    names = {step.id: f"«{step.title}»" for step in context.rulebook(progress).steps()}
    wanted = [
        names[step]
        for step in template.fits.steps
        if step in names and (not template.fits.council or _has_council(context, progress, step))
    ]
    waiting = [names[owed.step] for owed in progress.open_rounds()]
    return PaperDoesNotFitError(template, progress.task.code, wanted, waiting)
