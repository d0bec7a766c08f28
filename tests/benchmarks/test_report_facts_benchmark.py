"""An office of 300 tasks has its whole report in under two seconds; the benchmark runs."""

from random import Random

from benchmarks import report_facts
from benchmarks.prototypes import RULEBOOK, long_histories
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks


def test_a_whole_report_of_300_tasks_takes_under_two_seconds_of_processor_time():
    rulebook = load_rulebooks()[RULEBOOK]
    histories = long_histories(rulebook, load_calendar(), 300, Random(1))  # noqa: S311
    assert report_facts.report_seconds(histories, 300) < report_facts.SECONDS


def test_both_ways_are_compared_at_every_size():
    report = report_facts.measure(rounds=1, scale=0.01)
    (table,) = report.tables
    assert [row[0] for row in table.rows] == ["sqlite"] * 2 + ["postgresql"] * 2
    assert len(report.bars) == 5
