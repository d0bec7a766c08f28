"""From either kind of database to either kind, through the real command."""

import json

import pytest

from khcn_workflow.storage.transactions import Database
from tests.cli.running import khcn, refused
from tests.databases import SQLITE, current, sql


@pytest.fixture(params=["to sqlite", "to postgresql"])
def target(request, postgres, tmp_path):
    kind = SQLITE if request.param == "to sqlite" else postgres
    return kind.empty(tmp_path)


def everything(url: str) -> list:
    database = Database(url)
    with database.transaction(read_only=True) as work:
        found = [(name, row) for name, rows in work.copying.rows() for row in rows]
    database.close()
    return found


def numbers(url: str) -> set[int]:
    return {row["id"] for name, row in everything(url) if name == "outbox"}


def head(home, **more: str) -> str:
    return json.loads(khcn(home, "verify", "--json", **more))["head"]


def test_everything_arrives_and_work_goes_on_there(fresh_copy, target):
    khcn(fresh_copy, "sweep")
    printed = khcn(fresh_copy, "move-to", target)
    assert "54  nhiệm vụ" in printed
    assert f"toàn vẹn, mã băm dòng cuối: {head(fresh_copy)}" in printed
    assert everything(target) == everything(current().at(fresh_copy))
    there = {"KHCN_DATABASE_URL": target}
    old = head(fresh_copy)
    assert head(fresh_copy, **there) == old
    step = json.loads(khcn(fresh_copy, "due", "--json", **there))[0]
    khcn(fresh_copy, "delay", step["task_code"], step["step_id"], "--cause", "khác", **there)
    assert head(fresh_copy, **there) != old
    record = ["record", "NV-2019-03", "appraisal_meeting", "appraised", "--on", "10/06/2019"]
    assert "Bước tiếp theo" in khcn(fresh_copy, *record, **there)
    khcn(fresh_copy, "verify", **there)


def test_there_and_back_again_the_head_is_the_same(fresh_copy, target, database, tmp_path):
    khcn(fresh_copy, "move-to", target)
    back = database.empty(tmp_path / "back")
    khcn(fresh_copy, "move-to", back, KHCN_DATABASE_URL=target)
    assert head(fresh_copy, KHCN_DATABASE_URL=back) == head(fresh_copy)
    assert everything(back) == everything(current().at(fresh_copy))


def test_messages_written_there_get_numbers_after_those_that_came(fresh_copy, target):
    khcn(fresh_copy, "sweep")
    khcn(fresh_copy, "move-to", target)
    came = numbers(target)
    there = {"KHCN_DATABASE_URL": target, "KHCN_TODAY": "2019-07-10"}
    swept = json.loads(khcn(fresh_copy, "sweep", "--json", **there))
    new = numbers(target) - came
    assert len(new) == swept["messages"] > 0
    assert min(new) > max(came)


def test_a_target_that_holds_something_is_refused(fresh_copy, target):
    khcn(fresh_copy, "move-to", target)
    before = everything(target)
    assert "chỉ chuyển sang cơ sở dữ liệu trống" in refused(fresh_copy, "move-to", target)
    assert everything(target) == before


def test_a_broken_chain_is_not_moved(fresh_copy, target):
    unguard = current().unguard("ledger")
    sql(current().at(fresh_copy), *unguard, "UPDATE ledger SET note = 'x' WHERE seq = 5")
    assert "không toàn vẹn ở dòng 5" in refused(fresh_copy, "move-to", target)
    assert everything(target) == []


def test_an_address_that_is_none_is_one_sentence(fresh_copy):
    assert "Địa chỉ cơ sở dữ liệu không dùng được" in refused(fresh_copy, "move-to", "so-cai")
