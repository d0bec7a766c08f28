import unicodedata
from html.parser import HTMLParser

import pytest

from notifications.brief import size
from notifications.messages import Event
from notifications.samples import samples
from notifications.templating import TemplateProblem, check_templates, render

STEP_EVENTS = [
    Event.DUE_SOON,
    Event.DUE_TODAY,
    Event.OVERDUE,
    Event.OVERDUE_HEAD,
    Event.OVERDUE_DIRECTOR,
]
ALL_SAMPLES = [(event, context) for event in Event for context in samples(event)]


class Words(HTMLParser):
    """The words a reader sees, and every tag left open."""

    VOID = ("meta", "br")

    def __init__(self):
        super().__init__()
        self.words, self.open = [], []

    def handle_starttag(self, tag, _attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Words()
    reader.feed(html)
    assert reader.open == []
    return " ".join(" ".join(reader.words).split())


def full(event):
    return samples(event)[0]


def internal(event):
    return samples(event)[1]


def override(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_our_own_templates_render_every_event():
    check_templates()


@pytest.mark.parametrize(("event", "context"), ALL_SAMPLES)
def test_every_message_is_composed_unicode_whatever_was_typed(event, context):
    decomposed = {
        key: unicodedata.normalize("NFD", value) if isinstance(value, str) else value
        for key, value in context.items()
        if key != "force"
    }
    rendered = render(event, {**context, **decomposed})
    for part in (rendered.subject, rendered.text, rendered.html):
        assert unicodedata.is_normalized("NFC", part)
    assert rendered == render(event, context)


@pytest.mark.parametrize(("event", "context"), ALL_SAMPLES)
def test_every_page_is_well_formed_and_says_what_the_text_says(event, context):
    rendered = render(event, context)
    page = read(rendered.html)
    assert context["recipient_name"] in page
    assert context["agency"] in page
    for fact in ("task_code", "task_title", "step", "due_on", "host", "officer_name"):
        if fact in context:
            assert context[fact] in page
            assert context[fact] in rendered.text


@pytest.mark.parametrize(("event", "context"), ALL_SAMPLES)
def test_no_line_of_a_text_is_ragged_and_no_two_empty_lines_meet(event, context):
    text = render(event, context).text
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize(("event", "context"), ALL_SAMPLES)
def test_a_chat_gets_a_short_text_that_ends_with_its_link(event, context):
    brief = render(event, context).brief
    assert size(brief) <= 600
    assert brief == unicodedata.normalize("NFC", brief)
    assert brief.endswith(f"\n\n{context['link']}") or not context["link"]
    assert "dưới đây" not in brief
    assert context.get("host", "\0") not in brief


@pytest.mark.parametrize(("event", "context"), ALL_SAMPLES)
def test_an_approved_template_of_zalo_gets_the_same_four_values_whatever_happened(event, context):
    values = render(event, context).values
    assert list(values) == ["nguoi_nhan", "tinh_trang", "noi_dung", "chi_tiet"]
    assert all(0 < size(value) <= 200 and "\n" not in value for value in values.values())


def test_a_chat_names_the_task_the_step_and_the_day():
    assert render(Event.OVERDUE, full(Event.OVERDUE)).brief == (
        "QUÁ HẠN 3 NGÀY LÀM VIỆC\n"
        "Hạn luật định của bước «Họp tổ thẩm định kinh phí», nhiệm vụ NV-2019-07, là thứ Tư, ngày "
        "08/05/2019. Tính đến ngày 13/05/2019, hệ thống chưa ghi nhận kết quả; bước này đã quá hạn "
        "3 ngày làm việc.\n\n"
        "https://khcn.caobang.example/nhiem-vu/NV-2019-07"
    )


def test_a_chat_lists_the_due_dates_that_moved():
    brief = render(Event.DEADLINES_MOVED, full(Event.DEADLINES_MOVED)).brief
    assert "NV-2025-07 – Họp tổ thẩm định kinh phí: 06/01/2026 → 07/01/2026\n" in brief
    assert "NV-2025-09 – Ký hợp đồng: 08/01/2026 → không có hạn\n" in brief


def test_a_step_tells_zalos_template_its_facts():
    assert render(Event.OVERDUE, internal(Event.OVERDUE)).values["chi_tiet"] == (
        "NV-2019-07, Thẩm định nội dung, kinh phí: mục tiêu thứ Tư, 08/05/2019"
    )


def test_what_people_typed_cannot_break_out_of_zalos_values():
    typed = 'Họp "kín" {{ 7 * 7 }}\n", "x": "'
    values = render(Event.OVERDUE, {**full(Event.OVERDUE), "step": typed}).values
    assert list(values) == ["nguoi_nhan", "tinh_trang", "noi_dung", "chi_tiet"]
    assert 'Họp "kín" {{ 7 * 7 }}' in values["noi_dung"]


def test_a_department_words_its_own_chat_and_its_own_template(tmp_path):
    override(tmp_path, "overdue/zalo.txt.j2", "Trễ: {{ task_code }}")
    override(tmp_path, "zbs.json.j2", '{"ma": {{ task_code | tojson }}}')
    check = {**full(Event.OVERDUE), "link": ""}
    rendered = render(Event.OVERDUE, check, tmp_path)
    assert (rendered.brief, rendered.values) == ("Trễ: NV-2019-07", {"ma": "NV-2019-07"})
    assert render(Event.DUE_TODAY, full(Event.DUE_TODAY), tmp_path).brief.startswith("ĐẾN HẠN")


@pytest.mark.parametrize("text", ["{", "[1]", '"x"'])
def test_a_template_of_zalo_that_is_no_json_is_a_problem(tmp_path, text):
    assert "không cho ra JSON" in str(problem(tmp_path, "zbs.json.j2", text))


@pytest.mark.parametrize("event", STEP_EVENTS)
def test_a_reminder_proves_its_deadline_and_names_the_law(event):
    for part in (render(event, full(event)).text, read(render(event, full(event)).html)):
        assert "Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019" in part
        assert full(event)["legal_basis"] in part
        assert "luật định" in part


@pytest.mark.parametrize("event", STEP_EVENTS)
def test_an_internal_target_is_never_worded_as_a_breach_of_law(event):
    rendered = render(event, internal(event))
    for part in (rendered.subject, rendered.text, read(rendered.html)):
        assert "mục tiêu nội bộ" in part.lower()
        for word in ("quá hạn", "luật định", "vi phạm", "đến hạn"):
            assert word not in part.lower()


@pytest.mark.parametrize(
    ("event", "colour"),
    [
        (Event.DUE_SOON, "#1a5fb4"),
        (Event.DUE_TODAY, "#b45309"),
        (Event.OVERDUE, "#b3261e"),
        (Event.OVERDUE_HEAD, "#b3261e"),
        (Event.OVERDUE_DIRECTOR, "#b3261e"),
    ],
)
def test_the_bar_is_blue_before_amber_on_and_red_after_the_due_day(event, colour):
    assert f'bgcolor="{colour}"' in render(event, full(event)).html


def test_the_subject_says_how_late_what_and_which_task():
    assert render(Event.OVERDUE, full(Event.OVERDUE)).subject == (
        "[Quá hạn 3 ngày làm việc] NV-2019-07 – Họp tổ thẩm định kinh phí"
    )
    assert render(Event.OVERDUE, internal(Event.OVERDUE)).subject == (
        "[Chậm 3 ngày làm việc so với mục tiêu nội bộ] NV-2019-07 – Họp tổ thẩm định kinh phí"
    )


def test_the_head_and_the_director_learn_the_cause_or_that_there_is_none():
    for event in (Event.OVERDUE_HEAD, Event.OVERDUE_DIRECTOR):
        assert full(event)["cause"] in render(event, full(event)).text
        assert "Nguyên nhân chậm chưa được ghi." in render(event, internal(event)).text


def test_a_link_is_offered_only_when_there_is_one():
    link = full(Event.OVERDUE)["link"]
    with_link = render(Event.OVERDUE, full(Event.OVERDUE))
    assert f'href="{link}"' in with_link.html
    assert link in with_link.text
    without = render(Event.OVERDUE, {**full(Event.OVERDUE), "link": ""})
    assert "href=" not in without.html
    assert "Mở bước này" not in without.text


def test_an_outcome_names_the_next_steps_and_their_due_days():
    text = render(Event.OUTCOME_RECORDED, full(Event.OUTCOME_RECORDED)).text
    assert "1. Chủ nhiệm hoàn thiện hồ sơ theo kết luận (hạn 15/05/2019)" in text
    assert "2. Trình UBND tỉnh phê duyệt (chưa xác định hạn)" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Kết quả đúng hạn luật định (08/05/2019)."),
        ({"days_late": 2}, "Kết quả chậm 2 ngày làm việc so với hạn luật định (08/05/2019)."),
    ],
)
def test_an_outcome_says_whether_it_was_in_time(changes, sentence):
    context = {**full(Event.OUTCOME_RECORDED), **changes}
    assert sentence in render(Event.OUTCOME_RECORDED, context).text


