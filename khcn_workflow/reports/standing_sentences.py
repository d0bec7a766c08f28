"""Công trình, sự kiện, tổ chức bộ máy: the last three bullets of mục I.1."""

import re
from collections.abc import Iterator, Sequence

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity
from khcn_workflow.reports.composing import compose, listed
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.phrases import led, paper, without
from khcn_workflow.reports.report_input import ReportInput

Clause = tuple[Run, ...]


def works(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    """Dự án đầu tư xây dựng: what is done, what is being built, what is changed."""
    rows = facts.of_kind("xay-dung")
    stages = dict(report_input.kinds["xay-dung"].stages) if rows else {}
    for title in dict.fromkeys(a.title for a in rows):
        parts = [_reached(a, stages.get(a.stage, "")) for a in rows if a.title == title]
        project = led(title, "tiếp tục triển khai ")
        template = "{project}, trong đó {reached}" if any(parts) else "{project}"
        yield compose(template, {"project": project, "reached": _done_then_going(parts)})


def _done_then_going(parts: Sequence[str]) -> str:
    going = [part for part in parts if part.startswith("đang ")]
    done = [part for part in parts if part and part not in going]
    return ", ".join([*done, f"hiện {listed(going)}"] if going else done)


def _reached(activity: Activity, stage: str) -> str:
    note = activity.note.strip().rstrip(".;")
    if re.match(r"(đã|đang|hiện|hoàn thành|thực hiện|tiếp tục)\b", note, re.IGNORECASE):
        return note[:1].lower() + note[1:]
    area = ""
    if activity.quantity is not None and "ha" not in note.split():
        area = f" đối với {vietnamese.count(activity.quantity)} ha"
    return f"{stage}{area}{f' {note}' if note else ''}"


def events(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    """Sự kiện, hội thảo and what was prepared for delegations of supervision."""
    for activity in facts.of_kind("su-kien"):
        yield compose("{title}" + _held(activity), {"title": led(activity.title, "tổ chức ")})
    for activity in facts.of_kind("hoi-thao"):
        yield compose("{title}", {"title": _conference(activity)})
    lead = "chuẩn bị các nội dung liên quan phục vụ "
    for activity in facts.of_kind("giam-sat"):
        yield compose("{title}", {"title": led(without(activity.title, "Phục vụ"), lead)})


def _held(activity: Activity) -> str:
    on = vietnamese.report_day(activity.on) if activity.on else ""
    return f" (*tổ chức ngày {on}*)" if on and on not in activity.title else ""


def _conference(activity: Activity) -> str:
    is_plan = activity.title.startswith("Kế hoạch")
    text = led(activity.title, "tham mưu, trình ban hành " if is_plan else "tham mưu tổ chức ")
    partner = activity.organisation
    if not partner or partner in text:
        return text
    return f"phối hợp với {partner} {text}"


def organisation(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    """Đơn vị sự nghiệp tự chủ, and mergers by the stage they have reached."""
    yield from _autonomy(facts)
    rows = facts.of_kind("sap-nhap")
    for stage, template in _MERGERS.items():
        titles = [_scheme(a) for a in rows if a.stage == stage]
        if titles:
            yield compose(template, {"titles": listed(titles)})


_MERGERS = {
    "xay-dung-du-thao": "xây dựng dự thảo {titles}",
    "da-gui-tham-dinh": "xây dựng dự thảo {titles}, hiện đã gửi Sở Nội vụ thẩm định và trình "
    "UBND tỉnh ban hành",
    "tham-gia-du-thao": "tham gia xây dựng dự thảo {titles}",
    "": "thực hiện {titles}",
}


def _scheme(activity: Activity) -> str:
    title = without(activity.title, "Tham gia xây dựng dự thảo", "Xây dựng dự thảo")
    return f"Đề án s{title[1:]}" if title.startswith("Sáp nhập") else title


def _autonomy(facts: Facts) -> Iterator[Clause]:
    rows = facts.of_kind("tu-chu")
    if not rows:
        return
    first = rows[0]
    since = f" từ ngày {vietnamese.report_day(first.on)}" if first.on else ""
    basis = f" theo tinh thần {paper(first.document)}" if first.document.number else ""
    yield compose(
        "chỉ đạo và hướng dẫn {autonomous_units} đơn vị sự nghiệp công lập trực thuộc thực hiện "
        "vận hành hoạt động đồng bộ{since} theo cơ chế tự chủ{basis}",
        {**facts.figures, "since": since, "basis": basis.replace("Nghị định số ", "Nghị định ")},
    )
