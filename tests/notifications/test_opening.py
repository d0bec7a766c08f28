"""Whether a channel would let us in is asked without sending anything."""

from urllib.parse import quote

import pytest

from notifications.channels import open_channel
from notifications.outbox import Outcome
from tests.notifications.smtp_server import PASSWORD, USER, Faults, free_port, running, with_login

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def officemail(port: int, password: str) -> str:
    user = quote(USER, safe="")
    return f"officemail://{user}:{quote(password, safe='')}@127.0.0.1:{port}?cto=2&rto=2"


def test_a_mail_server_that_takes_our_login_is_open_and_gets_no_mail():
    faults = Faults()
    with running(faults, **with_login()) as port:
        attempt = open_channel(officemail(port, PASSWORD))
    assert attempt.outcome is Outcome.SENT
    assert faults.taken == []


def test_a_mail_server_that_refuses_it_is_not_and_the_password_is_not_told():
    with running(Faults(), **with_login()) as port:
        attempt = open_channel(officemail(port, "mat-khau-sai"))
    assert attempt.outcome is Outcome.AUTH
    assert "mat-khau-sai" not in attempt.detail


def test_a_mail_server_that_is_not_there_is_not_open():
    attempt = open_channel(officemail(free_port(), PASSWORD))
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "connect")


def test_a_folder_is_open_when_it_can_be_written_to(tmp_path):
    assert open_channel(f"mailbox://{tmp_path / 'moi'}").outcome is Outcome.SENT
    assert list((tmp_path / "moi").iterdir()) == []
    (tmp_path / "tep").touch()
    assert open_channel(f"mailbox://{tmp_path / 'tep'}").outcome is Outcome.RETRY


def test_an_address_that_no_channel_knows_is_not_open():
    assert open_channel("khong-co://o-dau").outcome is Outcome.AUTH
