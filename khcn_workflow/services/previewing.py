"""Xem trước: what somebody would get about a task, and why she would not."""

from collections.abc import Iterator
from dataclasses import dataclass

from khcn_workflow import notices
from khcn_workflow.clock import told_time
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.corrections import effective
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.progress import Progress, StepRound, fold
from khcn_workflow.storage.outbox_rows import Owed
from notifications.channels.email_message import RecipientError, check_recipient
from notifications.ladder import BEFORE_DUE
from notifications.messages import Event, Message, Recipient, Rendered
from notifications.outbox import Status
from notifications.reach import MAIL, ZALO, Contact, by_channel, reached_by, spread
from notifications.templating import render

_AHEAD = BEFORE_DUE
_LATE = (Event.OVERDUE, Event.OVERDUE_HEAD, Event.OVERDUE_DIRECTOR)


class NothingToPreviewError(KhcnError):
    """Nobody would be told that of this task; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A message in words, to one person through one channel.

    Attributes:
        hindrances: Why it would not be sent so today; none when it would.
    """

    recipient: Recipient
    channel: str
    rendered: Rendered
    hindrances: tuple[str, ...]


def preview(context: Context, event: Event, code: str, channel: str = MAIL) -> list[Preview]:
    """The messages that an event of a task would make today, the owner's first.

    Of several open steps the one due soonest; of results the one recorded last.

    Raises:
        NotFoundError: No task has that code.
        NothingToPreviewError: The event is not about a task, or the task has nothing of it.
        TemplateProblem: A template cannot be rendered.
    """
    progress = context.progress(code)
    if event in (*_AHEAD, *_LATE):
        owed = _due_soonest(context, progress)
        messages = notices.step_messages(context, progress, owed, event)
        hindrances = tuple(_of_the_day(context, progress, owed, event))
    elif event is Event.OUTCOME_RECORDED:
        messages, owed, hindrances = _last_outcome(context, code), None, ()
    else:
        raise NothingToPreviewError(
            f"«{event.value}» không nói về một nhiệm vụ. Bỏ MÃ để xem mẫu với số liệu minh họa."
        )
    if not messages:
        raise NothingToPreviewError(f"Không có ai để báo «{event.value}» của nhiệm vụ {code}.")
    about = _row(context, code, owed) if owed else None
    return [_shown(context, message, channel, about, hindrances) for message in messages]


def _due_soonest(context: Context, progress: Progress) -> StepRound:
    due = [
        (deadline.due_on, owed)
        for owed in progress.open_rounds()
        if (deadline := context.deadline(progress, owed)) is not None
    ]
    if not due:
        raise NothingToPreviewError(
            f"Nhiệm vụ {progress.task.code} không có bước nào đang chờ mà có hạn, nên không có "
            "lời nhắc nào."
        )
    return min(due, key=lambda pair: pair[0])[1]


def _last_outcome(context: Context, code: str) -> list[Message]:
    facts = list(effective(context.entries(code)))
    places = [n for n, fact in enumerate(facts) if fact.kind is EntryKind.OUTCOME]
    if not places:
        raise NothingToPreviewError(f"Nhiệm vụ {code} chưa có kết quả nào được ghi.")
    last = places[-1]
    before = fold(facts[:last], context.rulebooks)
    after = fold(facts[: last + 1], context.rulebooks)
    fact = facts[last]
    assert before is not None  # noqa: S101 - a result follows a registration
    assert after is not None  # noqa: S101 - likewise
    (owed,) = [r for r in before.open_rounds() if (r.step, r.round) == (fact.step, fact.round)]
    told = notices.outcome_recorded(context, before, after, owed, fact, "xem-truoc")
    if not told:
        raise NothingToPreviewError(
            f"Kết quả ghi sau cùng của {code} do chính người được báo ({fact.actor}) ghi, nên "
            "không báo ai."
        )
    return told


