"""Phần II: what the next period owes, from the states still open and the plan rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khcn_workflow.domain import vietnamese
from khcn_workflow.reports.activity_figures import ISSUED, LEGAL
from khcn_workflow.reports.composing import capitalised, compose, listed
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.phrases import in_sentence, without
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.science_sentences import monitored_words, plan_years

PLAN = "ke-hoach-ky-sau"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing the next period owes.

    Attributes:
        theme: What a plan row must be about to stand in its place, on folded words.
        text: Derived from an open state; empty where nothing is open.
    """

    theme: str
    text: str


def next_items(facts: Facts, report_input: ReportInput) -> Iterator[tuple[Run, ...]]:
    """The numbered items, without end marks; a plan row goes before what was derived."""
    own = [_drafts(facts), _organisation(facts), _plan(facts, report_input)]
    first, second = _running(facts, report_input), _continued(facts)
    plans = [in_sentence(a.title) for a in facts.of_kind(PLAN)]
    placed = _placed(plans, [*own, *first, *second])
    for duty in own:
        for words in _worded([duty], placed):
            yield capitalised(compose("{words}", {"words": words}))
    free = [plan for plan in plans if plan not in {p for found in placed.values() for p in found}]
    clauses = [*_worded(first, placed), *free, *_worded(second, placed)]
    if clauses:
        yield _accelerated(clauses, report_input)


def _placed(plans: Sequence[str], duties: Sequence[Duty]) -> dict[Duty, list[str]]:
    """The plan rows by the duty each is about; a row stands in one place only."""
    placed: dict[Duty, list[str]] = {duty: [] for duty in duties}
    for plan in plans:
        about = [duty for duty in duties if re.search(duty.theme, vietnamese.folded(plan))]
        for duty in about[:1]:
            placed[duty].append(plan)
    return placed


def _worded(duties: Sequence[Duty], placed: Mapping[Duty, Sequence[str]]) -> list[str]:
    return [words for duty in duties if (words := "; ".join(placed[duty]) or duty.text)]


def _accelerated(clauses: Sequence[str], report_input: ReportInput) -> tuple[Run, ...]:
    text = "; ".join(clauses)
    lead = (
        "Đẩy nhanh tiến độ hoàn thành các nhiệm vụ được giao tại Kế hoạch KH&CN "
        f"{report_input.agency.province} năm {report_input.period.year}: "
    )
    return compose(lead + "{clauses}", {"clauses": text[:1].upper() + text[1:]})


def _drafts(facts: Facts) -> Duty:
    is_open = any(a.stage != ISSUED for a in facts.of_kind(LEGAL))
    text = (
        "hoàn thành công tác tham mưu cho HĐND, UBND tỉnh xây dựng các văn bản quy phạm pháp "
        "luật thuộc lĩnh vực KH&CN"
    )
    return Duty("quy pham phap luat", text if is_open else "")


def _organisation(facts: Facts) -> Duty:
    rows = facts.of_kind("sap-nhap")
    text = (
        "thực hiện công tác sắp xếp, tổ chức lại đơn vị sự nghiệp KH&CN trực thuộc Sở KH&CN và "
        "tổ chức bộ máy bên trong của Sở KH&CN theo các văn bản chỉ đạo của Tỉnh ủy, UBND tỉnh"
    )
    joint = [a for a in rows if a.stage == "tham-gia-du-thao"]
    if joint:
        partners = listed(a.organisation for a in joint if a.organisation)
        schemes = listed(without(a.title, "Tham gia xây dựng dự thảo") for a in joint)
        together = f"tiếp tục phối hợp với {partners}" if partners else "tiếp tục phối hợp"
        text += f"; {together} hoàn thành dự thảo {schemes}"
    return Duty("sap xep|sap nhap", text if rows else "")


def _plan(facts: Facts, report_input: ReportInput) -> Duty:
    year = report_input.period.year + 1
    text = (
        f"xây dựng, trình UBND tỉnh xem xét, phê duyệt Kế hoạch KH&CN "
        f"{report_input.agency.province} năm {year}"
    )
    is_open = facts.value("provincial_proposals")
    return Duty(
        rf"(phe duyet|xay dung) ke hoach (kh cn|khoa hoc).* {year}", text if is_open else ""
    )


def _running(facts: Facts, report_input: ReportInput) -> list[Duty]:
    return [
        Duty("ky (ket )?hop dong", _contracts(facts)),
        Duty("lan hai|khong co ho so", _second_calls(facts, report_input)),
        Duty("theo doi.* du an|quan ly.* du an", _monitoring(facts)),
        Duty("quan ly an toan buc xa|tieu chuan do luong", _control(facts)),
    ]


def _contracts(facts: Facts) -> str:
    owed, appraisal = [], False
    for prefix, words in _UNSIGNED.items():
        values = facts.cohort(prefix)
        aside = sum(
            values[key].value
            for key in ("no_dossier", "council_stopped", "appraisal_stopped")
            if key in values
        )
        if values["total"].value - aside > values["contracted"].value:
            owed.append(words.format(year=plan_years(facts.tasks_of(f"{prefix}_total"))))
        appraisal = appraisal or bool("pending" in values and values["pending"].value)
    if not owed:
        return ""
    deed = "thẩm định, ký kết hợp đồng" if appraisal else "ký kết hợp đồng"
    return f"hoàn thành công tác {deed} với các nhiệm vụ KH&CN cấp tỉnh {listed(owed)}"


_UNSIGNED = {
    "supplementary": "bổ sung năm {year}",
    "unplanned": "đột xuất năm {year}",
    "backlog": "đặt hàng năm {year}",
    "new": "mới thực hiện năm {year}",
}


def _second_calls(facts: Facts, report_input: ReportInput) -> str:
    ended = {d.task.code for d in report_input.dossiers if d.ended_on is not None}
    rows = facts.figures["new_no_dossier"].rows
    waiting = [code for code in rows if code not in ended]
    if not waiting:
        return ""
    number = vietnamese.count(len(waiting))
    return f"tiếp tục xử lý {number} nhiệm vụ đặt hàng không có hồ sơ tham gia tuyển chọn, xét chọn"


def _monitoring(facts: Facts) -> str:
    watched = ("national", "urgent", "rural", "carried", "new_contracted")
    if not any(facts.value(key) for key in watched):
        return ""
    return f"tăng cường công tác quản lý, theo dõi, kiểm tra {monitored_words(facts)}"


def _control(facts: Facts) -> str:
    radiation = "quản lý an toàn bức xạ" if facts.of_kind("co-so-buc-xa") else ""
    quality = facts.of_kind("kiem-tra-hang-hoa")
    standards = "về tiêu chuẩn, đo lường, chất lượng" if quality else ""
    found = [text for text in (radiation, standards) if text]
    return f"duy trì thực hiện công tác {listed(found)}" if found else ""


def _continued(facts: Facts) -> list[Duty]:
    lead = "Tham mưu triển khai thực hiện"
    plans = [in_sentence(without(a.title, lead)) for a in facts.of_kind("iso-9001")]
    iso = f"tiếp tục tham mưu triển khai thực hiện {listed(plans)}" if plans else ""
    rows = facts.of_kind("xay-dung")
    titles = [in_sentence(without(a.title, "Tiếp tục triển khai")) for a in rows]
    works = f"đẩy nhanh tiến độ thực hiện {listed(titles)}" if titles else ""
    return [Duty("iso 9001", iso), Duty("du an dau tu|trang trai", works)]
