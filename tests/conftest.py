"""Each test that touches a database runs on SQLite and on PostgreSQL 18; none is skipped.

`KHCN_TEST_DATABASE=sqlite` or `postgresql` runs only that kind. Those through
processes (`khcn`, a Prefect server) run on PostgreSQL by `make test-postgresql`; on a real
Prefect server with SQLite by `make test-server`.
"""

import os
from collections import Counter

import pytest

from tests import databases
from tests.databases import SQLITE, PostgresCopies, postgres_server

KINDS = ("sqlite", "postgresql")
DOORS = ("tests.office", "tests.cli.running")
"""Whose test module takes something from these opens a database."""

NONE = "without a database"


def pytest_generate_tests(metafunc):
    """A test of a module that opens databases is one test of each kind."""
    named = (getattr(thing, "__module__", "") for thing in vars(metafunc.module).values())
    if "database" not in metafunc.fixturenames:
        if not any(name in DOORS for name in named):
            return
        metafunc.fixturenames.insert(0, "database")
    asked = os.environ.get("KHCN_TEST_DATABASE", "")
    if asked and asked not in KINDS:
        raise pytest.UsageError(f"KHCN_TEST_DATABASE is {asked!r}, not one of {KINDS}")
    kinds = (asked,) if asked else _kinds_by_default(metafunc.definition)
    metafunc.parametrize("database", kinds, indirect=True, scope="session")


def _kinds_by_default(test):
    """Tests through processes (a Prefect server, `khcn`) take long: SQLite alone by default."""
    through_processes = test.get_closest_marker("server") or "tests.cli." in test.module.__name__
    return KINDS[:1] if through_processes else KINDS


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    """A lasting fixture that opens a database must ask for its kind, or it is kept for both."""
    if fixturedef.scope == "function" or "database" in fixturedef.argnames:
        return (yield)
    with databases.deaf(fixturedef.argname):
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Modules with a server first: with several workers they take the longest.

    Tests that need more than the package's own requirements run only when named.
    """
    for named in ("postfix", "browser"):
        if named in config.option.markexpr:
            continue
        left_out = [item for item in items if item.get_closest_marker(named)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: item.get_closest_marker("server") is None)


def _kind(nodeid: str) -> str:
    words = nodeid.partition("[")[2].rpartition("]")[0].split("-")
    return next((word for word in words if word in KINDS), NONE)


def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        _passed[_kind(report.nodeid)] += 1


_passed: Counter[str] = Counter()


def pytest_terminal_summary(terminalreporter):
    for kind in (*KINDS, NONE):
        terminalreporter.write_line(f"passed, {kind}: {_passed[kind]}")


@pytest.fixture(scope="session")
def postgres():
    """The one server of this run; starts when the first test asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def database(request):
    """Each kind of database in turn."""
    kind = SQLITE if request.param == "sqlite" else request.getfixturevalue("postgres")
    databases.take_turns(kind)
    return kind


@pytest.fixture(autouse=True)
def _tidy(request):
    """What a test leaves on the server would use up its connections and its memory."""
    yield
    given = request.node.funcargs or {}
    for value in given.values():
        if isinstance(value, PostgresCopies):
            value.hang_up()
            if "tmp_path" in given:
                value.drop_those_of(given["tmp_path"])
            break