def test_an_outcome_of_a_step_without_a_limit_says_nothing_of_time():
    context = {**full(Event.OUTCOME_RECORDED), "due_on": ""}
    assert "hạn luật định" not in render(Event.OUTCOME_RECORDED, context).text


def test_a_report_names_its_files():
    text = render(Event.REPORT_READY, full(Event.REPORT_READY)).text
    assert "- Tệp: bao-cao-6-thang-2019.docx, bao-cao-6-thang-2019.html\n" in text


def test_what_people_typed_is_escaped_in_the_page_and_never_run_as_a_template():
    typed = "<script>alert(1)</script> {{ 7 * 7 }} & {% raise %}"
    for event in STEP_EVENTS:
        context = {**full(event), "step": typed, "task_title": typed, "officer_name": typed}
        rendered = render(event, context)
        assert "<script" not in rendered.html
        assert "{{ 7 * 7 }}" in rendered.html
        assert typed in rendered.text
        assert "&amp;lt;" not in rendered.html


@pytest.mark.parametrize("code", ["NV-2019-07", "A&B-<1>", "39", "amp"])
def test_a_code_is_not_broken_at_its_hyphen_and_is_escaped_as_ever(code):
    html = render(Event.OVERDUE, {**full(Event.OVERDUE), "task_code": code, "step": "A & 'B'"}).html
    assert html.count('<span style="white-space:nowrap;">') == int("-" in code)
    said = read(html).replace(f"{code} ,", f"{code},")
    assert said.count(f"của bước «A & 'B'», nhiệm vụ {code}, là") == len(["preview", "page"])


