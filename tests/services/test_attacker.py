"""Somebody who may do anything to the database, for an afternoon: verify names what he did."""

# ruff: noqa: S608 - the statements are our own
import hashlib
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from khcn_workflow.domain.anchors import Anchor, Occasion, RewrittenError, RowsGoneError
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import GENESIS, canonical
from khcn_workflow.services.freezing import freeze
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.anchor_file import NAME
from khcn_workflow.storage.database import open_database
from tests.office import HIRED, a_task, enter, open_office, record
from tests.sample import ACTIVITIES

CODE = "NV-2019-01"
ENTERED, COUNCIL, REVISED, FROZEN = (HIRED + n for n in (1, 2, 3, 4))
SNAPSHOT = "CHOT-001-2019-H1"

TRIGGERS = {
    "sqlite": [
        f"DROP TRIGGER {table}_no_{deed}"
        for table in ("ledger", "snapshot")
        for deed in ("update", "delete")
    ],
    "postgresql": [
        "DROP TRIGGER ledger_append_only ON ledger",
        "DROP TRIGGER snapshot_append_only ON snapshot",
    ],
}


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    record(app, CODE, "council_meeting", "passed", date(2019, 5, 13))
    record(app, CODE, "proposal_revision", "received", date(2019, 5, 20))
    app.run(freeze, "2019-H1")
    app.ask(verify_ledger)
    app.note_head(Occasion.VERIFY)
    yield app
    app.close()


@pytest.fixture
def attacker(office, database):
    """A connection that no trigger stands in the way of."""
    engine = open_database(office.settings.database_url)
    for statement in TRIGGERS[database.kind]:
        do(engine, statement)
    office.ask(verify_ledger)
    yield engine
    engine.dispose()


def do(engine: Engine, *statements: str, **values) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def named(office) -> str:
    with pytest.raises(KhcnError) as caught:
        office.ask(verify_ledger)
    return str(caught.value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("outcome", "failed"),
        ("valid_on", "2019-05-14"),
        ("actor", "ai-khac"),
        ("role", "lanh-dao-so"),
        ("on_behalf_of", "pgd"),
        ("document_sha256", "ab"),
        ("recorded_at", "2019-06-09 01:00:00"),
    ],
)
def test_a_row_that_was_changed_is_named(office, attacker, column, value):
    do(attacker, f"UPDATE ledger SET {column} = '{value}' WHERE seq = {COUNCIL}")
    assert named(office).startswith(f"Sổ cái không toàn vẹn ở dòng {COUNCIL}:")


def test_a_row_removed_in_the_middle_is_named(office, attacker):
    do(attacker, f"DELETE FROM ledger WHERE seq = {COUNCIL}")
    assert f"ở dòng {COUNCIL}: thiếu dòng" in named(office)


def test_a_row_removed_and_the_later_ones_moved_up_is_named(office, attacker):
    do(
        attacker,
        f"DELETE FROM ledger WHERE seq = {COUNCIL}",
        f"UPDATE ledger SET seq = {COUNCIL} WHERE seq = {REVISED}",
        f"UPDATE ledger SET seq = {REVISED} WHERE seq = {FROZEN}",
    )
    assert f"ở dòng {COUNCIL}: không nối với dòng trước" in named(office)


def test_two_rows_that_changed_places_are_named(office, attacker):
    do(
        attacker,
        f"UPDATE ledger SET seq = 999 WHERE seq = {COUNCIL}",
        f"UPDATE ledger SET seq = {COUNCIL} WHERE seq = {REVISED}",
        f"UPDATE ledger SET seq = {REVISED} WHERE seq = 999",
    )
    assert f"ở dòng {COUNCIL}: không nối với dòng trước" in named(office)


def test_a_row_removed_at_the_end_is_named_by_what_was_noted_outside(office, attacker):
    do(attacker, f"DELETE FROM ledger WHERE seq = {FROZEN}", "DELETE FROM snapshot")
    assert named(office).startswith(f"Sổ cái đã mất dòng {FROZEN}: mốc «{FROZEN}:")


def test_several_rows_removed_at_the_end_are_named(office, attacker):
    do(attacker, f"DELETE FROM ledger WHERE seq >= {REVISED}", "DELETE FROM snapshot")
    assert named(office).startswith(f"Sổ cái đã mất dòng {REVISED}–{FROZEN}:")


def test_with_the_notes_beside_removed_too_a_note_kept_elsewhere_names_them(office, attacker):
    kept = office.note_head(Occasion.VERIFY)
    do(attacker, f"DELETE FROM ledger WHERE seq = {FROZEN}", "DELETE FROM snapshot")
    (office.settings.home / NAME).unlink()
    with pytest.raises(RowsGoneError, match=f"dòng {FROZEN}"):
        office.ask(verify_ledger, [kept])


