"""The benchmarks of recording run: tiny sizes, so only what is checked counts, not the figures."""

import sys

import pytest

from benchmarks import recording, writers
from benchmarks.recording_peers import PEERS
from benchmarks.results import printed

FIRST = ["one-row durable commit", "raw driver, bare statements", "ours"]


@pytest.mark.parametrize("installed", [True, False], ids=["as installed", "none"])
def test_recording_is_measured_beside_the_floor_and_every_peer_there_is(monkeypatch, installed):
    if not installed:
        for module in ("transitions", "SpiffWorkflow", "viewflow", "django"):
            monkeypatch.setitem(sys.modules, module, None)
    report = recording.measure(rounds=5, scale=0.001)
    missing = [name for name in PEERS if any(name in note for note in report.notes)]
    peers = [name for name in PEERS if name not in missing]
    assert installed or missing == [*PEERS]
    assert len(report.tables) == 2
    for table in report.tables:
        assert [row[0] for row in table.rows] == FIRST + peers
    assert len(report.bars) == 2 * (1 + len(peers))
    assert "to one-row commit" in printed(report)


def test_sixteen_processes_lose_nothing_and_the_chain_holds(tmp_path, database):
    run = writers.write_at_once(tmp_path / database.kind, database, processes=16, seconds=4)
    assert run.whole
    assert not run.refused
    assert len(run.seconds) >= 16
    assert run.rows > len(run.seconds)
