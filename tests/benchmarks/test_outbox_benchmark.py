"""The outbox benchmark runs and checks that each way to drain sends every message once."""

from benchmarks import outbox
from benchmarks.results import printed


def test_each_way_drains_its_part_on_both_databases():
    report = outbox.measure(rounds=5, scale=0.001)
    (table,) = report.tables
    assert [row[0] for row in table.rows] == [
        outbox.BARE,
        outbox.BARE_BATCHES,
        outbox.SINGLY,
        outbox.OURS,
    ]
    assert [bar.number for bar in report.bars] == [17, 17]
    assert "postgresql, µs a message" in printed(report)
