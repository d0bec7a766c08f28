"""Which steps are late, and how "Tồn tại, hạn chế" says it."""

import re
from datetime import date

from hypothesis import given

from khcn_workflow.domain.rules import Force
from khcn_workflow.reports.facts import gather
from khcn_workflow.reports.limitation_sentences import grouped, limitation_paragraphs
from khcn_workflow.reports.limitations import lateness
from khcn_workflow.reports.phrases import month_of
from tests.reports import builder as b
from tests.reports.random_facts import registers
from tests.reports.test_numbers_property import PATIENT

JUNE = date(2019, 6, 30)


def said(*dossiers, as_of=b.AS_OF):
    given = b.report_input(dossiers, as_of=as_of)
    paragraphs = limitation_paragraphs(gather(given), given)
    return ["".join(run.text for run in runs) for runs in paragraphs]


def waiting(code, *causes, commitment=JUNE):
    reasons = [b.delay("appraisal_meeting", c, date(2019, 5, 6), commitment) for c in causes]
    return b.passed_council(code, *reasons)


def late_acceptance(code, *facts):
    return b.dossier(
        b.science_task(code, plan_year=2017),
        "contract_signing",
        date(2018, 3, 1),
        b.outcome("contract_signing", "signed", date(2018, 3, 1), ends_on="2019-03-31"),
        b.outcome("progress_report", "received", date(2018, 8, 30)),
        b.outcome("progress_report", "received", date(2019, 2, 27)),
        b.outcome("periodic_check", "checked", date(2019, 2, 27)),
        *facts,
    )


def test_the_seed_is_said_as_the_report_of_2019_says_it():
    given = b.seed_input()
    first, second = (
        "".join(r.text for r in p) for p in limitation_paragraphs(gather(given), given)
    )
    assert first == (
        "Việc tổ chức thẩm định, ký hợp đồng thực hiện các nhiệm vụ KH&CN bổ sung năm 2018 và "
        "thực hiện mới năm 2019 còn chậm do yêu cầu của cấp trên nên phải rà soát, chỉnh sửa lại "
        "hồ sơ và xin ý kiến của các cơ quan chuyên môn trên địa bàn tỉnh. Sở KH&CN sẽ đẩy nhanh "
        "tiến độ và hoàn thành trong tháng 6/2019."
    )
    assert second == (
        "Tính đến ngày 10/6/2019: 07 nhiệm vụ có bước chậm so với mục tiêu tiến độ nội bộ của Sở "
        "(không phải thời hạn luật định), chậm nhất 72 ngày làm việc."
    )


def test_nothing_late_is_said_and_not_left_empty():
    (text,) = said(b.running("A"))
    assert text == (
        "Trong 6 tháng đầu năm 2019, không ghi nhận bước nào chậm so với thời hạn luật định và "
        "mục tiêu tiến độ nội bộ của Sở."
    )


def test_a_single_cause_is_said_alone():
    first, _ = said(waiting("A", b.OPINION))
    assert first == (
        "Việc tổ chức thẩm định đối với các nhiệm vụ KH&CN thực hiện mới năm 2019 còn chậm do xin "
        "ý kiến của các cơ quan chuyên môn trên địa bàn tỉnh. Sở KH&CN sẽ đẩy nhanh tiến độ và "
        "hoàn thành trong tháng 6/2019."
    )


def test_causes_stand_in_the_order_of_the_rulebook_each_once():
    first, _ = said(waiting("A", b.OPINION), waiting("B", b.SUPERIOR), waiting("C", b.OPINION))
    superior, opinion = first.index("yêu cầu của cấp trên"), first.index("xin ý kiến")
    assert superior < opinion
    assert first.count("xin ý kiến") == 1


def test_a_cause_in_free_words_is_its_own_phrase():
    assert "còn chậm do mưa lũ kéo dài." in said(waiting("A", "mưa lũ kéo dài"))[0]


def test_marks_in_typed_words_do_not_break_a_sentence():
    assert "do {x}." in said(waiting("A", "{x}"))[0]


def test_a_step_without_a_recorded_cause_is_named_and_not_explained():
    first, _, note = said(waiting("A"))
    assert " do " not in first
    assert note == "Ghi chú: chưa ghi nguyên nhân chậm đối với: tổ chức thẩm định (A)."


def test_the_silent_ones_of_a_step_do_not_borrow_the_cause_of_others():
    first, numbers, note = said(waiting("A", b.OPINION), waiting("B"))
    assert first.count("Việc ") == 1
    assert "02 nhiệm vụ" in numbers
    assert note.endswith("tổ chức thẩm định (B).")


def test_different_steps_with_different_causes_are_told_apart():
    signing = b.passed_council(
        "B",
        b.appraised(),
        *b.approved(date(2019, 4, 26), date(2019, 4, 24)),
        b.delay("contract_signing", b.SUPERIOR, date(2019, 6, 3)),
    )
    first, _ = said(waiting("A", b.OPINION), signing)
    assert first.count("Việc ") == 2
    assert "Việc ký hợp đồng thực hiện các nhiệm vụ" in first


