"""Các cột: what the columns of each sheet are called, and which a sheet cannot do without."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from khcn_workflow.domain.rules import Rulebook
from khcn_workflow.domain.vietnamese import folded

STEP, DOCUMENT, FIELD = "step:", "document:", "field:"
"""How keys of columns begin that a rulebook adds: a step's date, its paper, an outcome's fact."""


LEAST_COLUMNS = 3
"""A row with fewer known titles is no header."""


class SheetKind(StrEnum):
    """What the rows of a sheet are; the value is the usual name of the sheet."""

    PERSONS = "Cán bộ"
    TASKS = "Nhiệm vụ"
    RESULTS = "Kết quả"
    CLOCKS = "Tạm dừng, gia hạn"
    ACTIVITIES = "Hoạt động"


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of one kind of sheet.

    Attributes:
        titles: Column titles by key, the usual one first.
        required: Keys without which no row of the sheet can be read.
        key: The column that names what a row is about.
        marks: Keys that tell this sheet from the others, and how many of them suffice.
    """

    kind: SheetKind
    titles: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    key: str
    marks: frozenset[str]
    enough: int

    def keys(self) -> Mapping[str, str]:
        """The key of each folded title."""
        found: dict[str, str] = {}
        for key, titles in self.titles.items():
            for title in titles:
                found.setdefault(folded(title), key)
        return found

    def is_shown_by(self, keys: frozenset[str]) -> bool:
        """Whether columns with these keys make it a sheet of this kind."""
        shown = len(keys & self.titles.keys())
        return len(keys & self.marks) >= self.enough and shown >= LEAST_COLUMNS


_DOCUMENT = {
    "document_number": (
        "Số văn bản", "Số, ký hiệu văn bản", "Số ký hiệu", "Văn bản", "Văn bản số",
        "Văn bản số, ký hiệu",
    ),
    "document_on": (
        "Ngày văn bản", "Ngày ký văn bản", "Ngày ban hành", "Văn bản ngày", "Văn bản ngày ký",
    ),
    "document_issuer": (
        "Cơ quan ban hành", "Nơi ban hành", "Cơ quan ký", "Văn bản cơ quan ban hành",
    ),
}  # fmt: skip

_TURN = ("Thứ tự vào sổ",)
"""Which of a task's facts came first, where rows of several sheets tell of them."""

_PERSONS = Form(
    SheetKind.PERSONS,
    {
        "code": ("Mã cán bộ", "Mã", "Tên đăng nhập", "Mã người dùng"),
        "name": ("Họ và tên", "Họ tên", "Họ, tên", "Cán bộ"),
        "role": ("Vai trò", "Chức vụ", "Chức danh"),
        "division": ("Phòng, đơn vị", "Phòng", "Đơn vị", "Phòng ban", "Bộ phận"),
        "email": ("Thư điện tử", "E-mail", "Địa chỉ thư điện tử", "Hộp thư"),
        "account": ("Tài khoản máy", "Tài khoản máy tính", "Tài khoản"),
    },
    ("code", "name", "role"),
    "code",
    frozenset({"name", "role", "email"}),
    2,
)

