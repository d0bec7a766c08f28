"""Hoạt động khác: the rest of section I.1 of the 2019 report, row by row."""

from datetime import date

from office_sheet import Column, Layout, Row

UBND, PROVINCE = "UBND tỉnh", "trên địa bàn tỉnh Cao Bằng"
FARM = (
    "Dự án Đầu tư xây dựng cơ sở hạ tầng kỹ thuật trang trại khoa học nông lâm nghiệp thuộc "
    "Trung tâm Ứng dụng tiến bộ KH&CN tỉnh Cao Bằng"
)
INSPECTION = "Thanh tra chuyên ngành về đo lường và an toàn bức xạ"
INSPECTED = "Cơ sở y tế trên địa bàn tỉnh"

LAYOUT = Layout(
    "Hoạt động",
    "HOẠT ĐỘNG KHÁC CỦA SỞ KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM 2019",
    "(Nội dung, số lượng theo báo cáo 6 tháng đầu năm 2019)",
    (
        Column("TT", 5, centred=True), Column("Mã hoạt động", 13, centred=True),
        Column("Loại hoạt động", 24), Column("Nội dung", 62), Column("Ngày", 12, centred=True),
        Column("Giai đoạn", 28), Column("Số, ký hiệu", 18, "Văn bản"),
        Column("Ngày ký", 12, "Văn bản", centred=True), Column("Cơ quan ban hành", 18, "Văn bản"),
        Column("Số lượng", 10, centred=True), Column("Trong đó", 10, centred=True),
        Column("Số nơi", 8, centred=True), Column("Số tiền", 14, centred=True),
        Column("Tổ chức", 26), Column("Ghi chú", 40),
    ),
)  # fmt: skip


def activity(
    kind: str, title: str, on: date | str = "", stage: str = "", **given: object
) -> dict[str, object]:
    return {"kind": kind, "title": title, "on": on, "stage": stage, **given}


def _paper(number: str, on: date, issuer: str = "") -> dict[str, object]:
    return {"number": number, "signed": on, "issuer": issuer}


LEGAL = (
    activity(
        "Văn bản đến yêu cầu báo cáo",
        "Báo cáo tình hình thực hiện kế hoạch phát triển kinh tế - xã hội của tỉnh 6 tháng đầu "
        "năm 2019, phương hướng, nhiệm vụ 6 tháng cuối năm 2019",
        date(2019, 5, 15),
        **_paper("729/SKHĐT-THQH", date(2019, 5, 15), "Sở Kế hoạch và Đầu tư"),
    ),
    activity(
        "Văn bản quy phạm pháp luật",
        "Quyết định của UBND tỉnh quy định một số mức chi cho hoạt động tổ chức Hội thi sáng tạo "
        f"kỹ thuật và Cuộc thi sáng tạo thanh thiếu niên nhi đồng {PROVINCE}",
        date(2019, 1, 30),
        "đã ban hành",
        **_paper("01/2019/QĐ-UBND", date(2019, 1, 30), UBND),
    ),
    activity(
        "Văn bản quy phạm pháp luật",
        "Nghị quyết sửa đổi, bổ sung một số nội dung của Nghị quyết số 30/2014/NQ-HĐND ngày "
        "11/12/2014 của HĐND tỉnh về cơ chế, chính sách hỗ trợ đầu tư đổi mới công nghệ, nâng cao "
        "năng suất, chất lượng sản phẩm và xác lập quyền sở hữu công nghiệp cho các doanh nghiệp "
        f"{PROVINCE}",
        stage="đang trong quá trình lấy ý kiến góp ý của các cơ quan, đơn vị trên địa bàn tỉnh",
    ),
    activity(
        "Văn bản quy phạm pháp luật",
        "Quyết định của UBND tỉnh ban hành Quy định chức năng, nhiệm vụ, quyền hạn và cơ cấu tổ "
        "chức của Sở KH&CN tỉnh Cao Bằng",
        stage="đã hoàn thành việc lấy ý kiến góp ý và lấy ý kiến của Sở Nội vụ",
    ),
    activity(
        "Văn bản quy phạm pháp luật",
        "Quyết định của UBND tỉnh phê duyệt Điều lệ tổ chức và hoạt động của Quỹ phát triển KH&CN "
        "tỉnh Cao Bằng",
        stage="đã hoàn thành việc lấy ý kiến góp ý",
    ),
    activity(
        "Văn bản quy phạm pháp luật",
        "Quyết định của UBND tỉnh thay thế Quyết định số 49/2014/QĐ-UBND ngày 19/12/2014 của UBND "
        "tỉnh ban hành Quy định quản lý nhiệm vụ KH&CN cấp tỉnh sử dụng NSNN trên địa bàn tỉnh "
        "Cao Bằng",
        stage="đã hoàn thành việc lấy ý kiến góp ý",
    ),
    activity("Văn bản tham mưu khác", "Kế hoạch KH&CN tỉnh Cao Bằng năm 2019", date(2019, 1, 10)),
    activity(
        "Văn bản tham mưu khác",
        "Quyết định thành lập Ban chỉ đạo ISO tỉnh Cao Bằng",
        date(2019, 2, 20),
    ),
)

