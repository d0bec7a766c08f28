"""`khcn rebuild` as an officer meets it."""

import json

from tests.cli.running import khcn


def seen(home):
    verified = json.loads(khcn(home, "verify", "--json"))
    return verified["head"], verified["tasks"], khcn(home, "tasks"), khcn(home, "due")


def test_a_rebuild_says_what_it_made_and_changes_nothing_that_is_seen(fresh_copy):
    before = seen(fresh_copy)
    assert "Đã dựng lại từ sổ cái: 7 cán bộ, 54 nhiệm vụ" in khcn(fresh_copy, "rebuild")
    assert json.loads(khcn(fresh_copy, "rebuild", "--json"))["activities"] == 38
    assert seen(fresh_copy) == before
