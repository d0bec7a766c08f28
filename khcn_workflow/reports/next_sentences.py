"""Phần II: what the next period owes; every list of open work is spoken for, with the plan rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import STAGE_TITLES
from khcn_workflow.reports.composing import capitalised, compose, joined, listed, marked
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.invariants import InvariantError
from khcn_workflow.reports.next_figures import STILL_OPEN, coming_id
from khcn_workflow.reports.phrases import in_sentence, without
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.science_sentences import monitored_words, plan_years

PLAN = "ke-hoach-ky-sau"

Clause = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing the next period owes.

    Attributes:
        theme: What a plan row must be about to stand in its place, on folded words.
        text: Derived from open states, figures by their ids; empty where nothing is open.
        speaks_for: Ids of the figures whose rows it answers for.
        values: Texts that `text` names besides figures.
    """

    theme: str
    text: str
    speaks_for: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


def next_items(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    """The numbered items, without end marks; a plan row goes before what was derived."""
    own = [_drafts(facts), _organisation(facts), _plan(facts, report_input)]
    first, second = _running(facts, report_input), _continued(facts)
    plans = [in_sentence(a.title) for a in facts.of_kind(PLAN)]
    placed = _placed(plans, [*own, *first, *second])
    for duty in own:
        for clause in _worded([duty], placed, facts):
            yield capitalised(clause)
    taken = {plan for found in placed.values() for plan in found}
    free = [marked(plan) for plan in plans if plan not in taken]
    clauses = [*_worded(first, placed, facts), *free, *_worded(second, placed, facts)]
    if clauses:
        yield _accelerated(clauses, report_input)


def check_next(facts: Facts, report_input: ReportInput) -> None:
    """Refuse a part II that leaves something open unsaid.

    Raises:
        InvariantError: Names what is open and in no sentence.
    """
    silent = sorted(set(facts.figures[STILL_OPEN].rows) - spoken_for(facts, report_input))
    if silent:
        what = f"{', '.join(silent)} còn mở mà phần II không nhắc tới"
        raise InvariantError(what, (STILL_OPEN,))


def spoken_for(facts: Facts, report_input: ReportInput) -> set[str]:
    """Codes of the open tasks and work that part II answers for."""
    duties = [_drafts(facts), _organisation(facts), _plan(facts, report_input),
              *_running(facts, report_input), *_continued(facts)]  # fmt: skip
    return {
        code
        for duty in duties
        if duty.text
        for key in duty.speaks_for
        for code in facts.figures[key].rows
    }


def _placed(plans: Sequence[str], duties: Sequence[Duty]) -> dict[Duty, list[str]]:
    """The plan rows by the duty each is about; a row stands in one place only."""
    placed: dict[Duty, list[str]] = {duty: [] for duty in duties}
    for plan in plans:
        about = [d for d in duties if d.theme and re.search(d.theme, vietnamese.folded(plan))]
        for duty in about[:1]:
            placed[duty].append(plan)
    return placed


def _worded(
    duties: Sequence[Duty], placed: Mapping[Duty, Sequence[str]], facts: Facts
) -> list[Clause]:
    clauses = []
    for duty in duties:
        if placed[duty]:
            clauses.append(marked("; ".join(placed[duty])))
        elif duty.text:
            clauses.append(compose(duty.text, {**facts.figures, **dict(duty.values)}))
    return clauses


def _accelerated(clauses: Sequence[Clause], report_input: ReportInput) -> Clause:
    lead = (
        "Đẩy nhanh tiến độ hoàn thành các nhiệm vụ được giao tại Kế hoạch KH&CN "
        f"{report_input.agency.province} năm {report_input.period.year}: "
    )
    return (*compose(lead), *capitalised(joined(clauses, "; ", "")))


def _drafts(facts: Facts) -> Duty:
    text = (
        "hoàn thành công tác tham mưu cho HĐND, UBND tỉnh xây dựng các văn bản quy phạm pháp "
        "luật thuộc lĩnh vực KH&CN"
    )
    return _duty(facts, "quy pham phap luat", text, "next_drafts")


def _organisation(facts: Facts) -> Duty:
    rows = facts.of_kind("sap-nhap")
    text = (
        "thực hiện công tác sắp xếp, tổ chức lại đơn vị sự nghiệp KH&CN trực thuộc Sở KH&CN và "
        "tổ chức bộ máy bên trong của Sở KH&CN theo các văn bản chỉ đạo của Tỉnh ủy, UBND tỉnh"
    )
    joint = [a for a in rows if a.stage == "tham-gia-du-thao"]
    values: tuple[tuple[str, str], ...] = ()
    if joint:
        partners = listed(a.organisation for a in joint if a.organisation)
        schemes = listed(without(a.title, "Tham gia xây dựng dự thảo") for a in joint)
        together = "tiếp tục phối hợp với {partners}" if partners else "tiếp tục phối hợp"
        text += f"; {together} hoàn thành dự thảo {{schemes}}"
        values = (("partners", partners), ("schemes", schemes))
    return _duty(facts, "sap xep|sap nhap", text, "next_organisation", values=values)


def _plan(facts: Facts, report_input: ReportInput) -> Duty:
    year = report_input.period.year + 1
    text = (
        f"xây dựng, trình UBND tỉnh xem xét, phê duyệt Kế hoạch KH&CN "
        f"{report_input.agency.province} năm {year}"
    )
    theme = rf"(phe duyet|xay dung) ke hoach (kh cn|khoa hoc).* {year}"
    return _duty(facts, theme, text, "next_plan")


def _running(facts: Facts, report_input: ReportInput) -> list[Duty]:
    return [
        _duty(facts, "ky (ket )?hop dong", _contracts(facts), "next_contracts"),
        _duty(
            facts,
            "lan hai|khong co ho so",
            "tiếp tục xử lý {next_second_calls} nhiệm vụ đặt hàng không có hồ sơ tham gia tuyển "
            "chọn, xét chọn",
            "next_second_calls",
        ),
        _late(facts),
        _coming(facts, report_input),
        _duty(
            facts,
            "theo doi.* du an|quan ly.* du an",
            f"tăng cường công tác quản lý, theo dõi, kiểm tra {monitored_words(facts)}",
            "next_monitoring",
        ),
        _duty(
            facts,
            "de xuat.* bo kh",
            "tiếp tục phối hợp với Bộ KH&CN xem xét, phê duyệt {next_ministry} nhiệm vụ đã đề "
            "xuất, đặt hàng",
            "next_ministry",
        ),
        _duty(
            facts,
            "",
            "tiếp tục hoàn thiện thủ tục đối với {next_other} nhiệm vụ khác chưa kết thúc",
            "next_other",
        ),
        _control(facts),
    ]


def _duty(
    facts: Facts,
    theme: str,
    text: str,
    *speaks_for: str,
    values: tuple[tuple[str, str], ...] = (),
) -> Duty:
    """A duty that is owed while one of its lists has rows."""
    is_open = any(facts.value(key) for key in speaks_for)
    return Duty(theme, text if is_open else "", speaks_for, values)


def _contracts(facts: Facts) -> str:
    unsigned = set(facts.figures["next_contracts"].rows)
    owed, appraisal = [], False
    for prefix, words in _UNSIGNED.items():
        if unsigned.isdisjoint(facts.figures[f"{prefix}_total"].rows):
            continue
        owed.append(words.format(year=plan_years(facts.tasks_of(f"{prefix}_total"))))
        pending = facts.cohort(prefix).get("pending")
        appraisal = appraisal or (pending is not None and pending.value > 0)
    deed = "thẩm định, ký kết hợp đồng" if appraisal else "ký kết hợp đồng"
    return f"hoàn thành công tác {deed} với các nhiệm vụ KH&CN cấp tỉnh {listed(owed)}"


_UNSIGNED = {
    "supplementary": "bổ sung năm {year}",
    "unplanned": "đột xuất năm {year}",
    "backlog": "đặt hàng năm {year}",
    "new": "mới thực hiện năm {year}",
    "next": "thực hiện mới từ năm {year}",
}


def _late(facts: Facts) -> Duty:
    text = "giải quyết dứt điểm {late_open} nhiệm vụ đang có bước chậm"
    return Duty("dut diem", text if facts.value("late_open") else "")


def _coming(facts: Facts, report_input: ReportInput) -> Duty:
    """What falls due by the deadlines that run, stage by stage, with the first day."""
    parts = []
    for stage, title in STAGE_TITLES.items():
        soonest = min((s.due_on for s in facts.coming if s.stage == stage), default=None)
        if soonest is not None:
            words = title[:1].lower() + title[1:]
            day = vietnamese.report_day(soonest)
            parts.append(f"{words} đối với {{{coming_id(stage)}}} nhiệm vụ (hạn sớm nhất {day})")
    lead = f"thực hiện đúng hạn các bước đến hạn trong {report_input.period.next_label}: "
    return Duty("", lead + ", ".join(parts) if parts else "")


def _control(facts: Facts) -> Duty:
    radiation = "quản lý an toàn bức xạ" if facts.of_kind("co-so-buc-xa") else ""
    quality = facts.of_kind("kiem-tra-hang-hoa")
    standards = "về tiêu chuẩn, đo lường, chất lượng" if quality else ""
    found = [text for text in (radiation, standards) if text]
    text = f"duy trì thực hiện công tác {listed(found)}" if found else ""
    return Duty("quan ly an toan buc xa|tieu chuan do luong", text, ("next_radiation",))


def _continued(facts: Facts) -> list[Duty]:
    return [
        _titled(facts, "iso 9001", "next_iso", "tiếp tục tham mưu triển khai thực hiện {titles}",
                "Tham mưu triển khai thực hiện"),
        _titled(facts, "du an dau tu|trang trai", "next_works",
                "đẩy nhanh tiến độ thực hiện {titles}", "Tiếp tục triển khai"),
        _titled(facts, "to chuc.* hoi thao", "next_conferences", "tổ chức thực hiện {titles}",
                "Trình ban hành", "Tổ chức"),
        _titled(facts, "giam sat", "next_supervisions", "tiếp tục phục vụ {titles}", "Phục vụ",
                "Chuẩn bị các nội dung liên quan phục vụ"),
        _titled(facts, "tu chu", "next_autonomy", "tiếp tục thực hiện cơ chế tự chủ: {titles}"),
    ]  # fmt: skip


def _titled(facts: Facts, theme: str, figure: str, text: str, *leads: str) -> Duty:
    """A duty that names its rows."""
    titles = listed(
        in_sentence(without(facts.title_of(code), *leads)) for code in facts.figures[figure].rows
    )
    return _duty(facts, theme, text, figure, values=(("titles", titles),))