OTHER_WORK = (
    activity(
        "Đánh giá sáng kiến",
        "Đánh giá sáng kiến cấp tỉnh đợt 1 năm 2019",
        date(2019, 4, 25),
        **_paper("491/QĐ-UBND", date(2019, 4, 25), UBND),
        quantity="19 hồ sơ",
        subset=17,
        note="về việc công nhận sáng kiến cấp tỉnh đợt một, năm 2019",
    ),
    activity(
        "Thanh tra",
        INSPECTION,
        date(2019, 3, 12),
        "thanh tra chuyên ngành",
        places=3,
        organisation=INSPECTED,
    ),
    activity(
        "Thanh tra", INSPECTION, date(2019, 3, 26), "chuyen-nganh", places=3, organisation=INSPECTED
    ),
    activity(
        "Thanh tra",
        INSPECTION,
        "16/04/2019",
        "thanh tra chuyên ngành",
        places="03",
        organisation=INSPECTED,
    ),
    activity(
        "Thanh tra",
        "Thanh tra đối với 01 đề tài KH&CN cấp tỉnh",
        date(2019, 5, 9),
        "thanh tra đề tài",
        places=1,
        organisation="Tổ chức chủ trì 12",
    ),
    activity(
        "Xử phạt vi phạm hành chính",
        "Xử phạt vi phạm hành chính trong lĩnh vực an toàn bức xạ",
        date(2019, 4, 23),
        amount="06 triệu đồng",
        organisation="Trung tâm Y tế huyện Hạ Lang",
        note="Không đánh giá liều chiếu xạ cá nhân cho nhân viên bức xạ ít nhất 3 tháng/lần",
    ),
    activity(
        "Thẩm định công nghệ",
        "Dự án cấp nước sinh hoạt thị trấn Pác Miều, huyện Bảo Lâm, tỉnh Cao Bằng",
        date(2019, 4, 9),
        organisation="Ban quản lý dự án BIIG 1 – Tiểu dự án tỉnh Cao Bằng",
    ),
    activity(
        "Theo dõi cơ sở bức xạ", "Theo dõi, đôn đốc các cơ sở bức xạ hoạt động theo đúng quy định"
    ),
    activity(
        "Kiểm tra chất lượng, đo lường, nhãn hàng hóa",
        "Kiểm tra chất lượng, đo lường và nhãn hàng hóa",
        date(2019, 5, 21),
        quantity="37 lô hàng",
        subset="03",
        places=37,
        note="Không đạt yêu cầu về định lượng",
    ),
    activity(
        "Giải thưởng Chất lượng quốc gia",
        "Đăng ký Giải thưởng chất lượng quốc gia tới các doanh nghiệp đủ điều kiện",
        date(2019, 4, 4),
        quantity="09",
    ),
    activity(
        "Chương trình 712 - năng suất chất lượng",
        "Doanh nghiệp điển hình đã thành công trong hoạt động nâng cao năng suất chất lượng",
        date(2019, 5, 3),
        organisation="Tập đoàn Vàng bạc đá quý Kim Tín",
    ),
    activity(
        "Chương trình 712 - năng suất chất lượng",
        "Doanh nghiệp điển hình đã thành công trong hoạt động nâng cao năng suất chất lượng",
        date(2019, 5, 3),
        organisation="Công ty cổ phần vật liệu xây dựng Cao Bằng",
    ),
    activity(
        "TCVN ISO 9001",
        "Kế hoạch chuyển đổi áp dụng Hệ thống Quản lý chất lượng theo tiêu chuẩn quốc gia TCVN "
        f"ISO 9001:2015 tại các cơ quan, tổ chức thuộc hệ thống hành chính nhà nước {PROVINCE}, "
        "giai đoạn 2019-2020",
    ),
    activity(
        "Tin, bài trên trang thông tin điện tử",
        "Tin, bài lên trang thông tin điện tử khcncaobang.gov.vn",
        date(2019, 6, 7),
        quantity=88,
    ),
    activity(
        "Chương trình truyền hình",
        "Chương trình KHCN và đời sống phát sóng trên Đài Phát thanh – Truyền hình tỉnh",
        date(2019, 6, 7),
        quantity="05",
    ),
    activity(
        "Xuất bản tài liệu",
        "Tài liệu Thông tin KHCN số 1, 2 năm 2019",
        date(2019, 5, 30),
        quantity="1.000 cuốn",
    ),
    activity("Báo cáo thống kê", "Báo cáo thống kê ngành KH&CN năm 2018", date(2019, 2, 26)),
)

