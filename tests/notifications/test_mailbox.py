import email
import email.policy

import pytest
from apprise import Apprise

from notifications.channels import register
from notifications.channels.email_message import build_email
from notifications.channels.mailbox import NotifyMailbox, file_name, write_mail
from notifications.messages import Recipient, Rendered
from notifications.outbox import Attempt, Outcome
from tests.notifications.makers import LAN, RENDERED, SENDER, SENT_AT, message


def mail(rendered=RENDERED, **fields):
    return build_email(message(**fields), rendered, SENDER, SENT_AT)


def subjects(folder):
    files = sorted(folder.iterdir())
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Subject"]
        for file in files
    ]


def test_a_mail_becomes_one_file_that_a_mail_program_opens(tmp_path):
    attempt = write_mail(mail(), tmp_path / "thu" / "di")
    assert attempt == Attempt(
        Outcome.SENT, "ok", f"Đã ghi vào {tmp_path}/thu/di", mail()["Message-ID"]
    )
    assert subjects(tmp_path / "thu" / "di") == ["Quá hạn 3 ngày làm việc"]


def test_the_same_message_sent_again_another_day_is_not_a_second_mail(tmp_path):
    write_mail(mail(), tmp_path)
    again = build_email(message(), Rendered("Lần hai", "x", "x"), SENDER, SENT_AT.replace(day=20))
    write_mail(again, tmp_path)
    assert subjects(tmp_path) == ["Lần hai"]


def test_two_messages_to_one_person_on_one_day_are_two_files(tmp_path):
    write_mail(mail(dedupe_key="a"), tmp_path)
    write_mail(mail(dedupe_key="b"), tmp_path)
    assert len(subjects(tmp_path)) == 2


def test_a_file_is_named_by_day_person_and_event():
    assert file_name(mail()).startswith("2019-05-13-nong-thi-lan-overdue-")
    assert file_name(mail(recipient=Recipient("d", "Đỗ Ước", LAN.email)))[11:17] == "do-uoc"
    assert file_name(mail(recipient=Recipient("x", "", LAN.email)))[11:14] == "lan"


def test_a_folder_that_cannot_be_written_is_tried_again_and_leaves_nothing(tmp_path):
    (tmp_path / "tep").write_text("not a folder")
    attempt = write_mail(mail(), tmp_path / "tep")
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "disk")
    assert "Không ghi được thư" in attempt.detail


def test_a_mail_that_cannot_be_put_in_place_leaves_no_half_file(tmp_path):
    (tmp_path / file_name(mail())).mkdir()  # the file's name is taken by a folder
    assert write_mail(mail(), tmp_path).outcome is Outcome.RETRY
    assert [path.name for path in tmp_path.iterdir()] == [file_name(mail())]


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("mailbox:///var/thu%20di", "/var/thu di"),
        ("mailbox://.khcn/thu-di?overflow=split", ".khcn/thu-di"),
        ("MAILBOX:///tmp/Thư", "/tmp/Thư"),  # noqa: S108 - only a name
    ],
)
def test_a_url_names_the_folder_and_can_be_written_again(url, folder):
    plugin = NotifyMailbox(**NotifyMailbox.parse_url(url))
    assert str(plugin.folder) == folder
    assert NotifyMailbox(**NotifyMailbox.parse_url(plugin.url())).folder == plugin.folder


def test_a_url_without_a_folder_is_refused():
    with pytest.raises(TypeError, match="thiếu thư mục"):
        NotifyMailbox(**NotifyMailbox.parse_url("mailbox://"))


def test_apprise_drives_the_plugin_and_a_plugin_without_a_mail_sends_nothing(tmp_path):
    register()
    plugin = Apprise.instantiate(f"mailbox://{tmp_path}")
    assert not Apprise(plugin).notify(title="t", body="b")
    assert plugin.results is None
    plugin.email = mail()
    assert Apprise(plugin).notify(title="t", body="b")
    assert plugin.results.outcome is Outcome.SENT
    assert subjects(tmp_path) == ["Quá hạn 3 ngày làm việc"]
