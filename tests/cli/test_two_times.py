"""`--known-at` at the command line: a day, an instant, and neither."""

import json

import pytest

from tests.cli.running import khcn, refused

STEP = ["record", "NV-2019-03", "appraisal_meeting", "appraised", "--on", "10/06/2019"]


def waiting(home, command, *options):
    lines = json.loads(khcn(home, command, "--json", *options, KHCN_TODAY="2019-06-19"))
    return {line.get("code", line.get("task_code")): line for line in lines}["NV-2019-03"]


@pytest.fixture
def typed_late(fresh_copy):
    khcn(fresh_copy, *STEP, KHCN_TODAY="2019-06-19")
    return fresh_copy


@pytest.mark.parametrize("known_at", ["15/06/2019", "2019-06-18T23:59", "2019-06-18T23:59+07:00"])
def test_a_day_or_an_instant_hides_what_was_typed_after_it(typed_late, known_at):
    present = waiting(typed_late, "tasks", "--as-of", "15/06/2019")
    known = waiting(typed_late, "tasks", "--as-of", "15/06/2019", "--known-at", known_at)
    assert present["waiting_for"] != known["waiting_for"]
    due = waiting(typed_late, "due", "--as-of", "15/06/2019", "--known-at", known_at)
    assert due["step_id"] == "appraisal_meeting"
    story = json.loads(khcn(typed_late, "show", "NV-2019-03", "--known-at", known_at, "--json"))
    assert "appraised" not in [entry["fact"]["outcome"] for entry in story["entries"]]


def test_what_is_no_instant_is_refused_with_an_example(typed_late):
    assert "viết dd/mm/yyyy (hết ngày ấy)" in refused(typed_late, "tasks", "--known-at", "hôm qua")


def test_a_report_as_known_before_it_was_typed_is_the_report_of_that_day(
    imported, typed_late, tmp_path
):
    then, known, now = (tmp_path / f"{name}.json" for name in ("then", "known", "now"))
    report = ["report", "2019-H1", "--as-of", "18/06/2019", "--out"]
    khcn(imported, *report, str(then), KHCN_TODAY="2019-06-18")
    khcn(typed_late, *report, str(now), KHCN_TODAY="2019-06-19")
    khcn(typed_late, *report, str(known), "--known-at", "18/06/2019", KHCN_TODAY="2019-06-19")
    assert known.read_bytes() == then.read_bytes()
    assert now.read_bytes() != then.read_bytes()
