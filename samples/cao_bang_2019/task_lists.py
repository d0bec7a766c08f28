"""Nhiệm vụ minh họa: tasks and results that add up to the half-year of the 2019 report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from office_sheet import Column, Layout, Row, Section

from khcn_workflow.domain.calendar import add_months
from khcn_workflow.domain.vietnamese import day
from khcn_workflow.regulations.calendars import load_calendar

CALENDAR = load_calendar()
AS_OF = date(2019, 6, 10)
OFFICERS = ("cv1", "cv2", "cv3")
SUPERIOR, OPINIONS = "Yêu cầu của cấp trên", "Xin ý kiến cơ quan chuyên môn"
IN_JUNE = "tháng 6/2019"


def d(text: str) -> date:
    number, month, year = text.split("/")
    return date(int(year), int(month), int(number))


@dataclass(frozen=True)
class Contract:
    """A task under contract since before 2019.

    Attributes:
        kind: As the office writes it ("Đề tài", "ĐT", "Dự án", "DA").
        duration: As the office writes it ("24 tháng", "2 năm", "10/2017-9/2020").
        signed_as: How the day of signing stands in its cell; "" is a real date.
        checks: Days of periodic checks.
    """

    code: str
    level: str
    kind: str
    signed: str
    months: int
    duration: str | int
    money: str | int
    signed_as: str = ""
    checks: tuple[str, ...] = ()

    @property
    def signed_on(self) -> date:
        return d(self.signed)

    @property
    def starts_on(self) -> date:
        return self.signed_on.replace(day=1)

    @property
    def ends_on(self) -> date:
        return add_months(self.starts_on, self.months) - timedelta(days=1)


ABOVE = (
    Contract("QG-2018-01", "Cấp quốc gia", "Dự án", "2/7/2018", 36, "36 tháng", "8,2 tỷ"),
    Contract("CT-2018-01", "Cấp thiết địa phương", "Dự án", "16/7/2018", 24, "24 tháng",
             "3,5 tỷ đồng"),
)  # fmt: skip
RURAL = (
    Contract("NTMN-2017-01", "NTMN - Trung ương trực tiếp quản lý", "Dự án", "15/11/2017", 36,
             "11/2017-10/2020", "6,4 tỷ", checks=("7/11/2018",)),
    Contract("NTMN-2018-01", "NTMN - Trung ương trực tiếp quản lý", "Dự án", "20/8/2018", 36,
             "3 năm", "5.800 triệu"),
    Contract("NTMN-2017-02", "NTMN - ủy quyền địa phương quản lý", "Dự án", "4/12/2017", 36,
             "36 tháng", "4,75 tỷ", checks=("22/11/2018",)),
    Contract("NTMN-2018-02", "NTMN - ủy quyền địa phương quản lý", "Dự án", "24/9/2018", 30,
             "2 năm 6 tháng", "4.250 triệu"),
)  # fmt: skip
ACCEPTED = (
    Contract("NV-2017-01", "Cấp tỉnh", "Đề tài", "17/4/2017", 24, "4/2017-3/2019", "650 triệu",
             checks=("5/4/2018",)),
    Contract("NV-2017-02", "Cấp tỉnh", "Đề tài", "19/4/2017", 24, "4/2017-3/2019", "720 triệu",
             checks=("10/4/2018",)),
)  # fmt: skip
CHECKED = (
    Contract("NV-2018-01", "Cấp tỉnh", "Đề tài", "20/4/2018", 24, "24 tháng", "980 triệu",
             checks=("10/4/2019",)),
    Contract("NV-2018-02", "Cấp tỉnh", "Đề tài", "14/5/2018", 24, 24, 860_000_000,
             checks=("8/5/2019",)),
)  # fmt: skip
RUNNING = (
    Contract("NV-2017-03", "Cấp tỉnh", "Dự án", "16/10/2017", 36, "10/2017-9/2020", "2,4 tỷ",
             checks=("3/10/2018",)),
    Contract("NV-2017-04", "Cấp tỉnh", "ĐT", "6/11/2017", 24, "24 tháng", "780 triệu",
             "06.11.2017", checks=("25/10/2018",)),
    Contract("NV-2017-05", "Cấp tỉnh", "Đề tài", "20/11/2017", 30, "2 năm 6 tháng", "1.250 triệu",
             checks=("8/11/2018",)),
    Contract("NV-2017-06", "Cấp tỉnh", "Đề tài", "11/12/2017", 24, "24 tháng", "910 triệu",
             "11/12/17", checks=("28/11/2018",)),
    Contract("NV-2018-03", "Cấp tỉnh", "Đề tài", "18/6/2018", 24, 24, 745_000_000),
    Contract("NV-2018-04", "tỉnh", "DA", "25/6/2018", 30, "2,5 năm", "1,85 tỷ"),
    Contract("NV-2018-05", "Cấp tỉnh", "Đề tài", "9/7/2018", 18, "18 tháng", "540 triệu",
             "09-07-2018"),
    Contract("NV-2018-06", "Cấp tỉnh", "Đề tài", "12/7/2018", 24, "24 tháng", 815_000_000),
    Contract("NV-2018-07", "Cấp tỉnh", "Dự án", "23/7/2018", 36, "7/2018-6/2021", "2.150 triệu"),
    Contract("NV-2018-08", "Cấp tỉnh", "Đề tài", "30/7/2018", 24, "2 năm", "690 triệu"),
    Contract("NV-2018-09", "Cấp tỉnh", "Đề tài", "8/8/2018", 24, "24 tháng", "720.000.000 đồng"),
    Contract("NV-2018-10", "Cấp tỉnh", "Dự án", "15/8/2018", 30, "30 tháng", "1,6 tỷ"),
    Contract("NV-2018-11", "Cấp tỉnh", "Đề tài", "27/8/2018", 18, "8/2018-1/2020", "480 triệu",
             "ngày 27 tháng 8 năm 2018"),
    Contract("NV-2018-12", "Cấp tỉnh", "Đề tài", "5/9/2018", 24, "24 tháng", "835 triệu"),
    Contract("NV-2018-13", "Cấp tỉnh", "Dự án", "12/9/2018", 36, "36 tháng", "2 tỷ 350 triệu"),
    Contract("NV-2018-14", "Cấp tỉnh", "Đề tài", "20/9/2018", 24, 24, 905_000_000),
    Contract("NV-2018-15", "Cấp tỉnh", "Đề tài", "3/10/2018", 24, "24 tháng", "760 triệu"),
    Contract("NV-2018-16", "Cấp tỉnh", "Dự án", "10/10/2018", 24, "10/2018-9/2020", "1,42 tỷ"),
    Contract("NV-2018-17", "Cấp tỉnh", "Đề tài", "22/10/2018", 30, "30 tháng", "990 triệu",
             "22.10.2018"),
    Contract("NV-2018-18", "Cấp tỉnh", "Đề tài", "2/11/2018", 24, "24 tháng", "640 triệu"),
    Contract("NV-2018-19", "Cấp tỉnh", "Dự án", "12/11/2018", 36, "3 năm", "2,75 tỷ"),
    Contract("NV-2018-20", "Cấp tỉnh", "Đề tài", "19/11/2018", 24, "24 tháng", "870 triệu"),
    Contract("NV-2018-21", "Cấp tỉnh", "Đề tài", "28/11/2018", 18, "18 tháng", "515 triệu"),
    Contract("NV-2018-22", "Cấp tỉnh", "Dự án", "5/12/2018", 24, 24, 1_380_000_000),
    Contract("NV-2018-23", "Cấp tỉnh", "Đề tài", "11/12/2018", 24, "24 tháng", "795 triệu"),
    Contract("NV-2018-24", "Cấp tỉnh", "Dự án", "13/12/2018", 36, "12/2018-11/2021", "2,05 tỷ"),
)  # fmt: skip
CARRIED = tuple(sorted((*ACCEPTED, *CHECKED, *RUNNING), key=lambda c: c.code))
CONTRACTS = (*ABOVE, *RURAL, *CARRIED)


@dataclass(frozen=True)
class Result:
    """One row of the sheet «Kết quả», as the office writes it."""

    code: str
    step: str
    outcome: str
    on: date | str
    paper: str = ""
    issuer: str = ""
    ends_on: date | str = ""
    cause: str = ""
    commitment: str = ""
    note: str = ""


@dataclass(frozen=True)
class Ordered:
    """A task that was not under contract at the turn of the year.

    Attributes:
        way: As the office writes it; empty before it is known.
        events: Step, outcome and day of each result, in the order of the days.
    """

    code: str
    source: str
    plan_year: int
    way: str
    duration: str | int
    money: str | int
    events: tuple[Result, ...]
    kind: str = "Đề tài"
    level: str = "Cấp tỉnh"
    title: str = ""


def _selection(
    code: str, call: str, received: str, opened: str, met: str, revised: str
) -> tuple[Result, ...]:
    """From the call to the revised proposal."""
    return (
        Result(code, "Thông báo tuyển chọn hoặc công văn giao trực tiếp", "Đã thông báo", d(call),
               "TB", "Sở KH&CN"),
        Result(code, "Nhận hồ sơ tham gia tuyển chọn, xét giao trực tiếp", "Có hồ sơ tham gia",
               d(received)),
        Result(code, "Mở, kiểm tra, xác nhận hồ sơ", "Có hồ sơ hợp lệ", d(opened), "BBMHS",
               "Sở KH&CN"),
        Result(code, "Họp Hội đồng tư vấn tuyển chọn, giao trực tiếp", "Đạt, đề nghị trúng tuyển",
               d(met), "BBHĐ", "Hội đồng tư vấn"),
        Result(code, "Hoàn thiện thuyết minh theo kết luận Hội đồng",
               "Đã nhận thuyết minh hoàn thiện", d(revised)),
    )  # fmt: skip


def _appraisal(
    code: str, appraised: str, completed: str, approved: str, cause: str = ""
) -> tuple[Result, ...]:
    """From the appraisal to the approval."""
    return (
        Result(code, "Họp Tổ thẩm định nội dung, kinh phí", "Đã thẩm định, đề nghị phê duyệt",
               d(appraised), "BBTĐ", "Tổ thẩm định", cause=cause),
        Result(code, "Hoàn thiện hồ sơ sau thẩm định", "Đã hoàn thiện", d(completed)),
        Result(code, "Phê duyệt tổ chức chủ trì, chủ nhiệm, kinh phí, thời gian", "Đã phê duyệt",
               d(approved), "QĐ-UBND", "UBND tỉnh"),
    )  # fmt: skip


def _late(code: str, step: str, on: str, cause: str) -> Result:
    return Result(code, step, "Giải trình chậm", d(on), cause=cause, commitment=IN_JUNE)


def _pending(code: str, revised: str, opinions: str, late: str, cause: str) -> tuple[Result, ...]:
    """An appraisal that waits: opinions have come, the delay is explained."""
    step = "Họp Tổ thẩm định nội dung, kinh phí"
    return (
        *_selection(code, "7/1/2019", "14/2/2019", "19/2/2019", "14/3/2019", revised),
        Result(code, step, "Đã có ý kiến của cơ quan chuyên môn", d(opinions), "YK",
               "Sở Tài chính; Sở Nông nghiệp và PTNT"),
        _late(code, step, late, cause),
    )  # fmt: skip


SUPPLEMENTARY = (
    Ordered("BS-2018-01", "Bổ sung", 2018, "Xét giao trực tiếp", "24 tháng", "1.100 triệu", (
        *_selection("BS-2018-01", "15/10/2018", "15/11/2018", "21/11/2018", "4/12/2018",
                    "13/12/2018"),
        *_appraisal("BS-2018-01", "27/2/2019", "15/3/2019", "2/4/2019", SUPERIOR),
        _late("BS-2018-01", "Ký hợp đồng", "13/5/2019", OPINIONS),
    )),
    Ordered("BS-2018-02", "Bổ sung", 2018, "Giao trực tiếp", "18 tháng", "650 triệu", (
        *_selection("BS-2018-02", "15/10/2018", "16/11/2018", "21/11/2018", "5/12/2018",
                    "14/12/2018"),
        *_appraisal("BS-2018-02", "6/3/2019", "22/3/2019", "10/4/2019", OPINIONS),
        _late("BS-2018-02", "Ký hợp đồng", "16/5/2019", SUPERIOR),
    )),
)  # fmt: skip
NEW = (
    Ordered("NV-2019-01", "Đặt hàng", 2019, "Tuyển chọn", "24 tháng", "1,3 tỷ", (
        *_selection("NV-2019-01", "7/1/2019", "13/2/2019", "18/2/2019", "27/2/2019", "18/3/2019"),
        *_appraisal("NV-2019-01", "26/3/2019", "8/4/2019", "22/4/2019"),
        Result("NV-2019-01", "Ký hợp đồng", "Đã ký hợp đồng", d("15/5/2019"), "HĐ-SKHCN",
               "Sở KH&CN", ends_on="tháng 4/2021"),
    ), "Dự án"),
    Ordered("NV-2019-02", "Đặt hàng", 2019, "Tuyển chọn", "24 tháng", "870 triệu", (
        *_selection("NV-2019-02", "7/1/2019", "13/2/2019", "18/2/2019", "27/2/2019", "20/3/2019"),
        *_appraisal("NV-2019-02", "28/3/2019", "10/4/2019", "24/4/2019"),
        _late("NV-2019-02", "Ký hợp đồng", "30/5/2019", SUPERIOR),
    )),
    Ordered("NV-2019-03", "Đặt hàng", 2019, "Tuyển chọn", "30 tháng", "1.450 triệu",
            _pending("NV-2019-03", "22/4/2019", "22/5/2019", "27/5/2019", SUPERIOR)),
    Ordered("NV-2019-04", "Đặt hàng", 2019, "Tuyển chọn", "24 tháng", "920 triệu",
            _pending("NV-2019-04", "23/4/2019", "23/5/2019", "27/5/2019", OPINIONS)),
    Ordered("NV-2019-05", "Đặt hàng", 2019, "Giao trực tiếp", "2 năm", "760 triệu",
            _pending("NV-2019-05", "25/4/2019", "28/5/2019", "30/5/2019", OPINIONS)),
    Ordered("NV-2019-06", "Đặt hàng", 2019, "Tuyển chọn", 24, 840_000_000,
            _pending("NV-2019-06", "3/5/2019", "30/5/2019", "31/5/2019", SUPERIOR)),
    Ordered("NV-2019-07", "Đặt hàng", 2019, "Giao trực tiếp", "36 tháng", "2,2 tỷ",
            _pending("NV-2019-07", "8/5/2019", "4/6/2019", "5/6/2019", OPINIONS), "Dự án"),
    Ordered("NV-2019-08", "Đặt hàng", 2019, "Tuyển chọn", "24 tháng", "600 triệu", (
        Result("NV-2019-08", "Thông báo tuyển chọn hoặc công văn giao trực tiếp", "Đã thông báo",
               d("7/1/2019"), "TB", "Sở KH&CN"),
        Result("NV-2019-08", "Nhận hồ sơ tham gia tuyển chọn, xét giao trực tiếp",
               "Không có hồ sơ tham gia tuyển chọn, xét chọn", d("14/2/2019")),
    )),
)  # fmt: skip


def _listed(code: str, on: str) -> tuple[Result, ...]:
    return (Result(code, "Tổng hợp đề xuất", "Đưa vào danh mục đề xuất", d(on), "DM", "Sở KH&CN"),)


def _sent(code: str) -> tuple[Result, ...]:
    step, outcome = "Tổng hợp đề xuất", "Đã gửi Bộ KH&CN đề xuất, đặt hàng"
    return (Result(code, step, outcome, d("10/5/2019"), "UBND-VX", "UBND tỉnh"),)


PEANUTS = (
    "Xây dựng mô hình chuỗi liên kết, ứng dụng KH&CN trong sản xuất, chế biến, tiêu thụ lạc vùng "
    "miền núi tỉnh Cao Bằng"
)
ORCHIDS = (
    "Ứng dụng tiến bộ KH&CN xây dựng mô hình trồng, chăm sóc các loài lan bản địa: Lan Đại Châu "
    "(*Rhynchostylis gigantea*), lan Kiều (*Dendrobium amabile*), lan Địa Lan (*Cymbidium "
    "sinense*) tại Cao Bằng"
)
PROPOSED_ABOVE = tuple(
    Ordered(code, "Đặt hàng", 2020, "", "", "", _sent(code), "Dự án",
            "NTMN - Trung ương trực tiếp quản lý", title)
    for code, title in zip(("ĐX-NTMN-2020-01", "ĐX-NTMN-2020-02"), (PEANUTS, ORCHIDS), strict=True)
)  # fmt: skip
PROPOSED = (
    *(
        Ordered(f"ĐX-2020-0{n}", "ĐH", 2020, "", "", "", _listed(f"ĐX-2020-0{n}", on), kind)
        for n, (on, kind) in enumerate(
            (("24/5/2019", "Đề tài"), ("24/5/2019", "Đề tài"), ("24/5/2019", "Dự án"),
             ("28/5/2019", "Đề tài"), ("28/5/2019", "Đề tài")), start=1)
    ),
    Ordered("ĐX-2020-06", "ĐH", 2020, "", "", "", (
        *_listed("ĐX-2020-06", "22/5/2019"),
        Result("ĐX-2020-06", "Họp Hội đồng tư vấn xác định nhiệm vụ", "Đề nghị thực hiện",
               d("4/6/2019"), "BBXĐ", "Hội đồng tư vấn xác định nhiệm vụ"),
    ), "Đề tài"),
)  # fmt: skip

_ACCEPTANCE = {
    "NV-2017-01": ("5/4/2019", "9/4/2019", "25/4/2019", "22/5/2019", "Đạt"),
    "NV-2017-02": ("11/4/2019", "16/4/2019", "3/5/2019", "28/5/2019", "Xuất sắc"),
}


def results() -> list[Result]:
    """Every row of the sheet «Kết quả», task by task."""
    found: list[Result] = []
    for contract in CONTRACTS:
        found += sorted([*_followed(contract), *_accepted(contract)], key=lambda r: r.on)
    for ordered in (*SUPPLEMENTARY, *NEW, *PROPOSED_ABOVE, *PROPOSED):
        found += ordered.events
    return found


def _followed(contract: Contract) -> Iterator[Result]:
    """The reports and checks of a running task, each before it was due."""
    for number in range(1, 1 + contract.months // 6):
        due = add_months(contract.signed_on, 6 * number)
        handed_in = _before_the_period(CALENDAR.roll_back(due - timedelta(days=5 + number)))
        if handed_in < min(AS_OF, _dossier_on(contract)) and due <= AS_OF:
            yield Result(contract.code, "Báo cáo định kỳ 6 tháng", "Đã nhận báo cáo", handed_in)
    for on in contract.checks:
        yield Result(contract.code, "Kiểm tra định kỳ", "Đã kiểm tra, tiếp tục thực hiện", d(on),
                     "BBKT", "Đoàn kiểm tra")  # fmt: skip


def _before_the_period(on: date) -> date:
    """The day, but none of the last fortnight of 2018, which the period counts already."""
    return min(on, d("13/12/2018")) if on.year < AS_OF.year else on


def _dossier_on(contract: Contract) -> date:
    return d(_ACCEPTANCE[contract.code][0]) if contract.code in _ACCEPTANCE else AS_OF


def _accepted(contract: Contract) -> Iterator[Result]:
    if contract.code not in _ACCEPTANCE:
        return
    submitted, valid, established, met, grade = _ACCEPTANCE[contract.code]
    code = contract.code
    yield Result(code, "Nộp hồ sơ đánh giá, nghiệm thu", "Đã nộp hồ sơ", d(submitted), "NT",
                 "Tổ chức chủ trì")  # fmt: skip
    yield Result(code, "Kiểm tra tính hợp lệ của hồ sơ nghiệm thu", "Hồ sơ hợp lệ", d(valid))
    yield Result(code, "Thành lập Hội đồng nghiệm thu", "Đã thành lập", d(established), "QĐ-SKHCN",
                 "Sở KH&CN")  # fmt: skip
    yield Result(code, "Họp Hội đồng đánh giá, nghiệm thu", grade, d(met), "BBNT",
                 "Hội đồng nghiệm thu", note="Đánh giá, nghiệm thu cấp tỉnh")  # fmt: skip


PERSONS: tuple[Row, ...] = (
    (1, "cv1", "Chuyên viên 1 phòng Quản lý khoa học", "Chuyên viên", "Phòng Quản lý khoa học",
     "cv1@skhcn.caobang.example"),
    (2, "cv2", "Chuyên viên 2 phòng Quản lý khoa học", "Chuyên viên", "Phòng Quản lý khoa học",
     "cv2@skhcn.caobang.example"),
    (3, "cv3", "Chuyên viên 3 phòng Quản lý khoa học", "Chuyên viên", "Phòng Quản lý khoa học",
     "cv3@skhcn.caobang.example"),
    (4, "tp", "Trưởng phòng Quản lý khoa học", "Trưởng phòng", "Phòng Quản lý khoa học",
     "tp.qlkh@skhcn.caobang.example"),
    (5, "pgd", "Phó Giám đốc Sở", "Phó Giám đốc Sở", "Lãnh đạo Sở",
     "pgd@skhcn.caobang.example"),
    (6, "gd", "Giám đốc Sở", "Giám đốc Sở", "Lãnh đạo Sở", "gd@skhcn.caobang.example"),
    (7, "vt", "Văn thư", "Văn thư", "Văn phòng", "vanthu@skhcn.caobang.example"),
)  # fmt: skip
PERSONS_LAYOUT = Layout(
    "Cán bộ",
    "DANH SÁCH CÁN BỘ THEO DÕI NHIỆM VỤ KH&CN",
    "(Tên gọi theo chức danh; số liệu minh họa)",
    (
        Column("TT", 6, centred=True), Column("Mã cán bộ", 12, centred=True),
        Column("Họ và tên", 42), Column("Chức vụ", 20), Column("Phòng, đơn vị", 24),
        Column("Thư điện tử", 36),
    ),
)  # fmt: skip

TASKS_LAYOUT = Layout(
    "Nhiệm vụ",
    "DANH MỤC NHIỆM VỤ KHOA HỌC VÀ CÔNG NGHỆ ĐANG THEO DÕI",
    "(Tính đến ngày 10/6/2019; tên nhiệm vụ, tổ chức, kinh phí là số liệu minh họa)",
    (
        Column("TT", 5, centred=True), Column("Mã nhiệm vụ", 17, centred=True),
        Column("Tên nhiệm vụ", 36), Column("Cấp quản lý", 22), Column("Loại hình", 10),
        Column("Nguồn", 11), Column("Năm kế hoạch", 9, centred=True), Column("Phương thức", 14),
        Column("Tổ chức chủ trì", 20), Column("Chủ nhiệm", 22),
        Column("Chuyên viên theo dõi", 12, centred=True),
        Column("Thời gian thực hiện", 16, centred=True),
        Column("Bắt đầu", 12, centred=True), Column("Kết thúc", 12, centred=True),
        Column("Kinh phí NSNN", 17, right=True), Column("Số", 15, "Hợp đồng"),
        Column("Ngày ký", 14, "Hợp đồng", centred=True),
    ),
    numbered=True,
    total="Tổng cộng: 54 nhiệm vụ, đề xuất",
)  # fmt: skip
RESULTS_LAYOUT = Layout(
    "Kết quả",
    "KẾT QUẢ CÁC BƯỚC CỦA NHIỆM VỤ KHOA HỌC VÀ CÔNG NGHỆ",
    "(Mỗi dòng một kết quả; số văn bản có chữ MH là minh họa)",
    (
        Column("Mã nhiệm vụ", 17, centred=True), Column("Bước", 38), Column("Kết quả", 30),
        Column("Ngày", 12, centred=True), Column("Số văn bản", 17), Column("Ngày văn bản", 12,
                                                                           centred=True),
        Column("Cơ quan ban hành", 22), Column("Ngày kết thúc hợp đồng", 14, centred=True),
        Column("Nguyên nhân chậm", 24), Column("Cam kết hoàn thành", 14, centred=True),
        Column("Người ghi", 10, centred=True), Column("Ghi chú", 22),
    ),
    merged=("Mã nhiệm vụ",),
)  # fmt: skip


def task_rows() -> list[Row]:
    """The sheet «Nhiệm vụ»: sections and tasks, numbered through."""
    groups: Sequence[tuple[str, Sequence[Contract | Ordered]]] = (
        ("I. Nhiệm vụ cấp quốc gia, cấp thiết địa phương", ABOVE),
        ("II. Dự án thuộc Chương trình Nông thôn miền núi", RURAL),
        ("III. Dự án, đề tài cấp tỉnh chuyển tiếp", CARRIED),
        ("IV. Nhiệm vụ bổ sung năm 2018", SUPPLEMENTARY),
        ("V. Nhiệm vụ đặt hàng thực hiện mới từ năm 2019", NEW),
        ("VI. Dự án Nông thôn miền núi đề xuất với Bộ KH&CN, thực hiện từ năm 2020",
         PROPOSED_ABOVE),
        ("VII. Đề xuất nhiệm vụ cấp tỉnh thực hiện từ năm 2020", PROPOSED),
    )  # fmt: skip
    rows: list[Row] = []
    number = 0
    for title, tasks in groups:
        rows.append(Section(title))
        for task in tasks:
            number += 1
            make = _contract_row if isinstance(task, Contract) else _ordered_row
            rows.append(make(number, task))
    return rows


def officer(number: int) -> str:
    return OFFICERS[number % len(OFFICERS)]


def _contract_row(number: int, task: Contract) -> Row:
    is_span = "/" in str(task.duration)
    way = "Tuyển chọn" if task.level in ("Cấp tỉnh", "tỉnh") and number % 4 else "Giao trực tiếp"
    return (
        number, task.code, f"Nhiệm vụ minh họa {number:02d}", task.level, task.kind, "Đặt hàng",
        int(task.code.split("-")[1]), way, f"Tổ chức chủ trì {number:02d}",
        f"Chủ nhiệm nhiệm vụ {number:02d}", officer(number), task.duration,
        "" if is_span else task.starts_on, "" if is_span else task.ends_on, task.money,
        f"MH{number:02d}/HĐ-SKHCN", task.signed_as or task.signed_on,
    )  # fmt: skip


def _ordered_row(number: int, task: Ordered) -> Row:
    is_proposal = task.plan_year > AS_OF.year
    return (
        number, task.code, task.title or f"Nhiệm vụ minh họa {number:02d}", task.level, task.kind,
        task.source, task.plan_year, task.way,
        f"{'Tổ chức đề xuất' if is_proposal else 'Tổ chức chủ trì'} {number:02d}",
        "" if is_proposal else f"Chủ nhiệm nhiệm vụ {number:02d}", officer(number), task.duration,
        "", "", task.money, "", "",
    )  # fmt: skip


def result_rows() -> list[Row]:
    """The sheet «Kết quả»."""
    tasks = (*CONTRACTS, *SUPPLEMENTARY, *NEW, *PROPOSED_ABOVE, *PROPOSED)
    numbers = {task.code: number for number, task in enumerate(tasks, start=1)}
    return [_result_row(place, numbers[r.code], r) for place, r in enumerate(results(), start=1)]


def _result_row(place: int, number: int, result: Result) -> Row:
    on = result.on
    paper = f"MH{place:03d}/{result.paper}" if result.paper else ""
    return (
        result.code, result.step, result.outcome, day(on) if place % 9 == 0 else on, paper,
        on if paper else "", result.issuer, result.ends_on, result.cause, result.commitment,
        officer(number), result.note,
    )  # fmt: skip
