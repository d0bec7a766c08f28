from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.previewing import NothingToPreviewError, preview
from khcn_workflow.services.snoozing import Acknowledgement, snooze
from notifications.messages import Event
from notifications.reach import MAIL, ZALO, Contact, Wants
from tests.office import PERSONS, a_task, at_hour, enter, hire, on_day, open_office, record

CODE = "NV-2019-01"
DUE = date(2019, 6, 5)
BEFORE, AFTER = date(2019, 5, 31), date(2019, 6, 10)


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, BEFORE, database=database, KHCN_ZALO_URL="zalobot://nhacviec")
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    yield app
    app.close()


def shown(app, event, channel=MAIL, on=None):
    there = on_day(app, on) if on else app
    return there.ask(preview, event, CODE, channel)


def test_the_owner_sees_the_mail_of_her_own_task_with_its_own_figures(office):
    (one,) = shown(office, Event.DUE_SOON)
    assert (one.recipient.code, one.channel, one.hindrances) == ("cv1", MAIL, ())
    assert one.rendered.subject == (
        "[Sắp đến mục tiêu nội bộ: còn 3 ngày làm việc] NV-2019-01 – Ký hợp đồng (05/06/2019)"
    )
    for form in (one.rendered.text, one.rendered.html, one.rendered.brief):
        assert "NV-2019-01" in form
        assert "05/06/2019" in form


def test_an_escalation_is_shown_as_its_reader_gets_it(office):
    (head,) = shown(office, Event.OVERDUE_HEAD, on=AFTER)
    assert (head.recipient.code, head.hindrances) == ("tp", ())
    (director,) = shown(office, Event.OVERDUE_DIRECTOR, on=AFTER)
    assert director.recipient.code == "pgd"
    assert "Kính gửi ông/bà Phó Giám đốc" in director.rendered.text


@pytest.mark.parametrize(
    ("event", "on", "why"),
    [
        (Event.OVERDUE, BEFORE, "Bước này chưa quá hạn."),
        (Event.DUE_TODAY, BEFORE, "Hôm nay không phải ngày đến hạn."),
        (Event.DUE_SOON, AFTER, "Hôm nay không còn trước hạn."),
        (Event.DUE_SOON, DUE, "Hôm nay không còn trước hạn."),
        (Event.DUE_TODAY, DUE, ""),
        (Event.OVERDUE, AFTER, ""),
    ],
)
def test_it_says_that_today_is_not_the_day(office, event, on, why):
    (one,) = shown(office, event, on=on)
    assert one.hindrances == ((why,) if why else ())


def test_it_says_why_zalo_would_not_bring_it(office):
    (one,) = shown(office, Event.DUE_SOON, ZALO)
    assert one.hindrances == (
        "Người này không nhận qua Zalo (khcn notify contact).",
        "Người này chưa liên kết bot Zalo (khcn notify link); thư đi thay.",
    )
    office.run(save_contact, Contact("cv1", Wants.ZALO, zalo_chat="chat-lan"))
    (linked,) = shown(office, Event.DUE_SOON, ZALO)
    assert (linked.hindrances, linked.recipient.zalo_chat) == ((), "chat-lan")
    (mail,) = shown(office, Event.DUE_SOON)
    assert mail.hindrances == (
        "Người này nhận điều này qua Zalo, không cần thư (khcn notify contact).",
    )
    office.run(park, "zalo")
    (parked,) = shown(office, Event.DUE_SOON, ZALO)
    assert parked.hindrances[0].startswith("Kênh đang dừng đến ")
    office.settings = replace(office.settings, zalo_url="")
    (without,) = shown(office, Event.DUE_SOON, ZALO)
    assert "Chưa đặt KHCN_ZALO_URL; thư đi thay." in without.hindrances


def save_contact(context, contact) -> None:
    context.work.contacts.save(contact)


def park(context, channel) -> None:
    context.work.channels.refused(channel, 3, "hỏng", context.now)


def test_it_says_that_the_address_is_none(office):
    office.run(hire, [replace(PERSONS[0], email="không có")])
    (one,) = shown(office, Event.DUE_SOON)
    assert one.hindrances == ("Địa chỉ thư «không có» không hợp lệ.",)


def test_it_says_that_the_same_was_told_already(office):
    late = on_day(office, AFTER)
    late.run(sweep)
    assert "(đang chờ gửi)" in shown(office, Event.OVERDUE, on=AFTER)[0].hindrances[0]
    deliver_outbox(late)
    (one,) = shown(office, Event.OVERDUE, on=AFTER)
    assert one.hindrances == ("Đã có trong hộp thư đi (đã gửi); mỗi mốc nhắc chỉ báo một lần.",)
    late.close()


def test_the_last_result_is_shown_to_whom_it_was_told(office):
    with pytest.raises(NothingToPreviewError, match="chưa có kết quả nào"):
        shown(office, Event.OUTCOME_RECORDED)
    fields = {"ends_on": "20/05/2021"}
    record(office, CODE, "contract_signing", "signed", date(2019, 5, 30), fields=fields)
    (one,) = shown(office, Event.OUTCOME_RECORDED)
    assert one.recipient.code == "cv1"
    assert "Trưởng phòng đã ghi kết quả bước «Ký hợp đồng»" in one.rendered.text


def test_a_task_with_nothing_owed_and_an_event_about_none_are_refused(office):
    with pytest.raises(NothingToPreviewError, match="không nói về một nhiệm vụ"):
        shown(office, Event.ADMIN_ALERT)
    office.run(enter, a_task("NV-2019-09"), "council_meeting", date(2019, 5, 6))
    with pytest.raises(NothingToPreviewError, match="không có bước nào đang chờ mà có hạn"):
        office.ask(preview, Event.OVERDUE, "NV-2019-09")
    with pytest.raises(NotFoundError):
        office.ask(preview, Event.OVERDUE, "NV-9999")


def test_it_says_that_the_step_is_put_off(office):
    said = Acknowledgement(CODE, date(2019, 6, 4), "chờ lịch họp", actor="cv1")
    office.run(snooze, said)
    (one,) = shown(office, Event.DUE_SOON)
    assert "cv1 đã hoãn nhắc đến hết 04/06/2019: chờ lịch họp" in one.hindrances
    (late,) = shown(office, Event.OVERDUE_HEAD, on=AFTER)
    assert late.hindrances == ()


def test_it_says_when_it_is_no_hour_to_tell_anybody(office):
    evening = at_hour(office, "2019-06-10 21:15")
    (head,) = evening.ask(preview, Event.OVERDUE_HEAD, CODE, MAIL)
    assert head.hindrances == ("Ngoài giờ gửi; tin đi từ 07:00 11/06/2019.",)
    evening.close()


def test_looking_writes_nothing(office):
    for event in (Event.DUE_SOON, Event.OVERDUE):
        shown(office, event)
    assert office.ask(lambda context: context.work.outbox.counts()) == {}
