"""The numbers of the Department's other work, each with the register rows behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from khcn_workflow.domain.activities import Activity
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.report_input import ReportInput

ISSUED = "da-ban-hanh"
LEGAL = "van-ban-qppl"


def activities_in(report_input: ReportInput) -> dict[str, list[Activity]]:
    """What is reported, by kind.

    Dated kinds, and legal documents already issued, count by their day inside the
    period, which is the day of their paper where no other is given; the rest by their
    state, unless it begins after the last day.
    """
    found: dict[str, list[Activity]] = {kind: [] for kind in report_input.kinds}
    for activity in sorted(report_input.activities, key=lambda a: (a.kind, a.code)):
        if _is_reported(activity, report_input):
            found.setdefault(activity.kind, []).append(activity)
    return found


def activity_figures(found: Mapping[str, Sequence[Activity]]) -> Iterator[Figure]:
    """Every number about other work."""
    legal = found.get(LEGAL, ())
    issued = [a for a in legal if a.stage == ISSUED]
    drafts = [a for a in legal if a.stage != ISSUED]
    yield _summed("legal_issued", "Văn bản quy phạm pháp luật đã ban hành", issued, _how_many)
    yield _summed("legal_drafts", "Dự thảo văn bản quy phạm pháp luật", drafts, _how_many)
    for figure_id, title, kind, amount in _FIGURES:
        yield _summed(figure_id, title, found.get(kind, ()), amount)
    failed, lots = found.get("kiem-tra-hang-hoa", ()), "Lô hàng không đạt yêu cầu"
    yield _part("goods_failed", lots, failed)
    rounds, passed = found.get("sang-kien", ()), "Hồ sơ sáng kiến xếp loại Đạt"
    yield _part("initiatives_passed", passed, rounds)


def _is_reported(activity: Activity, report_input: ReportInput) -> bool:
    kind = report_input.kinds.get(activity.kind)
    dated = kind is None or kind.dated or (activity.kind, activity.stage) == (LEGAL, ISSUED)
    on = activity.on or activity.document.on
    if on is None:
        return not dated
    since = report_input.period.first if dated else on
    return since <= on <= report_input.until


def _how_many(activity: Activity) -> int:
    return 1 if activity.quantity is None else activity.quantity


def _quantity(activity: Activity) -> int:
    return activity.quantity or 0


def _places(activity: Activity) -> int:
    return activity.place_count or 0


def _reached(activity: Activity) -> int:
    return activity.place_count or activity.quantity or 0


def _units(activity: Activity) -> int:
    return activity.quantity or activity.place_count or 1


_FIGURES: tuple[tuple[str, str, str, Callable[[Activity], int]], ...] = (
    ("inspections", "Cuộc thanh tra", "thanh-tra", _how_many),
    ("inspected_places", "Nơi được thanh tra", "thanh-tra", _places),
    ("penalties", "Tổ chức bị xử phạt", "xu-phat", _how_many),
    ("technology_appraisals", "Dự án được thẩm định công nghệ", "tham-dinh-cong-nghe", _how_many),
    ("goods_lots", "Lô hàng được kiểm tra", "kiem-tra-hang-hoa", _quantity),
    ("goods_places", "Cơ sở có hàng được kiểm tra", "kiem-tra-hang-hoa", _places),
    ("award_enterprises", "Doanh nghiệp được phổ biến giải thưởng", "giai-thuong-chat-luong",
     _reached),
    ("programme_712", "Doanh nghiệp điển hình chương trình 712", "chuong-trinh-712", _how_many),
    ("news_items", "Tin, bài", "tin-bai", _how_many),
    ("television", "Chương trình truyền hình", "truyen-hinh", _how_many),
    ("copies", "Bản tài liệu xuất bản", "xuat-ban", _quantity),
    ("autonomous_units", "Đơn vị sự nghiệp tự chủ", "tu-chu", _units),
)  # fmt: skip


def _summed(
    figure_id: str, title: str, rows: Sequence[Activity], amount: Callable[[Activity], int]
) -> Figure:
    value = sum(map(amount, rows))
    codes = tuple(a.code for a in rows)
    return Figure(figure_id, title, value, rows=codes, by_quantity=value != len(codes))


def _part(figure_id: str, title: str, rows: Sequence[Activity]) -> Figure:
    counted = [a for a in rows if a.subset is not None]
    return Figure(
        figure_id,
        title,
        sum(a.subset or 0 for a in counted),
        sum(map(_quantity, counted)),
        tuple(a.code for a in counted),
        by_quantity=True,
    )