def test_a_ledger_written_anew_from_a_row_on_is_named(office, attacker):
    """A row changed and every later hash made to fit: only a note outside can tell."""
    entries = office.ask(lambda c: list(c.work.queries.ledger()))
    office_notes = office.settings.home / NAME
    lines = office_notes.read_text(encoding="utf-8")
    early = Anchor(ENTERED, entries[ENTERED - 1].hash)
    office_notes.write_text(f"{early}\n{lines}", encoding="utf-8")
    do(attacker, f"UPDATE ledger SET note = 'x' WHERE seq = {COUNCIL}")
    head = GENESIS
    for entry in office.ask(lambda c: list(c.work.queries.ledger())):
        body = canonical(entry.seq, entry.recorded_at, entry.fact)
        new = hashlib.sha256(f"{head}\n{body}".encode()).hexdigest()
        do(
            attacker,
            f"UPDATE ledger SET previous_hash = '{head}', hash = '{new}' WHERE seq = {entry.seq}",
        )
        head = new
    with pytest.raises(RewrittenError, match=f"trong các dòng {COUNCIL}–{FROZEN}") as caught:
        office.ask(verify_ledger)
    assert caught.value.last_good == ENTERED


def body_of(attacker) -> dict:
    with attacker.connect() as connection:
        return json.loads(connection.execute(text("SELECT body FROM snapshot")).scalar_one())


def edited(attacker) -> str:
    body = body_of(attacker)
    body["figures"]["new_council_done"]["value"] = 7
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_figure_edited_in_a_snapshot_is_named(office, attacker):
    do(attacker, "UPDATE snapshot SET body = :body", body=edited(attacker))
    assert f"Bản chốt {SNAPSHOT} không còn nguyên vẹn" in named(office)


def test_a_snapshot_edited_with_its_hash_is_named(office, attacker):
    body = edited(attacker)
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    do(attacker, "UPDATE snapshot SET body = :body, sha256 = :sha256", body=body, sha256=sha256)
    assert f"Bản chốt {SNAPSHOT} không còn nguyên vẹn: nội dung khác với mã băm" in named(office)


def test_a_snapshots_hash_edited_alone_is_named(office, attacker):
    do(attacker, "UPDATE snapshot SET sha256 = 'x'")
    assert f"Bản chốt {SNAPSHOT} không còn nguyên vẹn: mã băm ghi bên cạnh" in named(office)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE science_task SET title = 'Tên khác'",
        "UPDATE science_task SET ending = 'không ký hợp đồng', ended_on = '2019-06-01'",
        "UPDATE science_task SET officer = 'tp'",
        "UPDATE step_round SET due_on = '2030-01-01' WHERE closed_on IS NULL",
        "UPDATE step_round SET opened_on = '2019-05-21' WHERE closed_on IS NULL",
        "UPDATE step_round SET outcome = 'failed' WHERE step = 'council_meeting'",
        "UPDATE step_round SET closed_on = '2019-05-14' WHERE step = 'council_meeting'",
        "INSERT INTO step_round SELECT 99, task_code, stage, 'call', 7, opened_on, opened_on, "
        "'', NULL, '', 0, exact_from FROM step_round WHERE step = 'council_meeting'",
    ],
)
def test_a_table_that_was_edited_is_named_by_its_task(office, attacker, statement):
    do(attacker, statement)
    assert named(office).startswith(f"Bảng tiến độ của nhiệm vụ {CODE} không khớp")


def test_a_task_that_nobody_registered_is_named(office, attacker):
    do(
        attacker,
        "INSERT INTO science_task SELECT 'NV-LẠ', title, level, officer, rulebook, data, "
        "registered_on, ending, ended_on, 1 FROM science_task",
    )
    assert "Bảng nhiệm vụ có «NV-LẠ» mà sổ cái không ghi" in named(office)


@pytest.mark.parametrize("column", ["name", "role", "division", "email"])
def test_a_person_whose_row_was_edited_is_named(office, attacker, column):
    do(attacker, f"UPDATE person SET {column} = 'quan-tri' WHERE code = 'tp2'")
    assert named(office).startswith("Bảng cán bộ không khớp với sổ cái ở «tp2»")


def test_a_person_whose_row_was_removed_is_named(office, attacker):
    do(attacker, "DELETE FROM person WHERE code = 'tp2'")
    assert named(office).startswith("Bảng cán bộ không khớp với sổ cái ở «tp2»")


def test_a_person_that_the_ledger_never_told_of_is_named(office, attacker):
    do(
        attacker,
        "INSERT INTO person SELECT 'gian', name, role, division, email, account FROM person "
        "WHERE code = 'pgd'",
    )
    assert named(office).startswith("Bảng cán bộ có «gian» mà sổ cái không ghi")


def test_an_activity_that_was_edited_is_named(office, attacker):
    office.run(import_file, ACTIVITIES)
    with attacker.connect() as connection:
        code, data = connection.execute(
            text("SELECT code, data FROM activity ORDER BY code LIMIT 1")
        ).one()
    data = json.loads(data) if isinstance(data, str) else data
    new = json.dumps({**data, "quantity": 9999})
    do(attacker, "UPDATE activity SET data = :data WHERE code = :code", data=new, code=code)
    assert f"Bảng hoạt động không khớp với sổ cái ở «{code}»" in named(office)


def test_a_recorded_time_shifted_by_an_hour_is_named(office, attacker):
    entry = office.ask(lambda c: c.work.queries.entry(COUNCIL))
    shifted = entry.recorded_at + timedelta(hours=-1)
    do(
        attacker,
        "UPDATE ledger SET recorded_at = :at WHERE seq = :seq",
        at=shifted.replace(tzinfo=None) if attacker.dialect.name == "sqlite" else shifted,
        seq=COUNCIL,
    )
    assert f"ở dòng {COUNCIL}: nội dung không khớp mã băm" in named(office)
