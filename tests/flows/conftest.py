"""One real server and worker for all tests of flows that need them."""

from datetime import date

import pytest

from tests.flows.server import running_prefect
from tests.office import a_task, enter, open_office

CODES = [f"NV-2019-0{n}" for n in range(1, 7)]
"""Tasks that wait for their council's meeting; each test takes its own."""


@pytest.fixture(scope="session")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"))
    for code in CODES:
        app.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    app.run(enter, a_task("NV-2018-09"), "contract_signing", date(2018, 5, 7))
    yield app
    app.close()


@pytest.fixture(scope="session")
def prefect(office):
    with running_prefect(office) as server:
        yield server
