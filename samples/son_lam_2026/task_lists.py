"""Nhiệm vụ của sổ minh họa 2026: two regimes side by side, in a province that there is not."""

from dataclasses import dataclass

OLD, LAW, DECREE = "luat-2013", "luat-2025", "nd-268-2025"
FINANCE = "chờ Sở Tài chính cho ý kiến về kinh phí"
ORDERS = "rà soát lại điều khoản sở hữu kết quả trong hợp đồng theo yêu cầu của UBND tỉnh"


@dataclass(frozen=True)
class Task:
    """One row of the sheet «Nhiệm vụ», with its results.

    Attributes:
        months: Length of the contract.
        walk: Step, outcome and day of each result, in words that the rulebook's ids give;
            "delay" as outcome is an explained delay with its cause and promise.
    """

    code: str
    rulebook: str
    title: str
    host: str
    head: str
    kind: str
    year: int
    months: int
    money: str
    walk: tuple[tuple[str, ...], ...]
    level: str = "Cấp tỉnh"
    way: str = "Tuyển chọn"
    source: str = "Đặt hàng"


def selected(*days: str, notice: str = "", law: bool = False) -> tuple[tuple[str, ...], ...]:
    """From the call to the revised dossier."""
    call, received, opened, met, revised = days
    told = (("result_notice", "notified", notice),) if notice else ()
    return (
        ("call", "announced", call, "TB-SKHCN"),
        ("dossier_receipt", "received", received),
        ("dossier_opening", "valid", opened, "BB-SKHCN" if law else "TB-SKHCN"),
        ("council_meeting", "passed", met, "BB-HĐ"),
        *told,
        ("proposal_revision", "received", revised),
    )


def signed(on: str, ends_on: str, *reports: str, **checks: str) -> tuple[tuple[str, ...], ...]:
    """A contract with the reports and checks that followed it."""
    return (
        ("contract_signing", "signed", on, "HĐ-SKHCN", ends_on),
        *(("progress_report", "received", day) for day in reports),
        *(("periodic_check", "checked", day, "BB-ĐKT") for day in checks.values()),
    )


