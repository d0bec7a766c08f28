"""Made-up facts for every event: what templates are checked with and people preview."""

from notifications.messages import (
    AlertContext,
    Context,
    DigestContext,
    Event,
    MovedContext,
    OutcomeContext,
    PreviewContext,
    ReportContext,
    StepContext,
    WeeklyContext,
)

_AGENCY = "Sở Khoa học và Công nghệ tỉnh Cao Bằng"

_STATUTORY = StepContext(
    recipient_name="Chuyên viên 1",
    agency=_AGENCY,
    today="13/05/2019",
    link="https://khcn.caobang.example/nhiem-vu/NV-2019-07",
    task_code="NV-2019-07",
    task_title="Xây dựng mô hình chuỗi liên kết sản xuất, chế biến và tiêu thụ lạc vùng miền núi",
    stage="Thẩm định nội dung, kinh phí",
    step="Họp tổ thẩm định kinh phí",
    due_on="08/05/2019",
    due_weekday="thứ Tư",
    proof="Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019",
    legal_basis="Khoản 1 Điều 1 Quyết định số 00/2019/QĐ-UBND (văn bản mẫu)",
    force="luật định",
    days_left=0,
    days_late=0,
    host="Trung tâm Ứng dụng tiến bộ KH&CN",
    principal_investigator="Chủ nhiệm nhiệm vụ 07",
    officer_name="Chuyên viên 1",
    division="Phòng Quản lý Khoa học",
    cause="",
    told="",
)

_INTERNAL: StepContext = {
    **_STATUTORY,
    "force": "mục tiêu nội bộ",
    "legal_basis": "",
    "link": "",
    "proof": "Mục tiêu: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019",
}

_CAUSE = "Phải rà soát, chỉnh sửa lại hồ sơ theo ý kiến của các cơ quan chuyên môn"

_READERS = {
    Event.OVERDUE: "Chuyên viên 1",
    Event.OVERDUE_HEAD: "Trưởng phòng Quản lý khoa học",
    Event.OVERDUE_DIRECTOR: "Giám đốc Sở",
}

_TOLD = {
    Event.OVERDUE_HEAD: "08/05/2019: Chuyên viên 1",
    Event.OVERDUE_DIRECTOR: (
        "08/05/2019: Chuyên viên 1; 09/05/2019: Chuyên viên 1, Trưởng phòng Quản lý khoa học"
    ),
}

_REPORT = ReportContext(
    recipient_name="Chuyên viên 1",
    agency=_AGENCY,
    today="17/06/2019",
    link="https://khcn.caobang.example/bao-cao/2019-6-thang",
    report_title="Kết quả hoạt động khoa học và công nghệ 6 tháng đầu năm 2019",
    period="6 tháng đầu năm 2019",
    as_of="14/06/2019",
    file_names=["bao-cao-6-thang-2019.docx", "bao-cao-6-thang-2019.html"],
)

_MISSING = (
    "NV-2019-07, «Ký hợp đồng», chậm 12 ngày làm việc so với mục tiêu nội bộ: chưa ghi nguyên "
    "nhân chậm."
)

_PREVIEW = PreviewContext(
    recipient_name="Trưởng phòng Quản lý khoa học",
    agency=_AGENCY,
    today="07/06/2019",
    link="https://khcn.caobang.example/soat-truoc",
    report_title="Soát trước báo cáo 6 tháng đầu năm 2019",
    period="6 tháng đầu năm 2019",
    as_of="07/06/2019",
    cut_off="14/06/2019",
    missing=[_MISSING],
)

_MOVED = MovedContext(
    recipient_name="Chuyên viên 1",
    agency=_AGENCY,
    today="26/12/2025",
    link="https://khcn.caobang.example/viec-dang-cho",
    moves=[
        {
            "task_code": "NV-2025-07",
            "step": "Họp tổ thẩm định kinh phí",
            "before": "06/01/2026",
            "after": "07/01/2026",
            "reason": "lịch đổi: ngày 02/01/2026 là nghỉ hoán đổi [12729/VPCP-KGVX]",
        },
        {
            "task_code": "NV-2025-09",
            "step": "Ký hợp đồng",
            "before": "08/01/2026",
            "after": "",
            "reason": "bỏ thời hạn",
        },
    ],
)


