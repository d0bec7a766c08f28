"""Tự khám: what the ledger, the calendar, the rules and the channels say of themselves."""

from dataclasses import dataclass
from datetime import date, timedelta

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.regulations.agency import load_agency
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.ladders import load_ladder
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.reports.paper_template import load_templates
from khcn_workflow.reports.writer import check_word_template
from khcn_workflow.settings import Settings
from khcn_workflow.storage.health import DatabaseState, look_at
from notifications.channels import open_channel
from notifications.outbox import Attempt
from notifications.reach import MAIL
from notifications.templating import TemplateProblem, check_templates


@dataclass(frozen=True, slots=True)
class SweepState:
    """How far the reminders have got.

    Attributes:
        swept_to: The day up to which every rung was swept; None when one never was.
        owed_for: The last working day before today that should be swept, None for none.
        parked: Messages that wait for a channel to be mended.
    """

    swept_to: date | None
    owed_for: date | None
    parked: int


def database_state(settings: Settings) -> DatabaseState:
    """The database as it is, unmigrated.

    Raises:
        DatabaseAddressError: `KHCN_DATABASE_URL` names none.
    """
    return look_at(settings.database_url)


def sweep_state(context: Context) -> SweepState:
    """The marks of the sweep against the last working day."""
    swept = context.work.sweeping.swept_to([rung.id for rung in context.ladder])
    owes = bool(context.work.queries.owed_steps())
    last = context.calendar.roll_back(context.today - timedelta(days=1)) if owes else None
    return SweepState(swept, last, context.work.outbox.parked(MAIL)[0])


def template_problem(settings: Settings) -> str:
    """What is wrong with a template; empty when all can be rendered."""
    try:
        check_templates(settings.mail_templates)
    except TemplateProblem as problem:
        return str(problem)
    return ""


def paper_problem(settings: Settings, today: date) -> str:
    """What is wrong with a template of papers, ours or the Department's; empty when nothing is."""
    folder = settings.own_templates
    try:
        agency = load_agency(settings.agency, settings.own_agencies)
        load_templates(folder)
        for path in sorted(folder.glob("*.docx")) if folder.is_dir() else ():
            check_word_template(path, agency, today)
    except KhcnError as problem:
        return str(problem)
    return ""


def rules_problem(settings: Settings) -> str:
    """What is wrong with a rulebook; empty when all load."""
    try:
        load_rulebooks(settings.rulebooks)
    except KhcnError as problem:
        return str(problem)
    return ""


def ladder_problem(settings: Settings) -> str:
    """What is wrong with the ladder of reminders; empty when it loads."""
    try:
        load_ladder(settings.mail_templates, settings.rulebooks)
    except KhcnError as problem:
        return str(problem)
    return ""


def calendar_until(settings: Settings) -> tuple[date, date]:
    """Until when days off are announced, and the calendar's last day.

    Raises:
        KhcnError: A file of the Department's own cannot be used.
    """
    calendar = load_calendar((settings.overlays,) if settings.overlays else ())
    return calendar.official_until, calendar.last


def channel_state(settings: Settings) -> tuple[Attempt, Attempt]:
    """Whether the mail channel and the administrator's open; nothing is sent."""
    return open_channel(settings.mail_url), open_channel(settings.admin_url)
