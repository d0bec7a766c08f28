"""What may stop, move or end a task's clocks, and whose clock ran how long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain.clock_events import (
    Usage,
    by_owner,
    check_clock_event,
    clock_usage,
    is_suspended,
)
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import (
    Extension,
    Progress,
    StepRound,
    Suspension,
    apply,
    register,
)
from khcn_workflow.regulations.calendars import load_calendar
from tests.domain.small_rulebook import DOSSIER, SIGNING, SMALL
from tests.office import TODAY, a_task

CALENDAR = load_calendar()
ONE = timedelta(days=1)
ENTERED = register(a_task(rulebook="small"), SIGNING, date(2019, 3, 1))


def signed(ends_on: str = "2021-03-05") -> Progress:
    """The task under a contract signed on 05/03/2019."""
    fact = Fact(
        EntryKind.OUTCOME,
        "NV-2019-01",
        date(2019, 3, 5),
        "cv1",
        step="contract_signing",
        outcome="signed",
        data={"ends_on": ends_on},
    )
    return apply(ENTERED, SMALL, fact)


def suspended(*spans: tuple[date, date | None]) -> Progress:
    return replace(ENTERED, suspensions=tuple(Suspension(*span) for span in spans))


def event(kind: EntryKind, on: date, note: str = "", **data: str) -> Fact:
    return Fact(kind, "NV-2019-01", on, "tp", note=note, data=data)


def suspension(on: date, note: str = "thiên tai") -> Fact:
    return event(EntryKind.SUSPENDED, on, note)


def resumption(on: date) -> Fact:
    return event(EntryKind.RESUMED, on)


def termination(note: str = "không khả thi") -> Fact:
    return event(EntryKind.TERMINATED, TODAY, note)


def extension(ends_on: str, asked_on: str = "2019-06-03") -> Fact:
    return event(EntryKind.EXTENDED, TODAY, ends_on=ends_on, asked_on=asked_on)


def check(progress: Progress, fact: Fact) -> None:
    check_clock_event(progress, SMALL, fact, TODAY)


def refusal(progress: Progress, fact: Fact) -> str:
    """The sentence with which the event is refused."""
    with pytest.raises(KhcnError) as caught:
        check(progress, fact)
    return str(caught.value)


PAUSED = suspended((date(2019, 5, 13), None))
RESUMED = suspended((date(2019, 3, 4), date(2019, 3, 8)), (date(2019, 5, 13), date(2019, 5, 20)))


@pytest.mark.parametrize(
    ("progress", "fact"),
    [
        (ENTERED, suspension(date(2019, 3, 1))),
        (ENTERED, suspension(TODAY)),
        (RESUMED, suspension(date(2019, 5, 20))),
        (PAUSED, resumption(date(2019, 5, 14))),
        (ENTERED, termination()),
        (PAUSED, termination()),
    ],
)
def test_what_the_tasks_state_allows_is_not_refused(progress, fact):
    check(progress, fact)


@pytest.mark.parametrize(
    ("progress", "fact", "says"),
    [
        (
            replace(ENTERED, ending="không ký hợp đồng", ended_on=date(2019, 4, 1)),
            termination(),
            "Nhiệm vụ NV-2019-01 đã kết thúc (không ký hợp đồng) ngày 01/04/2019; "
            "không ghi thêm kết quả.",
        ),
        (
            ENTERED,
            suspension(date(2019, 6, 11)),
            "Ngày 11/06/2019 ở sau hôm nay (10/06/2019); hãy ghi ngày có thật trên văn bản.",
        ),
        (ENTERED, suspension(TODAY, ""), "Kết quả bước «Tạm dừng» còn thiếu «Lý do»."),
        (ENTERED, termination(""), "Kết quả bước «Chấm dứt thực hiện» còn thiếu «Lý do»."),
        (
            PAUSED,
            suspension(date(2019, 5, 20)),
            "Nhiệm vụ NV-2019-01: đang tạm dừng từ 13/05/2019.",
        ),
        (
            replace(RESUMED, suspensions=(*RESUMED.suspensions, Suspension(date(2019, 6, 3)))),
            suspension(TODAY),
            "Nhiệm vụ NV-2019-01: đang tạm dừng từ 03/06/2019.",
        ),
        (
            ENTERED,
            suspension(date(2019, 2, 28)),
            "Nhiệm vụ NV-2019-01: ngày tạm dừng ở trước ngày 01/03/2019 đã ghi.",
        ),
        (
            RESUMED,
            suspension(date(2019, 5, 19)),
            "Nhiệm vụ NV-2019-01: ngày tạm dừng ở trước ngày 20/05/2019 đã ghi.",
        ),
        (
            RESUMED,
            resumption(TODAY),
            "Nhiệm vụ NV-2019-01: không ở trạng thái tạm dừng.",
        ),
        (
            replace(RESUMED, suspensions=(*RESUMED.suspensions, Suspension(date(2019, 6, 3)))),
            resumption(date(2019, 6, 3)),
            "Nhiệm vụ NV-2019-01: ngày tiếp tục phải sau ngày tạm dừng 03/06/2019.",
        ),
    ],
)
def test_what_the_tasks_state_does_not_allow_is_refused_with_the_reason(progress, fact, says):
    assert refusal(progress, fact) == says


def test_a_task_is_suspended_until_its_last_suspension_ends():
    assert [is_suspended(p) for p in (ENTERED, PAUSED, RESUMED)] == [False, True, False]


@pytest.mark.parametrize(
    ("progress", "fact"),
    [
        (signed(), extension("2021-03-06")),
        (signed(), extension("2021-09-05")),
        (signed(), extension("2021-09-05", asked_on="2021-02-05")),
        (signed("2021-03-06"), extension("2022-03-06")),
    ],
)
def test_an_extension_within_the_rule_is_not_refused(progress, fact):
    check(progress, fact)


LATE_END = "ngày kết thúc mới phải sau {} và không quá {} tháng (Điều 12)."


@pytest.mark.parametrize(
    ("progress", "fact", "says"),
    [
        (ENTERED, extension("2021-09-05"), "chưa có hợp đồng để gia hạn."),
        (signed(""), extension("2021-09-05"), "chưa có hợp đồng để gia hạn."),
        (signed(), extension("2021-03-05"), LATE_END.format("05/03/2021", 6)),
        (signed(), extension("2021-09-06"), LATE_END.format("05/03/2021", 6)),
        (signed("2021-03-06"), extension("2022-03-07"), LATE_END.format("06/03/2021", 12)),
        (
            signed(),
            extension("2021-09-05", asked_on="2021-02-06"),
            "đề nghị gia hạn phải gửi ít nhất 1 tháng trước ngày kết thúc 05/03/2021 (Điều 12).",
        ),
    ],
)
def test_an_extension_outside_the_rule_is_refused_with_the_article(progress, fact, says):
    assert refusal(progress, fact) == f"Nhiệm vụ NV-2019-01: {says}"


def test_extensions_are_given_as_often_as_the_rule_says_each_counted_from_the_last_end():
    once = replace(signed(), extensions=(Extension(TODAY, date(2021, 4, 5), date(2019, 6, 3)),))
    check(once, extension("2022-04-05"))
    twice = replace(once, extensions=once.extensions * 2)
    assert refusal(twice, extension("2021-05-05")) == (
        "Nhiệm vụ NV-2019-01: chỉ được gia hạn 2 lần (Điều 12)."
    )


def test_a_rulebook_without_the_rule_extends_nothing_but_suspends():
    bare = replace(SMALL, extension=None)
    check_clock_event(signed(), bare, suspension(TODAY), TODAY)
    with pytest.raises(KhcnError) as caught:
        check_clock_event(signed(), bare, extension("2021-09-05"), TODAY)
    assert str(caught.value) == (
        "Nhiệm vụ NV-2019-01: bộ quy định của nhiệm vụ chưa nạp điều khoản gia hạn."
    )


def test_each_round_is_the_clock_of_whom_its_limit_names_or_who_decides_the_step():
    usage = clock_usage(signed(), SMALL, CALENDAR, date(2019, 3, 12))
    assert usage == [
        Usage("contract_signing", "contract", 1, "Sở KH&CN", 2),
        Usage("report", "periodic_check", 1, "tổ chức chủ trì", 5),
        Usage("dossier", "acceptance", 1, "tổ chức chủ trì", 5),
    ]
    assert by_owner(usage) == {"tổ chức chủ trì": 10, "Sở KH&CN": 2}
    assert list(by_owner(usage)) == ["tổ chức chủ trì", "Sở KH&CN"]


def test_a_round_whose_limit_has_no_anchor_yet_is_the_clock_of_who_decides():
    progress = register(a_task(rulebook="small"), DOSSIER, date(2019, 3, 5))
    assert clock_usage(progress, SMALL, CALENDAR, date(2019, 3, 6)) == [
        Usage("dossier", "acceptance", 1, "Tổ chức chủ trì", 1)
    ]


def worked(closed_on: date | None, *spans: tuple[date, date | None], today: date = TODAY) -> int:
    """Working days of a step opened on Friday 01/03/2019."""
    owed = StepRound("contract_signing", "contract", 1, date(2019, 3, 1), closed_on)
    progress = replace(suspended(*spans), rounds=(owed,))
    (usage,) = clock_usage(progress, SMALL, CALENDAR, today)
    return usage.working_days


def test_a_clock_runs_from_the_day_after_the_opening_to_the_result_or_to_today():
    assert worked(date(2019, 3, 1)) == 0
    assert worked(date(2019, 3, 4)) == 1
    assert worked(None, today=date(2019, 3, 5)) == 2
    assert worked(None, today=date(2019, 2, 28)) == 0


DAYS = st.dates(date(2019, 2, 18), date(2019, 4, 30))


@given(
    until=st.dates(date(2019, 3, 1), date(2019, 4, 20)),
    spans=st.lists(st.tuples(DAYS, st.integers(1, 20)), max_size=3),
    since=st.none() | st.dates(date(2019, 2, 18), date(2019, 4, 30)),
)
def test_suspended_days_are_nobodys(until, spans, since):
    """The oracle walks the days one by one; an open suspension begins after the others."""
    ended = [(begins, begins + length * ONE) for begins, length in spans]
    if since is not None:
        since = max([since, *(end for _, end in ended)])
    now = [] if since is None else [(since, None)]
    days = (date(2019, 3, 1) + n * ONE for n in range(1, (until - date(2019, 3, 1)).days + 1))
    expected = sum(
        CALENDAR.is_working_day(day)
        and not any(begins <= day and (end is None or day < end) for begins, end in [*ended, *now])
        for day in days
    )
    assert worked(until, *ended, *now) == expected