def test_a_statutory_limit_is_told_apart_from_an_internal_target():
    overdue = late_acceptance("A")
    given = b.report_input([overdue])
    step = lateness(given).steps[0]
    assert (step.force, step.step, step.is_ours, step.due_on) == (
        Force.STATUTORY,
        "acceptance_dossier",
        False,
        date(2019, 5, 2),
    )
    first, numbers, _ = said(overdue)
    assert "của tổ chức chủ trì đối với" in first
    assert "quá thời hạn theo quy định (Thông tư 11/2014/TT-BKHCN, Điều 7 khoản 1)" in first
    assert "tổ chức chủ trì bị chậm" in numbers
    assert "nội bộ" not in first + numbers


def test_an_overdue_statutory_limit_of_ours_is_called_so():
    submitted = b.outcome("acceptance_dossier", "submitted", date(2019, 4, 15))
    first, numbers, _ = said(late_acceptance("A", submitted))
    assert "Việc kiểm tra tính hợp lệ của hồ sơ nghiệm thu đối với" in first
    assert "còn quá thời hạn theo quy định" in first
    assert numbers.startswith("Tính đến ngày 10/6/2019: 01 nhiệm vụ có bước quá thời hạn luật định")


def test_an_internal_target_is_never_called_a_breach_of_law():
    text = " ".join(said(waiting("A", b.OPINION)))
    assert "quá thời hạn" not in text
    assert "luật định" not in text.replace("(không phải thời hạn luật định)", "")


def test_a_step_closed_late_in_the_period_is_told_as_done():
    first, _ = said(
        b.passed_council(
            "A",
            b.delay("appraisal_meeting", b.OPINION, date(2019, 5, 6), JUNE),
            b.appraised(date(2019, 5, 27)),
        )
    )
    assert first.endswith("Đến ngày 10/6/2019, các bước này đã hoàn thành.")


def test_a_step_closed_late_before_the_period_is_not_told_again():
    given = b.report_input([b.supplementary("A", b.appraised(date(2019, 1, 30)))], period="2019-H2",
                           as_of=date(2019, 7, 1))  # fmt: skip
    assert [late.step for late in lateness(given).steps] == []


def test_a_step_is_not_late_on_its_last_day_and_late_on_the_next():
    due = date(2019, 4, 22)
    days = [
        [s.working_days_late for s in lateness(b.report_input([waiting("A")], as_of=on)).steps]
        for on in (due, date(2019, 4, 23))
    ]
    assert days == [[], [1]]


def test_promises_for_different_months_are_counted_apart():
    later = waiting("B", b.OPINION, commitment=date(2019, 8, 15))
    silent = waiting("C", b.OPINION, commitment=None)
    first, numbers, *_ = said(waiting("A", b.OPINION), later, silent)
    assert first.endswith("hoàn thành trong tháng 6/2019 và tháng 8/2019.")
    assert numbers.endswith(
        "; 01 nhiệm vụ cam kết hoàn thành trong tháng 6/2019; 01 nhiệm vụ cam kết hoàn thành "
        "trong tháng 8/2019; 01 nhiệm vụ chưa ghi mốc cam kết."
    )


def test_without_a_promise_no_month_is_invented():
    assert said(waiting("A", b.OPINION, commitment=None))[0].endswith(
        "Sở KH&CN sẽ đẩy nhanh tiến độ thực hiện."
    )


def test_a_broken_promise_is_named_and_not_repeated():
    first, _, note = said(waiting("A", b.OPINION, commitment=date(2019, 5, 31)))
    assert "tháng 5" not in first
    assert note == "Ghi chú: đã qua thời điểm cam kết hoàn thành: tổ chức thẩm định (A)."


def test_a_deadline_outside_the_calendar_does_not_stop_the_report():
    old = b.dossier(b.science_task("A"), "contract_signing", date(2019, 3, 1),
                    b.outcome("contract_signing", "signed", date(2019, 3, 1),
                              ends_on="2150-01-01"))  # fmt: skip
    given = b.report_input([old])
    assert lateness(given).undetermined == ("A",)
    assert "chưa tính được thời hạn" in said(old)[-1]


@PATIENT
@given(registers(8))
def test_the_rules_of_writing_hold_of_any_register(register):
    """Law and target apart, nothing late is said so, causes only as recorded, dates only given."""
    made_of = b.report_input(*register)
    facts = gather(made_of)
    text = "\n".join("".join(r.text for r in p) for p in limitation_paragraphs(facts, made_of))
    late = facts.late.steps
    assert ("không ghi nhận bước nào chậm" in text) is (not late)
    groups = grouped(late)
    for group in groups:
        assert len({(s.force, s.is_ours) for s in group.steps}) == 1
    breached = any(s.force is Force.STATUTORY for s in late)
    assert ("quá thời hạn theo quy định" in text) is breached
    for sentence in re.split(r"(?<=\.) (?=Việc )", text.partition("\n")[0]):
        if "còn chậm" in sentence and late:
            assert "quy định" not in sentence
    told = {month for s in late if s.commitment for month in [month_of(s.commitment)]}
    assert set(re.findall(r"hoàn thành trong (tháng \d+/\d+)", text)) <= told
    for cause in {c.words for s in late for c in s.causes}:
        assert cause in text
