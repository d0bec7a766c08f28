import shutil

import pytest

from tests.cli.running import khcn
from tests.sample import ACTIVITIES, TASKS


@pytest.fixture(scope="session")
def imports():
    """The homes into which the sample was imported, by kind of database."""
    return {}


@pytest.fixture(scope="session")
def imported(database, imports, tmp_path_factory):
    """A home into which the sample was imported, to be copied and not written to."""
    if database.kind not in imports:
        home = imports[database.kind] = tmp_path_factory.mktemp("imported")
        khcn(home, "import", str(TASKS), str(ACTIVITIES))
    return imports[database.kind]


@pytest.fixture
def fresh_copy(imported, database, tmp_path):
    """A home with the sample that a test may change."""
    return copied(imported, tmp_path / "home", database)


def copied(imported, home, database):
    """The home and its database once more."""
    shutil.copytree(imported, home)
    database.copy(database.at(imported), home)
    return home
