"""Bảng 55 con số: what a half-year report states, row by row, and the figures that answer it.

The rows are those of the 2019 report; each is a number, or a text whose list is its proof.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports.figures import Figure


class Sort(StrEnum):
    """What a row of the table is counted by."""

    EVENT = "Sự kiện trong kỳ"
    STATE = "Trạng thái lúc chốt"
    TEXT = "Văn bản, ngày, tên"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the table.

    Attributes:
        figures: Ids of the figures that answer it, the first one first.
    """

    number: int
    title: str
    sort: Sort
    figures: tuple[str, ...]


class NoSuchNumberError(KhcnError):
    """A number was asked for that the report does not have."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        super().__init__(
            f"Báo cáo không có con số «{asked}». Xem mã các con số bằng: "
            "khcn report KỲ --number all (hoặc ghi số thứ tự 1 đến 55 của bảng)."
        )


def find(figures: Mapping[str, Figure], asked: str) -> list[Figure]:
    """The figures of an id, or of a row of the table by its number.

    Raises:
        NoSuchNumberError: There is none.
    """
    if asked in figures:
        return [figures[asked]]
    if asked.isdigit() and 0 < int(asked) <= len(TABLE):
        return [figures[key] for key in TABLE[int(asked) - 1].figures]
    raise NoSuchNumberError(asked)


_EVENT, _STATE, _TEXT = Sort.EVENT, Sort.STATE, Sort.TEXT

_ROWS: tuple[tuple[str, Sort, str], ...] = (
    ("Công văn yêu cầu báo cáo", _TEXT, "request_letters"),
    ("Kỳ báo cáo", _TEXT, "period"),
    ("Văn bản QPPL đã ban hành", _EVENT, "legal_issued"),
    ("Số, ngày văn bản QPPL đã ban hành", _TEXT, "legal_issued"),
    ("Dự thảo văn bản QPPL", _STATE, "legal_drafts"),
    ("Dự thảo đang lấy ý kiến", _TEXT, "legal_drafts_dang_lay_y_kien"),
    ("Dự thảo đã lấy ý kiến Sở Nội vụ", _TEXT, "legal_drafts_da_lay_y_kien_noi_vu"),
    ("Dự thảo đã lấy ý kiến (thứ nhất)", _TEXT, "legal_drafts_da_lay_y_kien"),
    ("Dự thảo đã lấy ý kiến (thứ hai)", _TEXT, "legal_drafts_da_lay_y_kien"),
    ("Văn bản tham mưu khác", _EVENT, "advice"),
    ("Dự án cấp quốc gia", _STATE, "national"),
    ("Dự án cấp thiết địa phương", _STATE, "urgent"),
    ("Dự án Nông thôn miền núi", _STATE, "rural"),
    ("NTMN Trung ương trực tiếp quản lý", _STATE, "rural_central"),
    ("NTMN ủy quyền địa phương", _STATE, "rural_delegated"),
    ("Cấp tỉnh chuyển tiếp (và tổng đang theo dõi)", _STATE, "carried monitored"),
    ("Bổ sung đã thẩm định", _EVENT, "supplementary_appraised"),
    ("Mới đã qua Hội đồng", _EVENT, "new_council_done new_total"),
    ("Mới không có hồ sơ", _STATE, "new_no_dossier"),
    ("Mới đã thẩm định", _STATE, "new_appraised"),
    ("Mới đã ký hợp đồng", _STATE, "new_contracted"),
    ("Mới đang chuẩn bị thẩm định, đã có ý kiến", _STATE, "new_pending new_with_opinions"),
    ("Được nghiệm thu", _EVENT, "accepted"),
    ("Được kiểm tra định kỳ", _EVENT, "checked"),
    ("Đề xuất với Bộ KH&CN", _EVENT, "ministry_proposals"),
    ("Đề xuất cấp tỉnh năm sau", _EVENT, "provincial_proposals"),
    ("Đợt đánh giá sáng kiến", _EVENT, "initiative_rounds"),
    ("Sáng kiến xếp loại Đạt", _EVENT, "initiatives_passed initiatives"),
    ("Cuộc thanh tra", _EVENT, "inspections"),
    ("Thanh tra chuyên ngành và số cơ sở", _EVENT, "inspections_specialised specialised_places"),
    ("Thanh tra đề tài", _EVENT, "inspections_of_tasks"),
    ("Tổ chức bị xử phạt", _EVENT, "penalties"),
    ("Mức phạt, hành vi", _TEXT, "fines_vnd"),
    ("Thẩm định công nghệ", _EVENT, "technology_appraisals"),
    ("Theo dõi cơ sở bức xạ", _TEXT, "radiation"),
    ("Lô hàng, cơ sở được kiểm tra", _EVENT, "goods_lots goods_places"),
    ("Lô hàng không đạt", _EVENT, "goods_failed"),
    ("Giải thưởng Chất lượng quốc gia", _EVENT, "award_enterprises"),
    ("Doanh nghiệp chương trình 712", _EVENT, "programme_712"),
    ("Kế hoạch TCVN ISO 9001", _TEXT, "iso_plans"),
    ("Tin, bài", _EVENT, "news_items"),
    ("Chương trình truyền hình", _EVENT, "television"),
    ("Tài liệu xuất bản", _EVENT, "copies"),
    ("Báo cáo thống kê", _EVENT, "statistics"),
    ("Diện tích giải ngân đền bù xong", _STATE, "cleared_hectares works_cleared"),
    ("Hạng mục đang thi công, điều chỉnh thiết kế", _STATE, "works_building works_redesign"),
    ("Sự kiện", _EVENT, "events"),
    ("Hội thảo", _EVENT, "conferences"),
    ("Đoàn giám sát", _EVENT, "supervisions"),
    ("Đơn vị sự nghiệp tự chủ", _STATE, "autonomous_units"),
    (
        "Đề án sáp nhập",
        _STATE,
        "reorganisations reorganisations_drafted reorganisations_sent reorganisations_joined",
    ),
    ("Tồn tại, hạn chế", _TEXT, "late_all late_internal late_statutory late_host late_no_cause"),
    ("Nhiệm vụ kỳ sau", _TEXT, "still_open planned"),
    ("Nơi nhận", _TEXT, "recipients"),
    ("Người ký", _TEXT, "signer"),
)

TABLE = tuple(
    TableRow(number, title, sort, tuple(figures.split()))
    for number, (title, sort, figures) in enumerate(_ROWS, start=1)
)