_ALERT = AlertContext(
    recipient_name="Quản trị hệ thống",
    agency=_AGENCY,
    today="13/05/2019",
    link="http://127.0.0.1:4200/v2/runs",
    title="Kênh gửi thư hỏng: 3 thư đang chờ sửa kênh",
    detail="Kênh gửi cần được sửa: Máy chủ thư trả lời: 5.7.8 authentication failed (mã 535).",
    remedy="Sửa KHCN_MAIL_URL rồi chạy: khcn deliver --again",
)


_DIGEST = DigestContext(
    recipient_name="Chuyên viên 1",
    agency=_AGENCY,
    today="13/05/2019",
    link="https://khcn.caobang.example/viec-dang-cho",
    weekday="thứ Hai",
    total=5,
    overdue=2,
    due_today=1,
    sections=[
        {
            "kind": "overdue",
            "title": "Đã quá ngày",
            "total": 2,
            "lines": [
                {
                    "task_code": "NV-2019-07",
                    "task_title": _STATUTORY["task_title"],
                    "step": "Họp tổ thẩm định kinh phí",
                    "due_on": "08/05/2019",
                    "when": "quá hạn 3 ngày làm việc",
                    "note": "",
                    "link": "https://khcn.caobang.example/nhiem-vu/NV-2019-07",
                },
                {
                    "task_code": "NV-2019-12",
                    "task_title": "Đánh giá đa dạng di truyền giống lợn đen bản địa",
                    "step": "Ký hợp đồng",
                    "due_on": "10/05/2019",
                    "when": "chậm 1 ngày làm việc so với mục tiêu",
                    "note": "thay Chuyên viên 2, vắng đến 17/05/2019",
                    "link": "https://khcn.caobang.example/nhiem-vu/NV-2019-12",
                },
            ],
        },
        {
            "kind": "today",
            "title": "Đến hạn hôm nay",
            "total": 1,
            "lines": [
                {
                    "task_code": "NV-2019-03",
                    "task_title": "Nghiên cứu chế biến sản phẩm từ quả mác mật",
                    "step": "Họp Hội đồng tư vấn xác định nhiệm vụ",
                    "due_on": "13/05/2019",
                    "when": "hôm nay",
                    "note": "",
                    "link": "",
                }
            ],
        },
        {
            "kind": "soon",
            "title": "Còn 1 đến 3 ngày làm việc",
            "total": 2,
            "lines": [
                {
                    "task_code": "NV-2019-15",
                    "task_title": "Ứng dụng tiến bộ kỹ thuật trồng thạch đen",
                    "step": "Báo cáo định kỳ 6 tháng",
                    "due_on": "15/05/2019",
                    "when": "còn 2 ngày làm việc",
                    "note": "",
                    "link": "https://khcn.caobang.example/nhiem-vu/NV-2019-15",
                }
            ],
        },
    ],
)


_BARS: tuple[tuple[str, int, int, int, int], ...] = (
    ("Đề xuất, xác định nhiệm vụ", 18, 2, 9, 73),
    ("Tuyển chọn, xét giao trực tiếp", 9, 0, 0, 41),
    ("Thẩm định nội dung, kinh phí", 12, 6, 28, 27),
    ("Ký hợp đồng", 3, 3, 14, 0),
    ("Kiểm tra định kỳ", 22, 1, 5, 95),
    ("Đánh giá, nghiệm thu", 0, 0, 0, 0),
)


