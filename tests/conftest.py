import pytest

from tests.databases import SQLITE, PostgresCopies, postgres_server


def pytest_collection_modifyitems(config, items):
    """Tests through Postfix need root and a package of Debian's: they run only when named."""
    if "postfix" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("postfix")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def postgres():
    """The one server of this run; starts when the first test asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request):
    """Each kind of database in turn."""
    return SQLITE if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture(autouse=True)
def _hang_up(request):
    """Connections that a test leaves open would use up the server's."""
    yield
    for value in (request.node.funcargs or {}).values():
        if isinstance(value, PostgresCopies):
            value.hang_up()
