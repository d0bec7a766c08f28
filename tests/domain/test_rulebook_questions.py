"""What a rulebook answers when it is asked for its parts, on the small rulebook."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.council import ByMinutes, CouncilRule
from khcn_workflow.domain.errors import UnknownOutcomeError, UnknownStepError
from khcn_workflow.domain.rules import (
    Cause,
    DecidingDate,
    Duty,
    Force,
    LimitStatus,
    NoRulebookInForceError,
    Unit,
    UnreadNorm,
    rulebook_in_force,
)
from khcn_workflow.domain.science_task import Level
from tests.domain.small_rulebook import EXTENSION, MEETING, REPORT, SMALL

MARCH = date(2019, 3, 1)
ORDER = ["contract_signing", "report", "dossier", "meeting", "filing", "recognition"]


def test_the_steps_stand_in_the_order_of_the_regulation():
    assert [step.id for step in SMALL.steps()] == ORDER
    assert [SMALL.order(step) for step in ORDER] == [0, 1, 2, 3, 4, 5]
    assert (SMALL.step("report"), SMALL.stage("periodic_check").steps) == (REPORT, (REPORT,))


def test_a_step_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UnknownStepError) as caught:
        SMALL.step("call")
    assert str(caught.value) == (
        "Bộ quy định «Bộ quy định nhỏ» không có bước «call». Các bước: contract_signing, report, "
        "dossier, meeting, filing, recognition."
    )


def test_an_outcome_that_is_not_there_is_named_with_those_that_are():
    assert MEETING.outcome("again") == MEETING.outcomes[1]
    with pytest.raises(UnknownOutcomeError) as caught:
        MEETING.outcome("failed")
    assert str(caught.value) == (
        "Bước «Họp nghiệm thu» không có kết quả «failed». "
        "Kết quả được phép: passed (Đạt); again (Nộp lại hồ sơ)."
    )


def test_the_duties_of_a_step_are_those_of_its_law_level_and_day():
    always = Duty("D1", "report", "Công bố.", "Điều 3")
    rural = replace(always, id="D2", levels=frozenset({Level.RURAL_CENTRAL}))
    later = replace(always, id="D3", in_force_from=date(2019, 3, 2))
    earlier = replace(always, id="D4", in_force_until=date(2019, 2, 28))
    today = replace(always, id="D5", in_force_from=MARCH, in_force_until=MARCH)
    elsewhere = replace(always, id="D6", step="dossier")
    book = replace(SMALL, duties=(always, rural, later, earlier, today, elsewhere))
    assert book.duties_of("report", Level.PROVINCIAL, MARCH) == (always, today)
    assert book.duties_of("report", Level.RURAL_CENTRAL, MARCH) == (always, rural, today)


def test_a_limit_is_loaded_absent_or_not_read_yet():
    unread = UnreadNorm("N1", "Quyết định 49", levels=frozenset({Level.PROVINCIAL}))
    book = replace(SMALL, not_loaded=(unread,))
    statuses = [
        book.limit_status(step, level, MARCH)
        for step in ("report", "meeting")
        for level in (Level.PROVINCIAL, Level.NATIONAL)
    ]
    assert statuses == [
        LimitStatus.LOADED,
        LimitStatus.LOADED,
        LimitStatus.NOT_LOADED,
        LimitStatus.NO_LIMIT,
    ]


def test_a_target_or_the_law_of_another_level_is_no_loaded_limit():
    target = replace(REPORT.limits[0], force=Force.INTERNAL)
    rural = replace(REPORT.limits[0], levels=frozenset({Level.RURAL_CENTRAL}))
    stage = SMALL.stage("periodic_check")
    books = [
        replace(SMALL, stages=(replace(stage, steps=(replace(REPORT, limits=(limit,)),)),))
        for limit in (target, rural)
    ]
    assert [book.limit_status("report", Level.PROVINCIAL, MARCH) for book in books] == [
        LimitStatus.NO_LIMIT,
        LimitStatus.NO_LIMIT,
    ]
    assert books[1].limit_status("report", Level.RURAL_CENTRAL, MARCH) is LimitStatus.LOADED


def test_an_unread_norm_without_steps_bears_on_all_of_them():
    anywhere = UnreadNorm("N1", "Quyết định 49")
    meetings = replace(anywhere, id="N2", steps=("meeting",))
    book = replace(SMALL, not_loaded=(anywhere, meetings))
    found = [book.unread_norms(step, Level.PROVINCIAL, MARCH) for step in ("report", "meeting")]
    assert found == [(anywhere,), (anywhere, meetings)]


def test_the_council_of_a_step_is_the_one_in_force_on_the_day():
    old = CouncilRule("c1", "meeting", "Hội đồng", "", ByMinutes(), in_force_until=MARCH)
    new = replace(old, id="c2", in_force_from=date(2019, 3, 2), in_force_until=None)
    book = replace(SMALL, councils=(old, new))
    days = [MARCH, date(2019, 3, 2)]
    assert [book.council_of("meeting", Level.PROVINCIAL, on) for on in days] == [old, new]


def test_a_cause_in_free_words_is_its_own_phrase():
    book = replace(SMALL, causes=(Cause("c1", "Bão", "bão"), Cause("c2", "Lũ", "lũ lụt kéo dài")))
    assert [book.cause_phrase(cause) for cause in ("c2", "thiếu vốn")] == [
        "lũ lụt kéo dài",
        "thiếu vốn",
    ]


def test_a_contract_up_to_the_border_has_the_short_extension():
    ends = [date(2021, 3, 1), date(2021, 3, 2)]
    assert [EXTENSION.longest(MARCH, on) for on in ends] == [6, 12]


def test_where_no_rulebook_is_in_force_those_of_the_family_are_named():
    old = replace(SMALL, id="old", family="cap-tinh", effective_to=date(2018, 12, 31))
    older = replace(old, id="older", effective_to=date(2013, 12, 31))
    other = replace(SMALL, id="other", family="cap-co-so")
    with pytest.raises(NoRulebookInForceError) as caught:
        rulebook_in_force([old, older, other], "cap-tinh", MARCH)
    assert str(caught.value) == (
        "Không có bộ quy định «cap-tinh» nào có hiệu lực ngày 01/03/2019. Hiện có: old, older."
    )
    with pytest.raises(NoRulebookInForceError) as caught:
        rulebook_in_force([other], "cap-tinh", MARCH)
    assert str(caught.value).endswith("Hiện có: không bộ nào.")


def test_without_a_province_only_the_national_rules_are_looked_at():
    national = replace(SMALL, id="national", family="cap-tinh")
    local = replace(national, id="local", province="cao-bang")
    assert rulebook_in_force([national, local], "cap-tinh", MARCH) == national
    assert rulebook_in_force([national, local], "cap-tinh", MARCH, "cao-bang") == local


def test_every_choice_of_a_rulebook_has_words_for_an_officer():
    words = {
        str(choice): choice.label
        for choices in (Unit, Force, LimitStatus, DecidingDate)
        for choice in choices
    }
    assert words == {
        "days": "ngày",
        "working-days": "ngày làm việc",
        "months": "tháng",
        "statutory": "luật định",
        "internal": "mục tiêu nội bộ",
        "loaded": "đã nạp",
        "no-limit": "luật không định thời hạn",
        "not-loaded": "chưa nạp",
        "announced": "ngày thông báo tuyển chọn, giao trực tiếp",
        "submitted": "ngày nộp hồ sơ",
        "approved": "ngày phê duyệt nhiệm vụ",
    }