RUNNING = (
    Task("ĐT-2024-03", OLD, "Nghiên cứu phục tráng và phát triển giống nếp nương Khẩu Lâm",
         "Viện Nông lâm nghiệp vùng cao Sơn Lâm", "TS. Nông Thị Bích Liên", "Đề tài", 2024, 24,
         "1,15 tỷ", (
             *signed("15/4/2024", "14/4/2026", "10/10/2024", "10/4/2025", "13/10/2025",
                     check="8/4/2025"),
             ("acceptance_dossier", "submitted", "20/4/2026", "CV-VNLN"),
             ("dossier_check", "valid", "22/4/2026"),
             ("council_establishment", "established", "12/5/2026", "QĐ-SKHCN"),
             ("acceptance_meeting", "passed", "29/5/2026", "BB-HĐNT"),
         )),
    Task("ĐT-2024-07", OLD, "Đánh giá tài nguyên cây thuốc họ Gừng (*Zingiberaceae*) ở rừng "
         "phòng hộ Sơn Lâm và đề xuất giải pháp bảo tồn", "Trường Cao đẳng Y tế Sơn Lâm",
         "ThS. Đàm Quang Vinh", "Đề tài", 2024, 30, "1.380 triệu",
         signed("10/6/2024", "9/12/2026", "9/12/2024", "9/6/2025", "9/12/2025", "8/6/2026",
                first="6/6/2025", second="4/6/2026")),
    Task("DA-2025-02", OLD, "Ứng dụng tiến bộ kỹ thuật xây dựng mô hình chăn nuôi bò H'Mông theo "
         "chuỗi", "Công ty cổ phần Nông nghiệp Phia Đén", "KS. Lý Văn Sìn", "Dự án", 2025, 36,
         "3,2 tỷ", signed("12/3/2025", "11/3/2028", "11/9/2025", "10/3/2026", check="10/3/2026")),
    Task("ĐT-2025-04", OLD, "Xây dựng bản đồ nguy cơ sạt lở đất tỷ lệ 1:10.000 cho 12 xã vùng cao",
         "Trung tâm Quan trắc tài nguyên và môi trường tỉnh", "TS. Vi Hoàng Sơn", "Đề tài", 2025,
         24, "1,9 tỷ", signed("15/5/2025", "14/5/2027", "14/11/2025", check="14/5/2026")),
    Task("NTMN-2024-01", OLD, "Ứng dụng khoa học và công nghệ xây dựng mô hình trồng, chế biến chè "
         "Shan tuyết", "Hợp tác xã Chè Shan Nậm Ngùa", "KS. Phàn Thị Mẩy", "Dự án", 2024, 36,
         "4,6 tỷ", signed("5/8/2024", "4/8/2027", "4/2/2025", "4/8/2025", "4/2/2026",
                          check="1/8/2025"),
         level="NTMN - ủy quyền địa phương quản lý", way="Giao trực tiếp"),
)  # fmt: skip
BY_LAW = (
    Task("NV-2026-01", LAW, "Nghiên cứu mô hình quản trị nước sinh hoạt hợp vệ sinh cho thôn bản "
         "vùng đá vôi", "Trường Đại học Thủy lợi Miền núi", "PGS.TS. Trịnh Đức Long", "Nhiệm vụ",
         2026, 24, "1,6 tỷ", (
             *selected("5/1/2026", "4/2/2026", "10/2/2026", "3/3/2026", "16/3/2026", law=True),
             ("appraisal_meeting", "appraised", "26/3/2026", "BB-TTĐ"),
             ("dossier_completion", "completed", "3/4/2026"),
             ("approval", "approved", "15/4/2026", "QĐ-UBND"),
             *signed("29/4/2026", "28/4/2028"),
         )),
    Task("NV-2026-02", LAW, "Nghiên cứu công nghệ chiết tách tinh dầu hồi giàu trans-anethole",
         "Viện Hóa sinh ứng dụng Lạng Giang", "TS. Bế Thị Thu Hà", "Nhiệm vụ", 2026, 30, "2,1 tỷ", (
             *selected("5/1/2026", "4/2/2026", "10/2/2026", "5/3/2026", "27/5/2026", law=True),
             ("appraisal_meeting", "opinions_received", "5/6/2026", "CV-STC"),
         )),
    Task("NV-2026-03", LAW, "Nghiên cứu bảo tồn số di sản hát then, đàn tính", "", "", "Nhiệm vụ",
         2026, 18, "900 triệu", (
             ("call", "announced", "5/1/2026", "TB-SKHCN"),
             ("dossier_receipt", "no_dossier", "4/2/2026"),
         )),
)  # fmt: skip
_FIRST = ("2/3/2026", "1/4/2026", "8/4/2026", "16/4/2026", "4/5/2026")
INNOVATION = (
    Task("ĐM-2026-01", DECREE, "Hoàn thiện dây chuyền sấy lạnh dược liệu quy mô hợp tác xã",
         "Công ty TNHH Dược liệu Pác Nặm", "KS. Hà Minh Khôi", "Nhiệm vụ", 2026, 18, "1,2 tỷ", (
             *selected("5/1/2026", "4/2/2026", "11/2/2026", "3/3/2026", "12/3/2026",
                       notice="5/3/2026"),
             ("appraisal_meeting", "appraised", "13/3/2026", "BB-SKHCN"),
             ("approval", "approved", "20/3/2026", "QĐ-SKHCN"),
             *signed("27/3/2026", "26/9/2027"),
         )),
    Task("ĐM-2026-02", DECREE, "Nền tảng truy xuất nguồn gốc mật ong bạc hà bằng mã vạch hai chiều",
         "Công ty cổ phần Công nghệ số Sơn Lâm", "ThS. Ngô Tuấn Kiệt", "Nhiệm vụ", 2026, 12,
         "850 triệu", (
             *selected("5/1/2026", "4/2/2026", "11/2/2026", "4/3/2026", "16/3/2026",
                       notice="6/3/2026"),
             ("appraisal_meeting", "appraised", "16/3/2026", "BB-SKHCN"),
             ("approval", "approved", "25/3/2026", "QĐ-SKHCN"),
             ("contract_signing", "delay", "10/4/2026", ORDERS, "30/4/2026"),
             *signed("23/4/2026", "22/4/2027"),
         )),
    Task("ĐM-2026-03", DECREE, "Đổi mới công nghệ sản xuất miến dong không dùng phèn",
         "Hợp tác xã Miến dong Nà Pùng", "Hoàng Văn Thắng", "Nhiệm vụ", 2026, 18, "980 triệu", (
             *selected(*_FIRST, notice="20/4/2026"),
             ("appraisal_meeting", "appraised", "5/5/2026", "BB-SKHCN"),
             ("approval", "approved", "14/5/2026", "QĐ-SKHCN"),
             ("contract_signing", "delay", "1/6/2026", ORDERS, "26/6/2026"),
         )),
    Task("ĐM-2026-04", DECREE, "Thiết bị cảnh báo sớm lũ quét dùng mạng LoRa",
         "Công ty TNHH Điện tử Bản Giốc Mới", "KS. Triệu Thanh Tùng", "Nhiệm vụ", 2026, 24,
         "1,75 tỷ", (
             *selected(*_FIRST, notice="20/4/2026"),
             ("appraisal_meeting", "delay", "6/5/2026", FINANCE, "15/5/2026"),
             ("appraisal_meeting", "appraised", "14/5/2026", "BB-SKHCN"),
             ("approval", "delay", "27/5/2026", FINANCE, "19/6/2026"),
         )),
    Task("ĐM-2026-05", DECREE, "Vật liệu gạch không nung từ xỉ quặng sắt",
         "Công ty cổ phần Vật liệu xanh Đồng Lâm", "TS. Mã Quốc Trung", "Nhiệm vụ", 2026, 24,
         "2,4 tỷ", (
             *selected("6/4/2026", "6/5/2026", "12/5/2026", "1/6/2026", "9/6/2026",
                       notice="3/6/2026"),
             ("appraisal_meeting", "opinions_received", "9/6/2026", "CV-STC"),
         )),
    Task("ĐM-2026-06", DECREE, "Ứng dụng thị giác máy tính phân loại quả hạt dẻ",
         "Trường Cao đẳng Kỹ thuật Sơn Lâm", "ThS. Lục Bảo Ngọc", "Nhiệm vụ", 2026, 15,
         "640 triệu", (
             *selected("6/4/2026", "6/5/2026", "12/5/2026", "2/6/2026", "9/6/2026",
                       notice="4/6/2026"),
         )),
    Task("ĐM-2026-07", DECREE, "Máy thu hoạch ngô trên đất dốc", "Xưởng cơ khí Tân Lập",
         "Vũ Đình Phong", "Nhiệm vụ", 2026, 18, "700 triệu", (
             ("call", "announced", "6/4/2026", "TB-SKHCN"),
             ("dossier_receipt", "received", "6/5/2026"),
             ("dossier_opening", "declined", "12/5/2026", "TB-SKHCN"),
         )),
    Task("ĐM-2026-08", DECREE, "Du lịch số công viên địa chất: bản đồ thực tế tăng cường", "", "",
         "Nhiệm vụ", 2026, 12, "500 triệu", (
             ("call", "announced", "6/4/2026", "TB-SKHCN"),
             ("dossier_receipt", "no_dossier", "6/5/2026"),
         )),
)  # fmt: skip
PROPOSED = (
    Task("ĐX-2027-01", DECREE, "Sản xuất nhiên liệu viên nén từ phụ phẩm gỗ keo",
         "Công ty TNHH Lâm sản Hồng Phong", "", "Nhiệm vụ", 2027, 24, "", (
             ("proposal_synthesis", "listed", "1/6/2026", "TB-SKHCN"),
         ), way=""),
    Task("ĐX-2027-02", LAW, "Nghiên cứu giải pháp phục hồi rừng đầu nguồn sau bão",
         "Viện Sinh thái rừng Việt Bắc", "", "Nhiệm vụ", 2027, 36, "", (
             ("proposal_synthesis", "listed", "2/6/2026", "TB-SKHCN"),
         ), way=""),
)  # fmt: skip
TASKS = (*RUNNING, *BY_LAW, *INNOVATION, *PROPOSED)
