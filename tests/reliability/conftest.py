import pytest

from tests.databases import SQLITE, postgres_server


@pytest.fixture(scope="module")
def durable(database):
    """The kind of database as an office runs it: what is committed is on the disk."""
    if database.kind == SQLITE.kind:
        yield SQLITE
    else:
        with postgres_server(settings=()) as server:
            yield server
