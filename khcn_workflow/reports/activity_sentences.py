"""Các gạch đầu dòng còn lại của mục I.1: the Department's other work, kind by kind.

How a register row reads: `title` is a phrase that may begin with its own verb or
without one; `note` is what the footnote adds; `organisation` is who; a number is always
taken from `quantity`, `subset`, `place_count` or `amount_vnd`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity
from khcn_workflow.reports.activity_figures import ISSUED, LEGAL
from khcn_workflow.reports.composing import Note, Noted, compose, listed
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.phrases import (
    in_sentence,
    led,
    money,
    names,
    paper,
    says_deed,
    sentence,
    with_paper,
    without,
)
from khcn_workflow.reports.report_input import ReportInput

Clause = tuple[Run, ...]
Writer = Callable[[Facts, ReportInput], Iterator[Clause]]


def legal_documents(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    """Văn bản quy phạm pháp luật and the other papers the Department prepared."""
    stages = dict(report_input.kinds[LEGAL].stages) if LEGAL in report_input.kinds else {}
    legal = facts.of_kind(LEGAL)
    issued = "; ".join(with_paper(a) for a in legal if a.stage == ISSUED)
    drafts = "; ".join(_draft(a, stages.get(a.stage, "")) for a in legal if a.stage != ISSUED)
    values = {
        "issued": Noted(facts.figures["legal_issued"], sentence(issued)),
        "drafts": Noted(facts.figures["legal_drafts"], sentence(drafts)),
    }
    parts = []
    if issued:
        parts.append(
            "hoàn thành công tác tham mưu cho UBND tỉnh ban hành {issued} "
            "văn bản quy phạm pháp luật"
        )
    if drafts:
        parts.append(
            "triển khai xây dựng {drafts} dự thảo văn bản quy phạm pháp luật mới để sửa đổi, "
            "bổ sung, thay thế các văn bản quy phạm pháp luật đã được ban hành trong lĩnh vực "
            "KH&CN"
        )
    if parts:
        yield compose(" và ".join(parts), values)
    yield from _advice(facts)


def _draft(activity: Activity, stage: str) -> str:
    title = activity.title.strip().rstrip(".;")
    return f"{title} (*{stage}*)" if stage else title


def _advice(facts: Facts) -> Iterator[Clause]:
    lead = "tham mưu cho UBND tỉnh ban hành "
    titles = [without(a.title, lead.strip(), "Ban hành") for a in facts.of_kind("tham-muu")]
    nouns = [in_sentence(title) for title in titles if not says_deed(title)]
    if nouns:
        yield compose(lead + "{titles}", {"titles": listed(nouns)})
    for title in titles:
        if says_deed(title):
            yield compose("{title}", {"title": in_sentence(title)})


def other_work(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    """Sáng kiến, thanh tra, công nghệ, bức xạ, hàng hóa, năng suất, ISO, thông tin, thống kê."""
    for write in _OTHER_WORK:
        yield from write(facts, report_input)


def _initiatives(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    for activity in facts.of_kind("sang-kien"):
        title = without(activity.title, "Tham mưu tổ chức", "Tổ chức")
        yield compose(
            "hoàn thành công tác tham mưu tổ chức {title}{note}",
            {"title": in_sentence(title), "note": Note(_initiative_note(activity))},
        )


def _initiative_note(activity: Activity) -> str:
    note, number = activity.note.strip().rstrip("."), activity.document.number
    written = "" if number and number in note else paper(activity.document)
    text = " ".join(filter(None, [written, note]))
    if activity.quantity is None or activity.subset is None or "/" in activity.note:
        return sentence(text)
    share = f"{vietnamese.count(activity.subset)}/{vietnamese.count(activity.quantity)}"
    return sentence(f"{text} ({share} hồ sơ đề nghị công nhận sáng kiến được xếp loại Đạt)")


def _inspections(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    rows = facts.of_kind("thanh-tra")
    if not rows:
        return
    penalties = facts.of_kind("xu-phat")
    template = "tổ chức {inspections} cuộc thanh tra trong lĩnh vực KH&CN"
    if penalties:
        template += (
            ", qua thanh tra đã phát hiện và tiến hành xử phạt vi phạm hành chính{field} "
            "đối với {penalties} tổ chức"
        )
    yield compose(
        template,
        {
            "inspections": Noted(facts.figures["inspections"], _inspection_note(rows)),
            "penalties": Noted(facts.figures["penalties"], _penalty_note(penalties)),
            "field": _field(penalties),
        },
    )


def _inspection_note(rows: Sequence[Activity]) -> str:
    by_title = sorted(rows, key=lambda a: a.title)
    first = {a.title: place for place, a in reversed(list(enumerate(rows)))}
    groups = [list(group) for _, group in groupby(by_title, key=lambda a: a.title)]
    groups.sort(key=lambda group: first[group[0].title])
    return sentence("; ".join(map(_inspection, groups)))


def _inspection(group: Sequence[Activity]) -> str:
    number = sum(1 if a.quantity is None else a.quantity for a in group)
    title = without(in_sentence(group[0].title), *_numbered("cuộc", number))
    return f"{vietnamese.count(number)} cuộc {title}{_where(group, title)}"


def _where(group: Sequence[Activity], title: str) -> str:
    places = sum(a.place_count or 0 for a in group)
    if not places or "cơ sở" in title or "đề tài" in title:
        return ""
    sort = in_sentence(group[0].organisation)
    return f" tại {vietnamese.count(places)} {sort if sort.startswith('cơ sở') else 'cơ sở'}"


def _numbered(noun: str, number: int) -> tuple[str, ...]:
    return (f"{vietnamese.count(number)} {noun}", noun)


def _field(penalties: Sequence[Activity]) -> str:
    for activity in penalties:
        found = re.search(r"trong lĩnh vực (?:(?! đối với)[\w &])+", activity.title)
        if found:
            return f" {found[0].strip()}"
    return ""


def _penalty_note(penalties: Sequence[Activity]) -> str:
    return sentence("; ".join(map(_penalty, penalties)))


def _penalty(activity: Activity) -> str:
    text = f"Xử phạt {activity.organisation}" if activity.organisation else activity.title
    if activity.amount_vnd:
        text += f", mức phạt {money(activity.amount_vnd)}"
    act = without(activity.note, "Về hành vi", "Hành vi")
    return f"{text} về hành vi {act[:1].lower()}{act[1:]}" if act else text


def _technology(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    rows = facts.of_kind("tham-dinh-cong-nghe")
    if rows:
        projects = "; ".join(map(_project, rows))
        yield compose(
            "thẩm định công nghệ {number} dự án đầu tư trên địa bàn {province}",
            {
                "number": Noted(facts.figures["technology_appraisals"], sentence(projects)),
                "province": report_input.agency.province,
            },
        )


def _project(activity: Activity) -> str:
    title = without(activity.title, "Thẩm định công nghệ")
    owner = activity.organisation
    if not owner or owner in title:
        return title
    return f"{title} do {owner} làm chủ đầu tư"


def _phrases(kind: str, lead: str) -> Writer:
    def write(facts: Facts, _: ReportInput) -> Iterator[Clause]:
        for activity in facts.of_kind(kind):
            yield compose("{title}", {"title": led(activity.title, lead)})

    return write


def _goods(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    rows = facts.of_kind("kiem-tra-hang-hoa")
    if not facts.value("goods_lots"):
        return
    template = (
        "kiểm tra chất lượng, đo lường và nhãn hàng hóa đối với {goods_lots} lô hàng của "
        "{goods_places} cơ sở sản xuất, kinh doanh"
    )
    if facts.value("goods_failed"):
        template += (
            ": Kết quả đã kịp thời phát hiện và xử lý đối với {goods_failed} lô hàng không đạt "
            "yêu cầu{about}, góp phần bảo vệ quyền và lợi ích cho người tiêu dùng trên địa bàn tỉnh"
        )
    about = re.search(r"về [\w ,]+", " ".join(a.note for a in rows))
    yield compose(template, {**facts.figures, "about": f" {about[0]}" if about else ""})


def _award(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    if facts.value("award_enterprises"):
        yield compose(
            "triển khai nội dung đăng ký Giải thưởng chất lượng quốc gia tới {award_enterprises} "
            "doanh nghiệp đủ điều kiện trên địa bàn tỉnh",
            facts.figures,
        )


def _programme_712(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    rows = facts.of_kind("chuong-trinh-712")
    if rows:
        yield compose(
            "rà soát, lựa chọn giới thiệu {number} doanh nghiệp điển hình đã thành công trong "
            "hoạt động nâng cao năng suất chất lượng thuộc chương trình 712 gửi Bộ KH&CN xem xét",
            {"number": Noted(facts.figures["programme_712"], sentence(names(rows)))},
        )


def _communication(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    news = [f"cập nhật được {_amount(a)}" for a in facts.of_kind("tin-bai")]
    news += [f"thực hiện {_amount(a)}" for a in facts.of_kind("truyen-hinh")]
    books = [f"xuất bản {_amount(a, 'cuốn')}" for a in facts.of_kind("xuat-ban")]
    note = "; ".join(filter(None, [listed(news), listed(books)]))
    if note:
        yield compose(
            "hoạt động thông tin tuyên truyền, giới thiệu về các hoạt động KH&CN nổi bật{note} "
            "trên địa bàn tỉnh tiếp tục được duy trì thực hiện",
            {"note": Note(sentence(note))},
        )


def _amount(activity: Activity, unit: str = "") -> str:
    title = without(activity.title, "Cập nhật", "Thực hiện", "Xuất bản")
    title = title[:1].lower() + title[1:]
    if activity.quantity is None:
        return title
    number = vietnamese.count(activity.quantity)
    title = without(title, number)
    between = "" if not unit or title.startswith(unit) else f"{unit} "
    return f"{number} {between}{title}"


def _statistics(facts: Facts, _: ReportInput) -> Iterator[Clause]:
    for activity in facts.of_kind("thong-ke"):
        title = led(activity.title, "tổng hợp, ")
        regular = "" if "định kỳ" in title else " theo chế độ định kỳ"
        yield compose("{title}", {"title": title + regular})


_OTHER_WORK: tuple[Writer, ...] = (
    _initiatives,
    _inspections,
    _technology,
    _phrases("co-so-buc-xa", "theo dõi "),
    _goods,
    _award,
    _programme_712,
    _phrases("iso-9001", "tham mưu triển khai thực hiện "),
    _communication,
    _statistics,
)
