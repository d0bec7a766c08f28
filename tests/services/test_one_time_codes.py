"""One-time codes: right once, within a step of drift, and not for whoever guesses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import pyotp
import pytest

from khcn_workflow.domain.authority import NotAuthorisedError
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.science_task import Role
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.one_time_codes import give_secret, spend_code
from khcn_workflow.services.persons import PersonChange, set_person
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import a_task, enter, open_office

CODE = "NV-2019-01"
NOON = datetime(2019, 6, 10, 5, 0, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "contract_signing", NOON.date())
    yield app
    app.close()


@pytest.fixture
def secret(office):
    return secret_of(office.run(give_secret, "cv1").uri)


def secret_of(uri: str) -> str:
    return parse_qs(urlparse(uri).query)["secret"][0]


def code_at(secret: str, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(NOON.timestamp()) + seconds)


def spend(office, code: str, seconds: int = 0, person: str = "cv1") -> str:
    """What is said of a code so many seconds after noon; empty when it is taken."""

    def at(context):
        then = replace(context, now=NOON + timedelta(seconds=seconds))
        return spend_code(then, person, code, CODE, "contract_signing")

    return str(office.run(at) or "")


@pytest.mark.parametrize(("typed_for", "taken"), [(-60, 0), (-30, 1), (0, 1), (30, 1), (60, 0)])
def test_a_code_is_taken_within_one_step_of_drift(office, secret, typed_for, taken):
    assert (spend(office, code_at(secret, typed_for)) == "") == bool(taken)


def test_a_code_may_be_typed_in_two_groups(office, secret):
    code = code_at(secret)
    assert spend(office, f" {code[:3]} {code[3:]} ") == ""


def test_a_used_code_is_refused_also_at_the_next_step(office, secret):
    assert spend(office, code_at(secret)) == ""
    assert "đã dùng rồi" in spend(office, code_at(secret))
    assert "đã dùng rồi" in spend(office, code_at(secret), 29)
    assert spend(office, code_at(secret, 30), 30) == ""
    assert "đã dùng rồi" in spend(office, code_at(secret), 30)  # an older one that drift would take


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour(office, secret):
    said = [spend(office, "000000x") for _ in range(5)]
    assert "còn 4 lần thử" in said[0]
    assert "bị khóa 15 phút" in said[4]
    assert "đang khóa đến 12:15" in spend(office, code_at(secret))
    assert "đang khóa" in spend(office, code_at(secret, 899), 899)
    assert spend(office, code_at(secret, 900), 900) == ""


def test_a_right_code_forgives_the_wrong_ones(office, secret):
    for _ in range(4):
        spend(office, "111")
    assert spend(office, code_at(secret)) == ""
    assert "còn 4 lần thử" in spend(office, "111")


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("odd", ["", "٣٤٥٦٧٨", "một hai", "1" * 500])
def test_what_is_no_code_is_a_wrong_code(office, odd):
    assert "không đúng" in spend(office, odd)


@pytest.mark.usefixtures("secret")
def test_each_refusal_is_kept_without_the_code(office):
    spend(office, "987654")
    kept = office.ask(show_task, CODE).entries[-1].fact
    assert (kept.kind, kept.actor, kept.step) == (EntryKind.REFUSED, "cv1", "contract_signing")
    assert "987654" not in str(kept)


def test_whoever_has_no_secret_is_told_where_to_ask(office):
    assert "khcn persons totp tp" in spend(office, "123456", person="tp")


def test_a_new_secret_ends_the_old_one(office, secret):
    again = secret_of(office.run(give_secret, "cv1").uri)
    assert "không đúng" in spend(office, code_at(secret))
    assert spend(office, code_at(again)) == ""


def test_the_secret_stands_nowhere_in_the_open(office, secret, tmp_path):
    office.ask(export_file, tmp_path / "so.xlsx")
    told = office.ask(lambda c: [str(e.fact) for e in c.work.queries.ledger()])
    stored = office.ask(lambda c: [str(rows) for _, rows in c.work.copying.rows()])
    assert secret not in "".join(told + stored)
    assert any("cấp bí mật mã một lần mới" in text for text in told)
    office.ask(verify_ledger)


def test_only_the_administrator_gives_secrets_once_there_is_one(office):
    office.run(set_person, PersonChange("qt", "Quản trị", Role.ADMINISTRATOR))
    with pytest.raises(NotAuthorisedError, match="cấp mã một lần"):
        office.run(give_secret, "tp", "cv1")
    office.run(give_secret, "tp", "qt")
