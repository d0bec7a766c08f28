"""Dossiers and activities made by hand through the domain, and the set that equals the seed."""

from dataclasses import replace
from datetime import date

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.ledger import Document, EntryKind, Fact
from khcn_workflow.domain.progress import apply, check_outcome, register
from khcn_workflow.domain.science_task import Kind, Level, ScienceTask, Source, Way
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from khcn_workflow.regulations.agency import load_agency
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.reports.period import parse_period
from khcn_workflow.reports.report_input import Dossier, ReportInput

RULEBOOK = load_rulebooks()["cao-bang"]
CALENDAR = load_calendar()
AS_OF = date(2019, 6, 10)
SUPERIOR, OPINION = "yeu-cau-cap-tren", "xin-y-kien"


def science_task(code, **given):
    defaults = {
        "title": f"Nghiên cứu {code}",
        "level": Level.PROVINCIAL,
        "kind": Kind.TOPIC,
        "source": Source.ORDERED,
        "plan_year": 2019,
        "host": "Trung tâm",
        "principal_investigator": "Nguyễn Văn A",
        "officer": "cv01",
        "rulebook": "cao-bang",
    }
    return ScienceTask(code=code, **{**defaults, **given})


def outcome(step, result, on, **data):
    return Fact(EntryKind.OUTCOME, "", on, "cv01", step=step, outcome=result, data=data)


def delay(step, cause, on, commitment=None):
    return Fact(EntryKind.DELAY, "", on, "cv01", step=step, cause=cause, commitment=commitment)


def dossier(task, at_step, opened_on, *facts):
    progress = register(task, RULEBOOK.step(at_step), opened_on)
    for fact in facts:
        if fact.kind is EntryKind.OUTCOME:
            check_outcome(progress, RULEBOOK, fact, AS_OF)
        progress = apply(progress, RULEBOOK, fact)
    return Dossier(progress, RULEBOOK)


def report_input(dossiers=(), activities=(), period="2019-H1", as_of=AS_OF):
    return ReportInput(
        parse_period(period),
        as_of,
        tuple(dossiers),
        tuple(activities),
        load_activity_kinds(),
        CALENDAR,
        load_agency(),
    )


def running(code, signed_on=date(2018, 9, 3), *facts, **given):
    """A task under contract whose reports and checks are up to date at the cut-off."""
    given = {"plan_year": signed_on.year, **given}
    signed = outcome("contract_signing", "signed", signed_on, ends_on="2020-12-31")
    reported = outcome("progress_report", "received", date(2019, 3, 1))
    task = science_task(code, **given)
    return dossier(task, "contract_signing", signed_on, signed, reported, *facts)


def supplementary(code, *facts, **given):
    task = science_task(code, source=Source.SUPPLEMENTARY, plan_year=2018, **given)
    return dossier(task, "appraisal_meeting", date(2018, 12, 20), *facts)


def ordered(code, *facts, **given):
    task = science_task(code, **{"way": Way.SELECTION, **given})
    received = outcome("dossier_receipt", "received", date(2019, 2, 15))
    opened = outcome("dossier_opening", "valid", date(2019, 2, 20))
    return dossier(task, "dossier_receipt", date(2019, 1, 15), received, opened, *facts)


def passed_council(code, *facts, revised_on=date(2019, 4, 10), **given):
    council = outcome("council_meeting", "passed", date(2019, 3, 20))
    revised = outcome("proposal_revision", "received", revised_on)
    return ordered(code, council, revised, *facts, **given)


def appraised(on=date(2019, 4, 19)):
    return outcome("appraisal_meeting", "appraised", on)


def approved(on=date(2019, 5, 20), completed_on=date(2019, 5, 3)):
    return (
        outcome("dossier_completion", "completed", completed_on),
        outcome("approval", "approved", on),
    )


def signed(on=date(2019, 6, 3)):
    return outcome("contract_signing", "signed", on, ends_on="2021-06-03")