_TASKS = Form(
    SheetKind.TASKS,
    {
        "code": ("Mã nhiệm vụ", "Mã", "Mã số", "Mã số nhiệm vụ", "Mã NV", "Mã đề tài, dự án"),
        "title": (
            "Tên nhiệm vụ", "Tên nhiệm vụ KH&CN", "Tên đề tài, dự án", "Tên đề tài", "Tên dự án",
            "Tên",
        ),
        "level": ("Cấp", "Cấp quản lý", "Cấp nhiệm vụ"),
        "kind": ("Loại hình", "Loại", "Loại nhiệm vụ", "Đề tài, dự án"),
        "source": ("Nguồn", "Nguồn nhiệm vụ", "Nguồn gốc", "Nguồn đề xuất"),
        "plan_year": ("Năm kế hoạch", "Kế hoạch năm", "Năm", "Năm KH"),
        "way": ("Phương thức", "Phương thức giao", "Phương thức tuyển chọn", "Hình thức giao"),
        "host": ("Tổ chức chủ trì", "Cơ quan chủ trì", "Đơn vị chủ trì", "Chủ trì"),
        "principal_investigator": (
            "Chủ nhiệm", "Chủ nhiệm nhiệm vụ", "Chủ nhiệm đề tài", "Chủ nhiệm đề tài, dự án",
        ),
        "officer": (
            "Chuyên viên theo dõi", "Chuyên viên", "Cán bộ theo dõi", "Người theo dõi",
            "Chuyên viên phụ trách", "Mã cán bộ",
        ),
        "field": ("Lĩnh vực", "Lĩnh vực khoa học"),
        "duration": (
            "Thời gian thực hiện", "Thời gian thực hiện (tháng)", "Thời gian", "Số tháng",
        ),
        "starts_on": (
            "Ngày bắt đầu", "Bắt đầu", "Thời gian thực hiện từ ngày", "Thời gian thực hiện từ",
        ),
        "ends_on": (
            "Ngày kết thúc", "Kết thúc", "Thời gian thực hiện đến ngày", "Thời gian thực hiện đến",
            "Ngày kết thúc hợp đồng",
        ),
        "budget_vnd": (
            "Kinh phí", "Tổng kinh phí", "Kinh phí NSNN", "Kinh phí ngân sách",
            "Kinh phí ngân sách nhà nước", "Kinh phí từ NSNN",
        ),
        "rulebook": ("Bộ quy định",),
        "enters_at": ("Bước đang chờ", "Bước hiện tại", "Vào sổ ở bước"),
        "enters_on": ("Chờ từ ngày", "Ngày mở bước", "Ngày vào sổ"),
    },
    ("code", "title", "level", "kind", "plan_year", "officer"),
    "code",
    frozenset({"title", "level", "kind", "plan_year", "host", "officer", "way"}),
    2,
)  # fmt: skip

_RESULTS = Form(
    SheetKind.RESULTS,
    {
        "task": ("Mã nhiệm vụ", "Mã NV", "Nhiệm vụ", "Mã", "Mã số"),
        "step": ("Bước", "Bước thực hiện", "Công việc"),
        "outcome": ("Kết quả", "Kết quả bước"),
        "on": ("Ngày", "Ngày có kết quả", "Ngày kết quả", "Ngày thực hiện", "Ngày họp"),
        **_DOCUMENT,
        "actor": ("Người ghi", "Cán bộ", "Người thực hiện", "Mã cán bộ", "Chuyên viên"),
        "cause": ("Nguyên nhân", "Nguyên nhân chậm", "Lý do chậm", "Lý do"),
        "commitment": (
            "Cam kết hoàn thành", "Cam kết", "Thời hạn cam kết", "Ngày cam kết", "Sẽ hoàn thành",
        ),
        "round": ("Lượt", "Lần", "Lần thứ"),
        "note": ("Ghi chú",),
        "turn": _TURN,
    },
    ("task", "step", "outcome", "on"),
    "task",
    frozenset({"step", "outcome"}),
    1,
)  # fmt: skip

_CLOCKS = Form(
    SheetKind.CLOCKS,
    {
        "task": ("Mã nhiệm vụ", "Mã NV", "Nhiệm vụ", "Mã", "Mã số"),
        "event": ("Sự việc", "Sự kiện", "Tạm dừng, gia hạn", "Tạm dừng, gia hạn, chấm dứt"),
        "on": ("Ngày", "Từ ngày", "Ngày quyết định"),
        **_DOCUMENT,
        "actor": ("Người ghi", "Cán bộ", "Người thực hiện", "Mã cán bộ", "Chuyên viên"),
        "reason": ("Lý do",),
        "asked_on": ("Ngày đề nghị", "Ngày đề nghị gia hạn", "Ngày xin gia hạn"),
        "ends_on": ("Ngày kết thúc mới", "Gia hạn đến", "Gia hạn đến ngày"),
        "turn": _TURN,
    },
    ("task", "event", "on"),
    "task",
    frozenset({"event"}),
    1,
)