STANDING = (
    activity(
        "Dự án đầu tư xây dựng",
        FARM,
        stage="đã hoàn thành giải ngân đền bù giải phóng mặt bằng",
        quantity=25,
        organisation="Trung tâm Ứng dụng tiến bộ KH&CN",
        note="đã hoàn thành công tác giải ngân đền bù giải phóng mặt bằng đối với 25 ha rừng tại "
        "khu vực xây dựng trang trại thuộc Dự án (*hoàn thành dứt điểm công tác giải phóng mặt "
        "bằng*)",
    ),
    activity(
        "Dự án đầu tư xây dựng",
        FARM,
        stage="đang thi công",
        organisation="Trung tâm Ứng dụng tiến bộ KH&CN",
        note="đang tiếp tục thi công hạng mục nhà làm việc thuộc dự án tại xã Lê Chung, huyện Hòa "
        "An",
    ),
    activity(
        "Dự án đầu tư xây dựng",
        FARM,
        stage="đang điều chỉnh thiết kế",
        organisation="Trung tâm Ứng dụng tiến bộ KH&CN",
        note="đang thực hiện công tác điều chỉnh thiết kế một số hạng mục thuộc dự án",
    ),
    activity(
        "Sự kiện",
        "Lễ kỷ niệm 60 năm Ngày thành lập ngành KH&CN (1959-2019), chào mừng Ngày KH&CN Việt Nam "
        '18-5 và công bố văn bằng bảo hộ Chỉ dẫn địa lý "Cao Bằng" cho sản phẩm cây trúc sào và '
        "chiếu trúc tỉnh Cao Bằng",
        date(2019, 5, 17),
    ),
    activity(
        "Hội thảo",
        "Kế hoạch tổ chức Hội thảo khoa học cấp tỉnh đánh giá kết quả, hiệu quả triển khai các đề "
        f"tài, dự án KH&CN {PROVINCE}",
        organisation="Ban Tuyên giáo Tỉnh uỷ",
    ),
    activity(
        "Phục vụ đoàn giám sát",
        "Đoàn giám sát của Ban Kinh tế Ngân sách, HĐND tỉnh đối với kết quả thực hiện việc nghiên "
        "cứu và ứng dụng các dự án, đề tài KH&CN sử dụng kinh phí ngân sách nhà nước trên địa bàn "
        "tỉnh Cao Bằng giai đoạn 2016-2018",
        organisation="Ban Kinh tế Ngân sách, HĐND tỉnh",
    ),
    activity(
        "Đơn vị sự nghiệp tự chủ",
        "Chỉ đạo và hướng dẫn các đơn vị sự nghiệp công lập trực thuộc thực hiện vận hành hoạt "
        "động đồng bộ theo cơ chế tự chủ",
        date(2019, 1, 1),
        **_paper("54/2016/NĐ-CP", date(2016, 6, 14)),
        quantity="03 đơn vị",
        note="Ngày 01/01/2019 là ngày bắt đầu áp dụng cơ chế tự chủ",
    ),
    activity(
        "Sắp xếp, sáp nhập tổ chức",
        "Đề án sáp nhập Trung tâm Ứng dụng tiến bộ KH&CN và Trung tâm Kỹ thuật Tiêu chuẩn Đo lường "
        "Chất lượng thành Trung tâm Ứng dụng tiến bộ KH&CN",
        stage="đã gửi Sở Nội vụ thẩm định và trình UBND tỉnh ban hành",
    ),
    activity(
        "Sắp xếp, sáp nhập tổ chức",
        "Đề án sáp nhập Trung tâm thông tin và Thống kê KH&CN với Trung tâm Công nghệ thông tin và "
        "truyền thông trực thuộc Sở Thông tin và Truyền thông",
        stage="tham gia xây dựng dự thảo",
        organisation="Sở Thông tin và Truyền thông",
    ),
    activity(
        "Sắp xếp, sáp nhập tổ chức",
        "Đề án sáp nhập Sở KH&CN và Sở Thông tin và Truyền thông",
        stage="tham gia xây dựng dự thảo",
        organisation="Sở Thông tin và Truyền thông",
    ),
)

PLANNED = (
    activity(
        "Việc dự kiến của kỳ sau",
        "Xây dựng, trình UBND tỉnh xem xét, phê duyệt Kế hoạch KH&CN tỉnh Cao Bằng năm 2020",
    ),
    activity(
        "Việc dự kiến của kỳ sau",
        "Triển khai các cuộc thanh tra chuyên ngành về đo lường và chất lượng trong hoạt động kinh "
        "doanh xăng dầu đối với doanh nghiệp trên địa bàn tỉnh và thanh tra chuyên đề theo chỉ "
        "đạo của Bộ KH&CN về các thiết bị điện, điện tử",
    ),
    activity(
        "Việc dự kiến của kỳ sau",
        "Thực hiện tốt công tác tuyên truyền, phổ biến và các hoạt động nghiên cứu, ứng dụng "
        "KH&CN trên địa bàn tỉnh",
    ),
)

_KEYS = (
    "kind", "title", "on", "stage", "number", "signed", "issuer", "quantity", "subset", "places",
    "amount", "organisation", "note",
)  # fmt: skip


def activity_rows() -> list[Row]:
    """The sheet «Hoạt động», numbered through."""
    rows = (*LEGAL, *OTHER_WORK, *STANDING, *PLANNED)
    return [
        (number, f"HĐ-2019-{number:02d}", *(row.get(key, "") for key in _KEYS))
        for number, row in enumerate(rows, start=1)
    ]