def seed_dossiers():
    """As many tasks, in as many states, as the report of 2019 counts."""
    project = {"kind": Kind.PROJECT}
    found = [
        running("QG-01", level=Level.NATIONAL, **project),
        running("CT-01", level=Level.URGENT_LOCAL, **project),
        *(running(f"TW-0{n}", level=Level.RURAL_CENTRAL, **project) for n in (1, 2)),
        *(running(f"UQ-0{n}", level=Level.RURAL_DELEGATED, **project) for n in (1, 2)),
        *(running(f"CB-{n:02}") for n in range(1, 15)),
        *(running(f"CB-{n:02}", kind=Kind.PROJECT) for n in range(15, 27)),
        *(running(f"CB-{n}", date(2018, 9, 3), checked()) for n in (27, 28)),
        *(accepted(f"CB-{n}") for n in (29, 30)),
    ]
    july = date(2019, 6, 30)
    found += [
        supplementary(f"BS-0{n}", _why("appraisal_meeting", SUPERIOR, july), appraised(),
                      *approved(date(2019, 5, 6), date(2019, 4, 26)),
                      _why("contract_signing", SUPERIOR, july))
        for n in (1, 2)
    ]  # fmt: skip
    opinions = outcome("appraisal_meeting", "opinions_received", date(2019, 6, 5))
    found += [
        passed_council("DH-01", appraised(), *approved(), signed(), way=Way.DIRECT),
        passed_council("DH-02", appraised(), *approved()),
        *(
            passed_council(
                f"DH-0{n}",
                _why("appraisal_meeting", SUPERIOR, july),
                _why("appraisal_meeting", OPINION, july),
                opinions,
            )
            for n in range(3, 8)
        ),
        no_dossier("DH-08"),
        *(ministry(f"NT-0{n}", title) for n, title in enumerate(_RURAL, start=1)),
        *(
            dossier(
                science_task(f"DX-0{n}", plan_year=2020), "proposal_synthesis", date(2019, 4, 1)
            )
            for n in range(1, 4)
        ),
    ]
    return found


_PEANUTS = (
    "Xây dựng mô hình chuỗi liên kết, ứng dụng KH&CN trong sản xuất, chế biến, tiêu thụ lạc vùng "
    "miền núi tỉnh Cao Bằng"
)
_ORCHIDS = (
    "Ứng dụng tiến bộ KH&CN xây dựng mô hình trồng, chăm sóc các loài lan bản địa: Lan Đại Châu "
    "(*Rhynchostylis gigantea*), lan Kiều (*Dendrobium amabile*), lan Địa Lan (*Cymbidium "
    "sinense*) tại Cao Bằng"
)
_RURAL = (_PEANUTS, _ORCHIDS)


def _why(step, cause, commitment):
    return delay(step, cause, date(2019, 4, 15), commitment)


def checked(on=date(2019, 5, 8)):
    return outcome("periodic_check", "checked", on)


def accepted(code, on=date(2019, 3, 28), result="passed"):
    task = science_task(code, plan_year=2016)
    return dossier(
        task,
        "contract_signing",
        date(2018, 3, 1),
        outcome("contract_signing", "signed", date(2018, 3, 1), ends_on="2019-02-28"),
        outcome("progress_report", "received", date(2018, 8, 30)),
        outcome("acceptance_dossier", "submitted", date(2019, 2, 20)),
        outcome("dossier_check", "valid", date(2019, 2, 22)),
        outcome("council_establishment", "established", date(2019, 3, 8)),
        outcome("acceptance_meeting", result, on),
        *_finished(on, result),
    )


def _finished(on, result):
    if result == "failed":
        return ()
    return (
        outcome("file_finalisation", "finalised", on + (AS_OF - date(2019, 6, 1))),
        outcome("result_registration", "registered", on + (AS_OF - date(2019, 6, 1))),
        outcome("recognition", "recognised", on + (AS_OF - date(2019, 5, 30))),
    )


def no_dossier(code):
    task = science_task(code)
    none = outcome("dossier_receipt", "no_dossier", date(2019, 2, 15))
    return dossier(task, "dossier_receipt", date(2019, 1, 15), none)


def ministry(code, title, on=date(2019, 5, 10), level=Level.RURAL_CENTRAL):
    task = science_task(code, title=title, kind=Kind.PROJECT, level=level, plan_year=2020)
    sent = outcome("proposal_synthesis", "sent_to_ministry", on)
    return dossier(task, "proposal_synthesis", date(2019, 3, 1), sent)


def activity(code, kind, title, **given):
    return Activity(code=code, kind=kind, title=title, **given)