def test_an_alert_without_more_to_say_says_its_title_once():
    html = render(Event.ADMIN_ALERT, full(Event.ADMIN_ALERT)).html
    body = html[html.index("Kính gửi") :]
    assert body.count("Kênh gửi thư hỏng: 3 thư đang chờ sửa kênh") == 1


def test_a_subject_is_one_line_whatever_was_typed():
    context = {**full(Event.OVERDUE), "step": "Họp\r\nBcc: moi@nguoi.example\u2028x"}
    subject = render(Event.OVERDUE, context).subject
    assert subject.splitlines() == [subject]
    assert subject.endswith("– Họp Bcc: moi@nguoi.example x")


def test_a_department_replaces_one_file_and_keeps_the_rest(tmp_path):
    override(tmp_path, "overdue/subject.txt.j2", "TRỄ HẠN: {{ task_code }}")
    context = full(Event.OVERDUE)
    rendered = render(Event.OVERDUE, context, tmp_path)
    assert rendered.subject == "TRỄ HẠN: NV-2019-07"
    assert rendered.text == render(Event.OVERDUE, context).text


def test_a_department_replaces_the_frame_of_every_page(tmp_path):
    override(tmp_path, "layout.html.j2", "<i>{% block main %}{% endblock %}</i>")
    check_templates(tmp_path)
    assert render(Event.OVERDUE, full(Event.OVERDUE), tmp_path).html.startswith("<i>")


def test_a_changed_override_is_read_again(tmp_path):
    context = full(Event.OVERDUE)
    override(tmp_path, "overdue/subject.txt.j2", "một")
    assert render(Event.OVERDUE, context, tmp_path).subject == "một"
    override(tmp_path, "overdue/subject.txt.j2", "hai hai")
    assert render(Event.OVERDUE, context, tmp_path).subject == "hai hai"


def problem(tmp_path, name, text):
    override(tmp_path, name, text)
    with pytest.raises(TemplateProblem) as caught:
        check_templates(tmp_path)
    return caught.value


def test_a_misspelt_fact_is_found_with_its_file_and_line(tmp_path):
    found = problem(tmp_path, "overdue/subject.txt.j2", "dòng đầu\n{{ ten_buoc }}\n")
    assert (found.file, found.line) == (str(tmp_path / "overdue/subject.txt.j2"), 2)
    assert str(found) == (
        f"Mẫu thư {tmp_path}/overdue/subject.txt.j2, dòng 2: dùng tên không có trong dữ liệu "
        "của thư ('ten_buoc' is undefined)."
    )


def test_a_fact_misspelt_where_a_rare_branch_uses_it_is_found(tmp_path):
    text = "x\n{% if not link %}\n{{ lnk }}\n{% endif %}\n"
    assert problem(tmp_path, "due_soon/subject.txt.j2", text).line == 3


def test_wrong_syntax_is_found_with_its_file_and_line(tmp_path):
    found = problem(tmp_path, "due_today/body.html.j2", "<p>\n\n{% if %}\n</p>")
    assert found.file == str(tmp_path / "due_today/body.html.j2")
    assert found.line == 3
    assert "sai cú pháp" in str(found)


def test_a_missing_parent_is_found_with_its_file(tmp_path):
    found = problem(tmp_path, "due_soon/body.txt.j2", '{% extends "khong-co.txt.j2" %}')
    assert "không tìm thấy tệp mẫu (" in str(found)
    assert found.file == str(tmp_path / "due_soon/body.txt.j2")


def test_a_template_cannot_reach_into_the_program(tmp_path):
    text = "{{ task_code.__class__.__mro__ }}"
    assert "không được phép" in str(problem(tmp_path, "overdue/subject.txt.j2", text))


def test_an_empty_template_is_a_problem(tmp_path):
    assert "nội dung trống" in str(problem(tmp_path, "overdue/subject.txt.j2", " \n"))


def test_a_file_that_is_not_utf_8_is_a_problem(tmp_path):
    (tmp_path / "overdue").mkdir()
    (tmp_path / "overdue/subject.txt.j2").write_bytes("Hạn".encode("utf-16"))
    with pytest.raises(TemplateProblem, match=r"overdue/subject.txt.j2: tệp không ghi bằng UTF-8"):
        check_templates(tmp_path)


def test_a_fact_missing_from_the_context_is_a_problem_and_not_a_blank():
    context = {key: value for key, value in full(Event.OVERDUE).items() if key != "host"}
    with pytest.raises(TemplateProblem, match="'host' is undefined"):
        render(Event.OVERDUE, context)
