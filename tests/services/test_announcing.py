from datetime import date

import pytest

from khcn_workflow.services.announcing import FIRST_PASS, facts_after
from tests.office import a_task, enter, open_office


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    yield app
    app.close()


def head(office) -> int:
    return office.ask(lambda context: context.work.queries.head()[0])


def test_history_is_not_news(office):
    office.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    first = office.ask(facts_after, FIRST_PASS)
    assert (first.entries, first.mark) == ((), head(office))


def test_what_came_since_is_told_in_order_and_at_most_so_many(office, monkeypatch):
    mark = office.ask(facts_after, FIRST_PASS).mark
    for number in range(3):
        office.run(enter, a_task(f"NV-2019-{number}"), "council_meeting", date(2019, 5, 6))
    monkeypatch.setattr("khcn_workflow.services.announcing.AT_ONCE", 2)
    told = office.ask(facts_after, mark)
    assert [entry.fact.subject for entry in told.entries] == ["NV-2019-0", "NV-2019-1"]
    rest = office.ask(facts_after, told.mark)
    assert [entry.fact.subject for entry in rest.entries] == ["NV-2019-2"]
    assert office.ask(facts_after, rest.mark).entries == ()


def test_a_mark_ahead_of_a_restored_ledger_goes_back_to_its_end(office):
    office.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    told = office.ask(facts_after, 99)
    assert (told.entries, told.mark) == ((), head(office))
