"""The administrator's channel as a block: on a real server, and by its own server's automation."""

import asyncio
import time
from email import message_from_bytes, policy

import pytest
from prefect.blocks.abstract import NotificationError

from flows.admin_channel import NAME, SLUG, AdminChannel
from khcn_workflow.settings import as_environment
from tests.office import open_office


def subjects(folder) -> list[str]:
    mails = (
        message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.glob("*.eml")
    )
    return [str(mail["Subject"]) for mail in mails]


def wait_for(folder, part: str, seconds: int = 120) -> str:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        for subject in subjects(folder):
            if part in subject:
                return subject
        time.sleep(0.5)
    raise AssertionError(f"không có «{part}»; có: {subjects(folder)}")


@pytest.fixture
def home(tmp_path, database, monkeypatch):
    app = open_office(tmp_path, database=database)
    for name, value in as_environment(app.settings).items():
        monkeypatch.setenv(name, value)
    yield tmp_path
    app.close()


def test_a_block_sends_a_vietnamese_letter_through_our_own_channel(home):
    block = AdminChannel(url=f"mailbox://{home / 'bao'}", email="qt@so.example")
    asyncio.run(block.notify("Lượt chạy «Gửi thư» báo lỗi.", "Có lượt chạy hỏng"))
    (file,) = (home / "bao").glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "[Cảnh báo hệ thống] Có lượt chạy hỏng"
    assert mail["To"].addresses[0].addr_spec == "qt@so.example"
    assert "Lượt chạy «Gửi thư» báo lỗi." in mail.get_body(("plain",)).get_content()


@pytest.mark.usefixtures("home")
def test_a_channel_that_refuses_is_told_to_who_asks_and_keeps_its_password(caplog):
    block = AdminChannel(url="officemail://lan:bi-mat-lam@127.0.0.1:9?cto=1&rto=1")
    with block.raise_on_failure(), pytest.raises(NotificationError) as refused:
        asyncio.run(block.notify("thân", "tiêu đề"))
    assert "mã " in refused.value.log
    asyncio.run(block.notify("thân", "tiêu đề"))
    assert "bi-mat-lam" not in caplog.text + refused.value.log + repr(block)


@pytest.mark.server
@pytest.mark.timeout(400)
def test_an_operators_block_goes_before_the_environment_and_serves_automations(office, prefect):
    folder = office.settings.home / "bao-qua-block"
    wanted = {"url": f"mailbox://{folder}", "email": "qt@so.example"}
    saved = AdminChannel(**wanted).save(NAME, overwrite=True)
    try:
        shown = prefect.call("GET", f"/block_types/slug/{SLUG}/block_documents/name/{NAME}")
        assert str(folder) not in str(shown["data"])
        broken = {"run": "Lượt thử block", "state": "Failed", "message": "", "resource": ""}
        prefect.wait_for_run(prefect.run_deployment("Báo quản trị", broken))
        assert wait_for(folder, "Lượt thử block")
        action = {
            "type": "send-notification",
            "block_document_id": str(saved),
            "subject": "Máy chủ tự báo {{ event.event }}",
            "body": "Sự kiện",
        }
        trigger = {
            "type": "event",
            "posture": "Reactive",
            "expect": ["khcn.thu-block"],
            "threshold": 1,
            "within": 0,
        }
        automation = {"name": "Thử block", "trigger": trigger, "actions": [action]}
        made = prefect.call("POST", "/automations/", automation)
        from prefect.events import emit_event

        time.sleep(3)  # until the server's triggers know the new automation
        emit_event("khcn.thu-block", resource={"prefect.resource.id": "khcn.thu"})
        assert wait_for(folder, "Máy chủ tự báo khcn.thu-block")
        prefect.call("DELETE", f"/automations/{made['id']}")
    finally:
        AdminChannel.delete(NAME)
