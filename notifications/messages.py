"""Thông báo: what is told, to whom, and the facts a template may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias, TypedDict

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class Event(StrEnum):
    """Why somebody is told something; also the name of the folder of its templates."""

    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    OVERDUE_HEAD = "overdue_head"
    OVERDUE_DIRECTOR = "overdue_director"
    REPORT_DUE = "report_due"
    OUTCOME_RECORDED = "outcome_recorded"
    REPORT_READY = "report_ready"
    REPORT_PREVIEW = "report_preview"
    DEADLINES_MOVED = "deadlines_moved"
    ADMIN_ALERT = "admin_alert"
    DIGEST = "digest"
    WEEKLY = "weekly"


class StepContext(TypedDict):
    """The facts of one step's deadline, for the due and overdue events.

    Every date is already text, dd/mm/yyyy; an unknown optional text is "", never None.
    """

    recipient_name: str
    agency: str  # "Sở Khoa học và Công nghệ tỉnh Cao Bằng"
    today: str  # "13/05/2019"
    link: str  # where the step can be opened, or ""
    task_code: str
    task_title: str
    stage: str
    step: str
    due_on: str  # "10/05/2019"
    due_weekday: str  # "thứ Sáu"
    proof: str  # "Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019"
    legal_basis: str  # the article the limit comes from, or ""
    force: Literal["luật định", "mục tiêu nội bộ"]
    days_left: int  # working days until the due day, 0 on and after it
    days_late: int  # working days past the due day, 0 if not late
    host: str
    principal_investigator: str
    officer_name: str
    division: str
    cause: str  # why it is late, as recorded, or ""
    told: str  # whom an escalation's earlier mails reached and when, or ""


class NextStep(TypedDict):
    """A step opened by an outcome, and its due day as text ("" where no limit is known)."""

    step: str
    due_on: str


class OutcomeContext(StepContext):
    """The facts of a step's deadline, and of the outcome just recorded for it."""

    outcome: str
    valid_on: str  # the date on the paper
    recorded_by: str
    next_steps: list[NextStep]


class MovedDeadline(TypedDict):
    """One due date before and after, as text ("" where there is none), and why it moved."""

    task_code: str
    step: str
    before: str
    after: str
    reason: str


class MovedContext(TypedDict):
    """The facts of due dates that a new calendar or rulebook moved."""

    recipient_name: str
    agency: str
    today: str
    link: str
    moves: list[MovedDeadline]


class ReportContext(TypedDict):
    """The facts of a report that can be collected."""

    recipient_name: str
    agency: str
    today: str
    link: str
    report_title: str
    period: str
    as_of: str  # the cut-off day of the figures
    file_names: list[str]


class PreviewContext(TypedDict):
    """What a report would lack, told before its cut-off."""

    recipient_name: str
    agency: str
    today: str
    link: str
    report_title: str
    period: str
    as_of: str  # the day that was looked at
    cut_off: str
    missing: list[str]  # whole sentences; empty when nothing is missing


class AlertContext(TypedDict):
    """Something of the system itself that does not run, for its administrator."""

    recipient_name: str
    agency: str
    today: str
    link: str
    title: str  # one sentence without its full stop
    detail: str  # more, or ""
    remedy: str  # what to do, or ""


class DigestLine(TypedDict):
    """One step of a digest; `when` says how late it is or how long there is."""

    task_code: str
    task_title: str
    step: str
    due_on: str
    when: str  # "quá hạn 3 ngày làm việc", "còn 2 ngày làm việc"
    note: str  # in whose place, or ""
    link: str


class DigestSection(TypedDict):
    """The steps of a digest that are alike; `total` counts those beyond `lines` too."""

    kind: Literal["overdue", "today", "soon", "later"]
    title: str
    total: int
    lines: list[DigestLine]


class DigestContext(TypedDict):
    """What one person has to do, once a working day; sections without a step are left out."""

    recipient_name: str
    agency: str
    today: str
    link: str
    weekday: str
    total: int
    overdue: int
    due_today: int
    sections: list[DigestSection]


class FunnelBar(TypedDict):
    """One stage of the funnel; shares are percents of the longest bar."""

    title: str
    open: int
    overdue: int
    oldest: str  # since when the longest waiting step is owed, or ""
    late_share: int
    open_share: int  # of what is open and not overdue


class LateStep(TypedDict):
    """A step that is among the latest."""

    task_code: str
    step: str
    officer: str
    due_on: str
    when: str
    link: str


class WeeklyContext(TypedDict):
    """How the Department stands at the beginning of a week."""

    recipient_name: str
    agency: str
    today: str
    link: str
    week: str  # "09/02–13/02/2026"
    open: int
    overdue: int
    overdue_before: int  # a week ago
    due_this_week: int
    stages: list[FunnelBar]
    latest: list[LateStep]


Context: TypeAlias = (
    StepContext
    | DigestContext
    | WeeklyContext
    | OutcomeContext
    | ReportContext
    | PreviewContext
    | MovedContext
    | AlertContext
    | Mapping[str, JsonValue]
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who can be told: the house's code for them, their name and their mail address.

    Zalo knows one person by several names, none of which stands for another ("" where unknown):
    `zalo_chat` is their chat with the bot, `zalo_user` the OA's id of them, `phone` their number.
    """

    code: str
    name: str
    email: str
    zalo_chat: str = ""
    zalo_user: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A due day as it goes into the recipient's own calendar.

    `uid` names the round of the step and never changes; `version` is the deadline's version and
    only grows, so that a moved day replaces the old one instead of standing beside it.
    """

    uid: str
    version: int
    due_on: date
    summary: str
    description: str
    link: str


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one person through one channel.

    `dedupe_key` is unique for ever and holds the deadline's version, so that a moved deadline
    reminds again; the mail's Message-ID is derived from it. `channel` is the channel's alias.
    `thread` (a science task's code) keeps the mails of one matter together. After `expires_at`
    the message is worth nothing; None means it never expires. Both times carry a zone. A mail
    carries the `appointment`, if any, as a calendar file.
    """

    dedupe_key: str
    event: Event
    channel: str
    recipient: Recipient
    context: Context
    created_at: datetime
    expires_at: datetime | None
    thread: str
    appointment: Appointment | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: a one-line subject, a plain text and an HTML page, all in NFC.

    `brief` is what a chat gets; `values` are what an approved template of Zalo is filled with.
    """

    subject: str
    text: str
    html: str
    brief: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
