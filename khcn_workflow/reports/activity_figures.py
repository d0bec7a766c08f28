"""The numbers of the Department's other work, each with the register rows behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from khcn_workflow.domain.activities import Activity
from khcn_workflow.reports.figures import Figure, counted, summed
from khcn_workflow.reports.report_input import ReportInput

ISSUED = "da-ban-hanh"
LEGAL = "van-ban-qppl"
DRAFTS = "legal_drafts"


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
    yield from _legal(found.get(LEGAL, ()))
    for figure_id, title, kind, amount in _SUMS:
        yield _summed(figure_id, title, found.get(kind, ()), amount)
    for figure_id, title, kind in _PRESENT:
        yield counted(figure_id, title, (a.code for a in found.get(kind, ())))
    for figure_id, title, kind, stages, amount in _BY_STAGE:
        rows = [a for a in found.get(kind, ()) if _is_at(a, stages)]
        yield _summed(figure_id, title, rows, amount)
    for figure_id, title, kind, whole in _PARTS:
        yield _part(figure_id, title, found.get(kind, ()), whole)


def _legal(legal: Sequence[Activity]) -> Iterator[Figure]:
    issued = [a for a in legal if a.stage == ISSUED]
    drafts = [a for a in legal if a.stage != ISSUED]
    yield _summed("legal_issued", "Văn bản quy phạm pháp luật đã ban hành", issued, _how_many)
    yield _summed(DRAFTS, "Dự thảo văn bản quy phạm pháp luật", drafts, _how_many)
    for stage in dict.fromkeys([*DRAFTING, *sorted(a.stage for a in drafts)]):
        title = f"Dự thảo {DRAFTING.get(stage, 'ở giai đoạn khác')}"
        yield _summed(drafts_at(stage), title, [a for a in drafts if a.stage == stage], _how_many)


def _is_at(activity: Activity, stages: tuple[str, ...]) -> bool:
    """Whether it has reached one of the stages; without any, whether no number names its stage."""
    if stages:
        return activity.stage in stages
    named = {s for _, _, kind, known, _ in _BY_STAGE if kind == activity.kind for s in known}
    return activity.stage not in named


def drafts_at(stage: str) -> str:
    """Id of the figure that counts the drafts of a stage."""
    return f"{DRAFTS}_{stage.replace('-', '_')}"


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


def _fine(activity: Activity) -> int:
    return activity.amount_vnd or 0


def _one(_: Activity) -> int:
    return 1


def _units(activity: Activity) -> int:
    return activity.quantity or activity.place_count or 1


DRAFTING = {
    "dang-lay-y-kien": "đang lấy ý kiến góp ý",
    "da-lay-y-kien": "đã lấy ý kiến góp ý",
    "da-lay-y-kien-noi-vu": "đã lấy ý kiến góp ý và ý kiến Sở Nội vụ",
}

_Amount = Callable[[Activity], int]

_SUMS: tuple[tuple[str, str, str, _Amount], ...] = (
    ("initiatives", "Hồ sơ sáng kiến đề nghị công nhận", "sang-kien", _quantity),
    ("inspections", "Cuộc thanh tra", "thanh-tra", _how_many),
    ("inspected_places", "Nơi được thanh tra", "thanh-tra", _places),
    ("penalties", "Tổ chức bị xử phạt", "xu-phat", _how_many),
    ("fines_vnd", "Tiền phạt vi phạm hành chính (đồng)", "xu-phat", _fine),
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

_PRESENT: tuple[tuple[str, str, str], ...] = (
    ("request_letters", "Văn bản yêu cầu báo cáo", "van-ban-den"),
    ("advice", "Văn bản tham mưu khác", "tham-muu"),
    ("initiative_rounds", "Đợt đánh giá sáng kiến", "sang-kien"),
    ("radiation", "Việc theo dõi cơ sở bức xạ", "co-so-buc-xa"),
    ("iso_plans", "Kế hoạch áp dụng TCVN ISO 9001", "iso-9001"),
    ("statistics", "Báo cáo thống kê", "thong-ke"),
    ("works", "Hạng mục dự án đầu tư xây dựng", "xay-dung"),
    ("events", "Sự kiện", "su-kien"),
    ("conferences", "Hội thảo", "hoi-thao"),
    ("supervisions", "Đoàn giám sát được phục vụ", "giam-sat"),
    ("reorganisations", "Đề án sắp xếp, sáp nhập", "sap-nhap"),
    ("planned", "Việc dự kiến của kỳ sau", "ke-hoach-ky-sau"),
)

SPECIALISED, OF_A_TASK = "chuyen-nganh", "de-tai"
CLEARED, BUILDING, REDESIGN = "giai-ngan-xong", "dang-thi-cong", "dieu-chinh-thiet-ke"
DRAFTED, SENT, JOINED = "xay-dung-du-thao", "da-gui-tham-dinh", "tham-gia-du-thao"

_BY_STAGE: tuple[tuple[str, str, str, tuple[str, ...], _Amount], ...] = (
    ("inspections_specialised", "Cuộc thanh tra chuyên ngành", "thanh-tra", (SPECIALISED,),
     _how_many),
    ("inspections_of_tasks", "Cuộc thanh tra đề tài", "thanh-tra", (OF_A_TASK,), _how_many),
    ("inspections_other", "Cuộc thanh tra loại khác", "thanh-tra", (), _how_many),
    ("specialised_places", "Nơi được thanh tra chuyên ngành", "thanh-tra", (SPECIALISED,),
     _places),
    ("cleared_hectares", "Diện tích đã giải ngân đền bù (ha)", "xay-dung", (CLEARED,), _quantity),
    ("works_cleared", "Hạng mục đã giải ngân đền bù", "xay-dung", (CLEARED,), _one),
    ("works_building", "Hạng mục đang thi công", "xay-dung", (BUILDING,), _one),
    ("works_redesign", "Hạng mục đang điều chỉnh thiết kế", "xay-dung", (REDESIGN,), _one),
    ("works_other", "Hạng mục xây dựng ở giai đoạn khác", "xay-dung", (), _one),
    ("reorganisations_drafted", "Đề án đang xây dựng dự thảo", "sap-nhap", (DRAFTED,), _one),
    ("reorganisations_sent", "Đề án đã gửi thẩm định", "sap-nhap", (SENT,), _one),
    ("reorganisations_joined", "Đề án tham gia xây dựng dự thảo", "sap-nhap", (JOINED,), _one),
    ("reorganisations_other", "Đề án sáp nhập ở giai đoạn khác", "sap-nhap", (), _one),
)  # fmt: skip

_PARTS: tuple[tuple[str, str, str, str], ...] = (
    ("goods_failed", "Lô hàng không đạt yêu cầu", "kiem-tra-hang-hoa", "goods_lots"),
    ("initiatives_passed", "Hồ sơ sáng kiến xếp loại Đạt", "sang-kien", "initiatives"),
)


def _summed(figure_id: str, title: str, rows: Sequence[Activity], amount: _Amount) -> Figure:
    pairs = [(a.code, amount(a)) for a in rows]
    if all(value == 1 for _, value in pairs):
        return counted(figure_id, title, (code for code, _ in pairs))
    return summed(figure_id, title, pairs)


def _part(figure_id: str, title: str, rows: Sequence[Activity], whole: str) -> Figure:
    counts = [a for a in rows if a.subset is not None]
    return summed(
        figure_id,
        title,
        ((a.code, a.subset or 0) for a in counts),
        of=sum(map(_quantity, rows)),
        whole=whole,
    )
