"""One real server and worker for all tests of flows that need them."""

from datetime import date

import pytest

from khcn_workflow.cli.local_prefect import LocalPrefect, free_port
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
    from prefect.settings import PREFECT_API_URL, temporary_settings

    server = LocalPrefect(office.settings, free_port(), worker_query_seconds=1)
    with server:
        server.start_server()
        server.deploy()
        server.start_worker()
        with temporary_settings({PREFECT_API_URL: f"{server.address}/api"}):
            yield server
