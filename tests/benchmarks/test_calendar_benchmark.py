"""The benchmark runs: tiny sizes, so the figures mean nothing and the bars are not asked for."""

import json
import sys

import pytest

from benchmarks import calendar, interleaving
from benchmarks.__main__ import main
from benchmarks.results import Bar, Report, Table, at_least, at_most, printed


@pytest.fixture(scope="module", autouse=True)
def hasty():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interleaving, "WORTH_TIMING", 0)
        yield


@pytest.fixture(scope="module")
def report() -> Report:
    return calendar.measure(rounds=5, scale=0.002)


def test_the_calendar_is_measured_against_every_library(report):
    add, count, *_ = report.tables
    names = ["ours", "holidays", "day-by-day loop", "numpy busday", "pandas CustomBusinessDay"]
    for name in ("numpy", "pandas"):
        pytest.importorskip(name)
    for table in (add, count):
        assert [row[0] for row in table.rows] == [*names, "empty call"]
        assert all(value > 0 for row in table.rows for value in row[1:4])


def test_the_bars_of_the_calendar_are_all_there(report):
    pytest.importorskip("numpy")
    assert [bar.number for bar in report.bars] == [1, 1, 2, 2, 2, 3, 3]
    assert all(bar.reached for bar in report.bars if bar.number == 1)


def test_a_library_that_is_missing_is_left_out_and_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.setitem(sys.modules, "pandas", None)
    report = calendar.measure(rounds=5, scale=0.002)
    assert [row[0] for row in report.tables[0].rows] == [
        "ours",
        "holidays",
        "day-by-day loop",
        "empty call",
    ]
    assert "numpy busday is not installed: its column is left out" in report.notes
    assert {bar.number for bar in report.bars} == {1, 2}


def test_the_report_is_printed_as_tables_with_the_bars():
    report = Report(
        "Some",
        (Table("sums", ("", "ns"), (("ours", 1.23456),)),),
        (at_least(3, "faster", 31.26, 30), at_most(2, "flat", 1.5, 1.3)),
        ("checked",),
    )
    assert not report.reached
    assert printed(report) == (
        "# Some\n\n"
        "## sums\n\n"
        "|      | ns    |\n"
        "| ---  | ---   |\n"
        "| ours | 1.235 |\n\n"
        "## Bars\n\n"
        "| #   | bar    | wanted  | measured | reached |\n"
        "| --- | ---    | ---     | ---      | ---     |\n"
        "| 3   | faster | ≥ 30 ×  | 31.3 ×   | yes     |\n"
        "| 2   | flat   | ≤ 1.3 × | 1.50 ×   | NO      |\n\n"
        "- checked"
    )


@pytest.mark.parametrize(("reached", "code"), [(True, 0), (False, 1)])
def test_the_door_prints_json_and_tells_whether_the_bars_were_reached(
    monkeypatch, capsys, reached, code
):
    found = Report("Some", (), (Bar(1, "days", "0", "0", reached),))
    monkeypatch.setattr(calendar, "measure", lambda _rounds, _scale: found)
    assert main(["calendar", "--json"]) == code
    assert json.loads(capsys.readouterr().out) == [
        {
            "name": "Some",
            "tables": [],
            "bars": [
                {
                    "number": 1,
                    "text": "days",
                    "wanted": "0",
                    "measured": "0",
                    "reached": reached,
                }
            ],
            "notes": [],
        }
    ]


def test_a_benchmark_nobody_wrote_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["calender"])
    assert "no benchmark calender; there are: calendar" in capsys.readouterr().err
