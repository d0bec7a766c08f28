import email
import email.policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.email_message import (
    AddressError,
    Attachment,
    RecipientError,
    build_email,
    message_id,
    sender_address,
)
from notifications.messages import Recipient, Rendered
from tests.notifications.makers import LAN, RENDERED, SENDER, SENT_AT, message

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷạặậẹệịọộợụựỵ"
lines = st.text(f"{LETTERS}{LETTERS.upper()}0123456789  ,.:;–«»()[]\"'@<>/\\", min_size=1).map(
    lambda text: " ".join(text.split())
)


def built(rendered=RENDERED, sender=SENDER, attachments=(), **fields):
    return build_email(message(**fields), rendered, sender, SENT_AT, attachments)


def received(mail):
    return email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)


def header_as_older_clients_read_it(mail, name):
    old = email.message_from_bytes(mail.as_bytes(), policy=email.policy.compat32)
    return str(make_header(decode_header(old[name].replace("\r\n", ""))))


def test_a_mail_says_who_what_when_and_that_a_machine_wrote_it():
    mail = received(built())
    assert {name: str(value) for name, value in mail.items() if name != "Content-Type"} == {
        "From": "Sở KH&CN tỉnh Cao Bằng <nhacviec@khcn.caobang.example>",
        "To": "Nông Thị Lan <lan@khcn.caobang.example>",
        "Subject": "Quá hạn 3 ngày làm việc",
        "Date": "Mon, 13 May 2019 08:00:00 +0700",
        "Message-ID": message_id("NV-2019-07|tham-dinh|v1|D+1|lan|mail", "khcn.caobang.example"),
        "In-Reply-To": message_id("thread:NV-2019-07", "khcn.caobang.example"),
        "References": message_id("thread:NV-2019-07", "khcn.caobang.example"),
        "Auto-Submitted": "auto-generated",
        "X-KHCN-Event": "overdue",
        "X-KHCN-Created": "2019-05-13",
        "MIME-Version": "1.0",
    }


def test_a_mail_carries_the_text_first_and_the_page_second():
    parts = list(received(built()).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    texts = [part.get_content().replace("\r\n", "\n") for part in parts]
    assert texts == [RENDERED.text, RENDERED.html]


def test_a_mail_is_plain_ascii_with_short_lines_whatever_it_says():
    page = Rendered("Đề nghị " * 40, "ư" * 5000, "<p>" + "x" * 5000 + "</p>")
    raw = built(page).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_message_always_has_the_same_id():
    assert built()["Message-ID"] == built(Rendered("khác", "khác", "khác"))["Message-ID"]
    assert built()["Message-ID"] != built(dedupe_key="NV-2019-07|v2")["Message-ID"]


def test_the_mails_of_one_task_form_one_thread():
    assert built(dedupe_key="a")["References"] == built(dedupe_key="b")["References"]
    assert built()["References"] != built(thread="NV-2019-08")["References"]
    assert built(dedupe_key="NV-2019-07")["Message-ID"] != built()["References"]


def test_a_date_just_after_midnight_in_hanoi_is_hanois_day():
    early = SENT_AT.replace(hour=17, minute=30)  # 00:30 on the 14th in Hà Nội
    assert build_email(message(), RENDERED, SENDER, early)["Date"].datetime.day == 14


@given(lines.filter(bool))
def test_a_subject_arrives_as_it_was_written(subject):
    assert received(built(Rendered(subject, "x", "x")))["Subject"] == subject


@given(lines.filter(bool))
def test_a_name_arrives_as_it_was_written_and_is_one_recipient(name):
    mail = built(recipient=Recipient("x", name, "lan@so.example"))
    assert [a.addr_spec for a in received(mail)["To"].addresses] == ["lan@so.example"]
    read = header_as_older_clients_read_it(mail, "To")
    assert read.replace('"', "") == f"{name} <lan@so.example>".replace('"', "")


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Sở KH&CN, tỉnh Cao Bằng <a@so.example>", "Sở KH&CN, tỉnh Cao Bằng", "a@so.example"),
        ('"Sở KH&CN" <a@so.example>', "Sở KH&CN", "a@so.example"),
        ("a@so.example", "", "a@so.example"),
        (" <a@so.example> ", "", "a@so.example"),
    ],
)
def test_a_sender_is_read_with_or_without_a_name(sender, name, address):
    read = sender_address(sender)
    assert (read.display_name, read.addr_spec) == (name, address)


@pytest.mark.parametrize("sender", ["", "Sở KH&CN", "Sở <>", "a@b <c@d> <e@f>", "a@b, c@d"])
def test_a_sender_without_one_address_is_refused(sender):
    with pytest.raises(AddressError):
        sender_address(sender)


@pytest.mark.parametrize(
    "address", ["", "lan", "lan@", "@so.example", "lan@so, nam@so", "lần@so.example", "a b@so.vn"]
)
def test_a_recipient_that_cannot_be_written_to_is_refused(address):
    with pytest.raises(RecipientError, match="không hợp lệ"):
        built(recipient=Recipient("lan", "Lan", address))


def test_a_name_cannot_add_a_header():
    mail = built(recipient=Recipient("x", "Lan\r\nBcc: moi@nguoi.example", LAN.email))
    assert mail["Bcc"] is None
    assert received(mail)["Bcc"] is None


def test_an_attachment_keeps_its_vietnamese_name_its_type_and_its_bytes():
    name = "Báo cáo kết quả hoạt động khoa học và công nghệ 6 tháng đầu năm 2019 (bản trình).pdf"
    mail = received(built(attachments=[Attachment(name, b"%PDF-\x00\xff", "application/pdf")]))
    (part,) = mail.iter_attachments()
    assert "filename*0*=utf-8''B%C3%A1o" in part.as_string()  # RFC 2231
    assert part.get_filename() == name
    assert part.get_content_type() == "application/pdf"
    assert part.get_content() == b"%PDF-\x00\xff"
    assert part.get_content_disposition() == "attachment"
