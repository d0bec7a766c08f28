"""Whatever is recorded and corrected: the tables are what the ledger alone makes of them."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn_workflow.domain.corrections import CORRECTABLE
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.services.correcting import Correction, correct
from khcn_workflow.services.rebuilding import rebuild
from khcn_workflow.services.verification import verify_ledger
from tests.office import a_task, enter, on_day, open_office
from tests.services.test_rebuilding import record_something, stored

CODE = "NV-0"
FIRST = date(2019, 3, 4)

DEEDS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 5), st.integers(-3, 6)),
    min_size=2,
    max_size=9,
)
"""Whether it is a correction; which row or step; which result; by how many days."""


@given(DEEDS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_correction_leaves_what_a_rebuild_makes_and_a_refused_one_leaves_nothing(deeds):
    with tempfile.TemporaryDirectory() as folder:
        app = on_day(open_office(Path(folder)), date(2020, 6, 1))
        app.run(enter, a_task(CODE), "council_meeting", FIRST)
        on = FIRST
        for corrects, which, outcome, days in deeds:
            on += timedelta(0 if corrects else max(days, 0))
            before = stored(app)
            try:
                if corrects:
                    app.run(correct_something, which, outcome, days)
                else:
                    app.run(record_something, CODE, which, outcome, on)
            except KhcnError:
                assert stored(app) == before
        app.ask(verify_ledger)
        before = stored(app)
        app.run(rebuild)
        assert stored(app) == before
        app.close()


def correct_something(context, which, outcome, days):
    """Move one of the rows by some days, give it another result, or annul it."""
    rows = [
        entry
        for entry in context.work.entries(CODE)
        if entry.fact.kind in (*CORRECTABLE, EntryKind.CORRECTED)
    ]
    if not rows:
        return
    row = rows[which % len(rows)]
    outcomes = context.rulebooks["cao-bang"].step(row.fact.step).outcomes
    chosen = outcomes[outcome % len(outcomes)]
    wanted = Correction(
        row.seq,
        "thử",
        "tp",
        annuls=outcome == 0,
        outcome=None if outcome == 1 else chosen.id,
        on=row.fact.valid_on + timedelta(days),
        fields={field.id: "2021-12-31" for field in chosen.fields} if outcome > 1 else None,
        day_off_confirmed=True,
    )
    correct(context, wanted)