_ACTIVITIES = Form(
    SheetKind.ACTIVITIES,
    {
        "code": ("Mã hoạt động", "Mã", "Mã số", "Mã việc"),
        "kind": ("Loại hoạt động", "Loại việc", "Loại", "Nhóm hoạt động"),
        "title": ("Nội dung", "Tên hoạt động", "Nội dung hoạt động", "Tên việc"),
        "on": ("Ngày", "Ngày thực hiện", "Thời điểm"),
        "stage": ("Giai đoạn", "Tình trạng", "Tiến độ"),
        **_DOCUMENT,
        "quantity": ("Số lượng", "Tổng số"),
        "subset": ("Trong đó", "Trong đó số"),
        "place_count": ("Số nơi", "Số cơ sở", "Số đơn vị", "Số tổ chức"),
        "amount_vnd": ("Số tiền", "Mức phạt", "Kinh phí"),
        "organisation": ("Tổ chức", "Cơ quan, tổ chức", "Đơn vị", "Tên tổ chức", "Đơn vị phối hợp"),
        "note": ("Ghi chú",),
    },
    ("code", "kind", "title"),
    "code",
    frozenset({"kind", "title", "stage", "quantity"}),
    2,
)

_DATED = {
    "call": ("Ngày thông báo tuyển chọn", "Ngày giao trực tiếp"),
    "council_meeting": ("Ngày họp Hội đồng tuyển chọn", "Ngày họp Hội đồng"),
    "appraisal_meeting": ("Ngày thẩm định", "Ngày họp Tổ thẩm định"),
    "approval": ("Ngày phê duyệt", "Ngày quyết định phê duyệt"),
    "contract_signing": (
        "Ngày ký hợp đồng",
        "Ngày ký HĐ",
        "Ngày hợp đồng",
        "Hợp đồng ngày ký",
        "Hợp đồng ngày",
    ),
    "progress_report": ("Ngày báo cáo định kỳ",),
    "periodic_check": ("Ngày kiểm tra định kỳ", "Ngày kiểm tra"),
    "acceptance_dossier": ("Ngày nộp hồ sơ nghiệm thu",),
    "acceptance_meeting": ("Ngày nghiệm thu", "Ngày họp Hội đồng nghiệm thu"),
    "recognition": ("Ngày công nhận kết quả",),
    "liquidation": ("Ngày thanh lý", "Ngày thanh lý hợp đồng"),
}
_PAPERS = {
    "contract_signing": ("Số hợp đồng", "Số HĐ", "Hợp đồng số"),
    "approval": ("Số quyết định phê duyệt", "Quyết định phê duyệt"),
}


def forms(rulebook: Rulebook) -> tuple[Form, ...]:
    """The five sheets with the columns that a rulebook's steps and facts add to them."""
    steps: dict[str, tuple[str, ...]] = {}
    papers: dict[str, tuple[str, ...]] = {}
    facts: dict[str, tuple[str, ...]] = {}
    for step in rulebook.steps():
        steps[STEP + step.id] = (step.title, f"Ngày {step.title}", *_DATED.get(step.id, ()))
        papers[DOCUMENT + step.id] = _PAPERS.get(step.id, ())
        for outcome in step.outcomes:
            facts |= {FIELD + wanted.id: (wanted.title,) for wanted in outcome.fields}
    return (
        _PERSONS,
        _with(_TASKS, {**steps, **papers}),
        _with(_RESULTS, facts),
        _CLOCKS,
        _ACTIVITIES,
    )


def _with(form: Form, more: Mapping[str, tuple[str, ...]]) -> Form:
    titles = {**form.titles, **more}
    return Form(form.kind, titles, form.required, form.key, form.marks, form.enough)