def seed_activities():
    """The other work of the report of 2019."""
    province = "trên địa bàn tỉnh Cao Bằng"
    ubnd = "UBND tỉnh"
    return [
        activity("HĐ-01", "van-ban-den",
                 "Báo cáo tình hình thực hiện kế hoạch phát triển kinh tế - xã hội của tỉnh "
                 "6 tháng đầu năm 2019, phương hướng, nhiệm vụ 6 tháng cuối năm 2019",
                 on=date(2019, 5, 15),
                 document=Document("729/SKHĐT-THQH", date(2019, 5, 15), "Sở Kế hoạch và Đầu tư")),
        activity("HĐ-02", "van-ban-qppl",
                 "Quyết định của UBND tỉnh quy định một số mức chi cho hoạt động tổ chức Hội thi "
                 f"sáng tạo kỹ thuật và Cuộc thi sáng tạo thanh thiếu niên nhi đồng {province}",
                 on=date(2019, 1, 30), stage="da-ban-hanh",
                 document=Document("01/2019/QĐ-UBND", date(2019, 1, 30), ubnd)),
        activity("HĐ-03", "van-ban-qppl",
                 "Nghị quyết sửa đổi, bổ sung một số nội dung của Nghị quyết số 30/2014/NQ-HĐND",
                 stage="dang-lay-y-kien"),
        activity("HĐ-04", "van-ban-qppl",
                 "Quyết định của UBND tỉnh ban hành Quy định chức năng, nhiệm vụ, quyền hạn và cơ "
                 "cấu tổ chức của Sở KH&CN tỉnh Cao Bằng", stage="da-lay-y-kien-noi-vu"),
        activity("HĐ-05", "van-ban-qppl",
                 "Quyết định của UBND tỉnh phê duyệt Điều lệ tổ chức và hoạt động của Quỹ phát "
                 "triển KH&CN tỉnh Cao Bằng", stage="da-lay-y-kien"),
        activity("HĐ-06", "van-ban-qppl",
                 "Quyết định của UBND tỉnh thay thế Quyết định số 49/2014/QĐ-UBND",
                 stage="da-lay-y-kien"),
        activity("HĐ-07", "tham-muu", "Kế hoạch KH&CN tỉnh Cao Bằng năm 2019",
                 on=date(2019, 1, 10)),
        activity("HĐ-08", "tham-muu", "Quyết định thành lập Ban chỉ đạo ISO tỉnh Cao Bằng",
                 on=date(2019, 2, 12)),
        activity("HĐ-09", "sang-kien", "Đánh giá sáng kiến cấp tỉnh đợt 1 năm 2019",
                 on=date(2019, 4, 25), quantity=19, subset=17,
                 document=Document("491/QĐ-UBND", date(2019, 4, 25), ubnd),
                 note="về việc công nhận sáng kiến cấp tỉnh đợt một, năm 2019"),
        *(activity(f"HĐ-1{n}", "thanh-tra",
                   "Thanh tra chuyên ngành về đo lường và an toàn bức xạ", on=date(2019, 3, n + 10),
                   stage="chuyen-nganh", place_count=3) for n in range(3)),
        activity("HĐ-13", "thanh-tra", "Thanh tra đối với 01 đề tài KH&CN cấp tỉnh",
                 on=date(2019, 4, 16), stage="de-tai", place_count=1),
        activity("HĐ-14", "xu-phat",
                 "Xử phạt vi phạm hành chính trong lĩnh vực an toàn bức xạ", on=date(2019, 4, 2),
                 amount_vnd=6_000_000, organisation="Trung tâm Y tế huyện Hạ Lang",
                 note="Không đánh giá liều chiếu xạ cá nhân cho nhân viên bức xạ ít nhất 3 "
                 "tháng/lần"),
        activity("HĐ-15", "tham-dinh-cong-nghe",
                 "Dự án cấp nước sinh hoạt thị trấn Pác Miều, huyện Bảo Lâm, tỉnh Cao Bằng",
                 on=date(2019, 4, 9),
                 organisation="Ban quản lý dự án BIIG 1 – Tiểu dự án tỉnh Cao Bằng"),
        activity("HĐ-16", "co-so-buc-xa",
                 "Theo dõi, đôn đốc các cơ sở bức xạ hoạt động theo đúng quy định"),
        activity("HĐ-17", "kiem-tra-hang-hoa", "Kiểm tra chất lượng, đo lường và nhãn hàng hóa",
                 on=date(2019, 5, 20), quantity=37, subset=3, place_count=37,
                 note="Không đạt yêu cầu về định lượng"),
        activity("HĐ-18", "giai-thuong-chat-luong", "Đăng ký Giải thưởng chất lượng quốc gia",
                 on=date(2019, 4, 1), place_count=9),
        activity("HĐ-19", "chuong-trinh-712", "Doanh nghiệp điển hình", on=date(2019, 5, 2),
                 organisation="Tập đoàn Vàng bạc đá quý Kim Tín"),
        activity("HĐ-20", "chuong-trinh-712", "Doanh nghiệp điển hình", on=date(2019, 5, 2),
                 organisation="Công ty cổ phần vật liệu xây dựng Cao Bằng"),
        activity("HĐ-21", "iso-9001",
                 "Kế hoạch chuyển đổi áp dụng Hệ thống Quản lý chất lượng theo tiêu chuẩn quốc gia "
                 "TCVN ISO 9001:2015 tại các cơ quan, tổ chức thuộc hệ thống hành chính nhà nước "
                 f"{province}, giai đoạn 2019-2020"),
        activity("HĐ-22", "tin-bai", "Tin, bài lên trang thông tin điện tử khcncaobang.gov.vn",
                 on=date(2019, 6, 7), quantity=88),
        activity("HĐ-23", "truyen-hinh",
                 "Chương trình KHCN và đời sống phát sóng trên Đài Phát thanh – Truyền hình tỉnh",
                 on=date(2019, 6, 7), quantity=5),
        activity("HĐ-24", "xuat-ban", "Tài liệu Thông tin KHCN số 1, 2 năm 2019",
                 on=date(2019, 5, 30), quantity=1000),
        activity("HĐ-25", "thong-ke", "Báo cáo thống kê ngành KH&CN năm 2018",
                 on=date(2019, 2, 14)),
        *_works(),
        activity("HĐ-29", "su-kien",
                 "Lễ kỷ niệm 60 năm Ngày thành lập ngành KH&CN (1959-2019), chào mừng Ngày KH&CN "
                 "Việt Nam 18-5", on=date(2019, 5, 17)),
        activity("HĐ-30", "hoi-thao",
                 "Trình ban hành Kế hoạch tổ chức Hội thảo khoa học cấp tỉnh đánh giá kết quả",
                 organisation="Ban Tuyên giáo Tỉnh uỷ"),
        activity("HĐ-31", "giam-sat", "Đoàn giám sát của Ban Kinh tế Ngân sách, HĐND tỉnh"),
        activity("HĐ-32", "tu-chu", "Đơn vị sự nghiệp tự chủ", on=date(2019, 1, 1), quantity=3,
                 document=Document("54/2016/NĐ-CP", date(2016, 6, 14))),
        activity("HĐ-33", "sap-nhap",
                 "Đề án sáp nhập Trung tâm Ứng dụng tiến bộ KH&CN và Trung tâm Kỹ thuật Tiêu chuẩn "
                 "Đo lường Chất lượng thành Trung tâm Ứng dụng tiến bộ KH&CN",
                 stage="da-gui-tham-dinh"),
        activity("HĐ-34", "sap-nhap",
                 "Đề án sáp nhập Trung tâm Thông tin và Thống kê KH&CN với Trung tâm Công nghệ "
                 "thông tin và truyền thông", stage="tham-gia-du-thao",
                 organisation="Sở Thông tin và Truyền thông"),
        activity("HĐ-35", "sap-nhap",
                 "Đề án sáp nhập Sở KH&CN và Sở Thông tin và Truyền thông",
                 stage="tham-gia-du-thao", organisation="Sở Thông tin và Truyền thông"),
        activity("HĐ-36", "ke-hoach-ky-sau",
                 "Triển khai các cuộc thanh tra chuyên ngành về đo lường và chất lượng trong hoạt "
                 "động kinh doanh xăng dầu"),
        activity("HĐ-37", "ke-hoach-ky-sau",
                 "Thực hiện tốt công tác tuyên truyền, phổ biến và các hoạt động nghiên cứu, ứng "
                 "dụng KH&CN trên địa bàn tỉnh"),
    ]  # fmt: skip


def _works():
    title = (
        "Dự án Đầu tư xây dựng cơ sở hạ tầng kỹ thuật trang trại khoa học nông lâm nghiệp thuộc "
        "Trung tâm Ứng dụng tiến bộ KH&CN tỉnh Cao Bằng"
    )
    stages = {
        "giai-ngan-xong": "đã hoàn thành công tác giải ngân đền bù giải phóng mặt bằng đối với "
        "25 ha rừng tại khu vực xây dựng trang trại",
        "dang-thi-cong": "hạng mục nhà làm việc tại xã Lê Chung, huyện Hòa An",
        "dieu-chinh-thiet-ke": "một số hạng mục thuộc dự án",
    }
    return [
        activity(f"HĐ-{26 + n}", "xay-dung", title, stage=stage, note=note)
        for n, (stage, note) in enumerate(stages.items())
    ]


def seed_input(**given):
    return replace(report_input(seed_dossiers(), seed_activities()), **given)