_WEEKLY = WeeklyContext(
    recipient_name="Giám đốc Sở",
    agency=_AGENCY,
    today="13/05/2019",
    link="https://khcn.caobang.example/viec-dang-cho",
    week="13/05–19/05/2019",
    open=64,
    overdue=12,
    overdue_before=15,
    due_this_week=7,
    stages=[
        {
            "title": title,
            "open": number,
            "overdue": late,
            "oldest": "12/02/2019" if number else "",
            "late_share": late_share,
            "open_share": open_share,
        }
        for title, number, late, late_share, open_share in _BARS
    ],
    latest=[
        {
            "task_code": "NV-2018-04",
            "step": "Nghiệm thu cấp tỉnh",
            "officer": "Chuyên viên 3",
            "due_on": "01/03/2019",
            "when": "quá hạn 48 ngày làm việc",
            "link": "https://khcn.caobang.example/nhiem-vu/NV-2018-04",
        },
        {
            "task_code": "NV-2019-07",
            "step": "Họp tổ thẩm định kinh phí",
            "officer": "Chuyên viên 1",
            "due_on": "08/05/2019",
            "when": "quá hạn 3 ngày làm việc",
            "link": "",
        },
    ],
)


def _first_section_only() -> DigestContext:
    """A digest with nothing late, and no link."""
    only = [s for s in _DIGEST["sections"] if s["kind"] == "soon"]
    return {**_DIGEST, "link": "", "total": 2, "overdue": 0, "due_today": 0, "sections": only}


def samples(event: Event) -> tuple[Context, ...]:  # noqa: C901, PLR0911 - one answer each
    """Facts to render `event` with: first a full set, then one with every optional fact absent."""
    match event:
        case Event.DUE_SOON:
            return _ahead(_STATUTORY), _ahead(_INTERNAL)
        case Event.DUE_TODAY:
            return _on_the_day(_STATUTORY), _on_the_day(_INTERNAL)
        case Event.OVERDUE | Event.OVERDUE_HEAD | Event.OVERDUE_DIRECTOR:
            return _late(_READERS[event], _TOLD.get(event, ""))
        case Event.REPORT_DUE:
            return _report_due(_STATUTORY), _report_due(_INTERNAL)
        case Event.OUTCOME_RECORDED:
            return _recorded(_STATUTORY, more=True), _recorded(_INTERNAL, more=False)
        case Event.REPORT_READY:
            return _REPORT, {**_REPORT, "link": "", "file_names": []}
        case Event.REPORT_PREVIEW:
            return _PREVIEW, {**_PREVIEW, "link": "", "missing": []}
        case Event.DEADLINES_MOVED:
            return _MOVED, {**_MOVED, "link": ""}
        case Event.DIGEST:
            return _DIGEST, _first_section_only()
        case Event.WEEKLY:
            bare: WeeklyContext = {**_WEEKLY, "link": "", "latest": [], "overdue": 0}
            return _WEEKLY, bare
        case Event.ADMIN_ALERT:
            return _ALERT, {**_ALERT, "link": "", "detail": "", "remedy": ""}


def _ahead(step: StepContext) -> StepContext:
    return {**step, "today": "03/05/2019", "days_left": 3}


def _report_due(step: StepContext) -> StepContext:
    return {**_ahead(step), "stage": "Kiểm tra định kỳ", "step": "Báo cáo định kỳ 6 tháng"}


def _on_the_day(step: StepContext) -> StepContext:
    return {**step, "today": "08/05/2019"}


def _late(recipient_name: str, told: str) -> tuple[StepContext, StepContext]:
    full: StepContext = {
        **_STATUTORY,
        "recipient_name": recipient_name,
        "days_late": 3,
        "cause": _CAUSE,
        "told": told,
    }
    bare: StepContext = {**_INTERNAL, "recipient_name": recipient_name, "days_late": 3}
    return full, bare


def _recorded(step: StepContext, *, more: bool) -> OutcomeContext:
    return OutcomeContext(
        **step,
        outcome="Thông qua, có chỉnh sửa",
        valid_on="08/05/2019",
        recorded_by="Chuyên viên 1",
        next_steps=[
            {"step": "Chủ nhiệm hoàn thiện hồ sơ theo kết luận", "due_on": "15/05/2019"},
            {"step": "Trình UBND tỉnh phê duyệt", "due_on": ""},
        ]
        if more
        else [],
    )