def _of_the_day(
    context: Context, progress: Progress, owed: StepRound, event: Event
) -> Iterator[str]:
    """Why nobody is told this of that deadline today."""
    deadline = context.deadline(progress, owed)
    if deadline is None:
        return
    if deadline.paused_since is not None:
        yield "Nhiệm vụ đang tạm dừng, hạn không chạy."
    late = deadline.days_late(context.today, context.calendar)
    ahead = deadline.due_on > context.today
    if event in (Event.DUE_SOON, Event.REPORT_DUE) and not ahead:
        yield "Hôm nay không còn trước hạn."
    elif event is Event.DUE_TODAY and deadline.due_on != context.today:
        yield "Hôm nay không phải ngày đến hạn."
    elif event in _LATE and not late:
        yield "Bước này chưa quá hạn."
    said = context.work.queries.snoozes().get((progress.task.code, owed.step))
    if event in _AHEAD and said and said.holds(context.today, deadline.due_on):
        until = vietnamese.day(said.until)
        yield f"{said.actor} đã hoãn nhắc đến hết {until}: {said.reason}"


def _row(context: Context, code: str, owed: StepRound) -> Owed | None:
    for step in context.work.queries.owed_steps(code):
        if (step.step, step.round) == (owed.step, owed.round):
            return Owed(step.id, step.deadline_version)
    return None


def _shown(
    context: Context,
    message: Message,
    channel: str,
    about: Owed | None,
    hindrances: tuple[str, ...],
) -> Preview:
    contact = context.work.contacts.of([message.recipient.code]).get(message.recipient.code)
    recipient = reached_by(message.recipient, contact)
    more = (*_reach(context, message, contact, channel), *_told(context, message, channel, about))
    rendered = render(message.event, message.context, context.settings.mail_templates)
    return Preview(recipient, channel, rendered, (*hindrances, *more))


def _reach(
    context: Context, message: Message, contact: Contact | None, channel: str
) -> Iterator[str]:
    """Why that person does not get it by that channel."""
    if channel not in [each.channel for each in spread(message, contact)]:
        yield (
            "Người này không nhận qua Zalo (khcn notify contact)."
            if channel == ZALO
            else "Người này nhận điều này qua Zalo, không cần thư (khcn notify contact)."
        )
    if channel == ZALO:
        yield from _zalo_reach(context, reached_by(message.recipient, contact))
    else:
        try:
            check_recipient(message.recipient.email)
        except RecipientError as error:
            yield f"{error}."
    if opens := context.quiet_until():
        yield f"Ngoài giờ gửi; tin đi từ {told_time(opens)}."
    state = context.work.channels.all().get(channel)
    if state and state.parked_until and state.is_parked(context.now):
        yield f"Kênh đang dừng đến {told_time(state.parked_until)}: {state.reason}"


def _zalo_reach(context: Context, recipient: Recipient) -> Iterator[str]:
    kind = context.settings.zalo_url.partition(":")[0]
    if not kind:
        yield "Chưa đặt KHCN_ZALO_URL; thư đi thay."
    elif kind == "zalobot" and not recipient.zalo_chat:
        yield "Người này chưa liên kết bot Zalo (khcn notify link); thư đi thay."
    elif kind == "zalooa" and not (recipient.zalo_user or recipient.phone):
        yield "Chưa biết UID hay số điện thoại Zalo (khcn notify contact); thư đi thay."


def _told(context: Context, message: Message, channel: str, about: Owed | None) -> Iterator[str]:
    """Whether the same was told already of the same version of the due date."""
    if about is None:
        return
    for status in context.work.outbox.statuses_of(by_channel(message, channel), about):
        yield f"Đã có trong hộp thư đi ({_STATUS[status]}); mỗi mốc nhắc chỉ báo một lần."


_STATUS = {
    Status.PENDING: "đang chờ gửi",
    Status.CLAIMED: "đang gửi",
    Status.SENT: "đã gửi",
    Status.DEAD: "không gửi được",
    Status.CANCELLED: "đã thôi",
    Status.EXPIRED: "quá thời gian có ích",
    Status.UNKNOWN: "chưa rõ đã gửi hay chưa",
    Status.PARKED: "chờ sửa kênh",
}
