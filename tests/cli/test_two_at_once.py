"""Two people record the same step at the same time: one is first, the other loses nothing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from khcn_workflow.domain.ledger import EntryKind
from tests.cli.running import run
from tests.office import a_task, enter, open_office

CODE = "NV-2019-01"
TYPED = {
    "code": CODE,
    "step": "proposal_revision",
    "outcome": "received",
    "on": "2019-05-20",
    "document": "5/CV",
    "note": "bản «cuối»",
}


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "proposal_revision", date(2019, 5, 6))
    yield app
    app.close()


def test_one_is_recorded_and_the_other_is_told_by_whom_and_keeps_all_that_was_typed(office):
    home, url = office.settings.home, office.settings.database_url

    def record(person: str):
        return run(
            home, "record", CODE, "proposal_revision", "received", "--on", "20/05/2019",
            "--document", TYPED["document"], "--note", TYPED["note"], "--by", person,
            KHCN_DATABASE_URL=url,
        )  # fmt: skip

    people = ("cv1", "tp")
    with ThreadPoolExecutor(2) as pool:
        done = dict(zip(people, pool.map(record, people), strict=True))
    assert sorted(d.returncode for d in done.values()) == [0, 1]
    first, second = sorted(people, key=lambda person: done[person].returncode)
    told = done[second].stderr
    (row,) = (e for e in office.ask(lambda c: c.work.entries(CODE)) if e.fact.outcome)
    assert (row.fact.kind, row.fact.actor) == (EntryKind.OUTCOME, first)
    assert f"do {first} ghi; không ghi lần thứ hai. Đã ghi ở dòng {row.seq}: «" in told
    assert re.search(rf"do {first} ghi lúc \d\d:\d\d 10/06/2019\.", told)
    path = Path(re.search(r"Điều đã gõ được giữ ở: (.+)", told).group(1))
    assert path.parent == home / "drafts"
    draft = json.loads(path.read_text(encoding="utf-8"))
    assert draft["typed"] == {**TYPED, "by": second}
