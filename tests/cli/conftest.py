import shutil

import pytest

from tests.cli.running import khcn
from tests.sample import ACTIVITIES, TASKS


@pytest.fixture(scope="session")
def imported(tmp_path_factory):
    """A home into which the sample was imported, to be copied and not written to."""
    home = tmp_path_factory.mktemp("imported")
    khcn(home, "import", str(TASKS), str(ACTIVITIES))
    return home


@pytest.fixture
def fresh_copy(imported, tmp_path):
    """A home with the sample that a test may change."""
    return shutil.copytree(imported, tmp_path / "home")
