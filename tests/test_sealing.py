import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from khcn_workflow.sealing import KEY_FILE, SealBrokenError, SealingKeyError, seal, unseal
from tests.office import settings_in


def test_what_is_sealed_opens_again_and_is_not_seen(tmp_path):
    sealed = seal(settings_in(tmp_path), "bí mật")
    assert "bí mật" not in sealed
    assert unseal(settings_in(tmp_path), sealed) == "bí mật"


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    first = seal(settings_in(tmp_path / "moi"), "x")
    path = tmp_path / "moi" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    seal(settings_in(tmp_path / "moi"), "y")
    assert unseal(settings_in(tmp_path / "moi"), first) == "x"


def test_many_at_once_make_one_key(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        sealed = list(pool.map(lambda n: seal(settings_in(tmp_path), str(n)), range(8)))
    assert [unseal(settings_in(tmp_path), text) for text in sealed] == [str(n) for n in range(8)]


def test_a_key_that_others_can_read_is_not_used(tmp_path):
    seal(settings_in(tmp_path), "x")
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(SealingKeyError, match="chmod 600"):
        seal(settings_in(tmp_path), "x")


def test_another_key_opens_nothing(tmp_path):
    sealed = seal(settings_in(tmp_path), "x")
    other = settings_in(tmp_path, KHCN_SECRET_KEY=Fernet.generate_key().decode())
    with pytest.raises(SealBrokenError, match="không phải khóa đã niêm phong"):
        unseal(other, sealed)


def test_the_environments_key_needs_no_file(tmp_path):
    settings = settings_in(tmp_path, KHCN_SECRET_KEY=Fernet.generate_key().decode())
    assert unseal(settings, seal(settings, "x")) == "x"
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize("key", ["ngắn", "a" * 44, "x" * 10])
def test_a_key_that_is_none_is_said(tmp_path, key):
    with pytest.raises(SealingKeyError, match="KHCN_SECRET_KEY không phải khóa"):
        seal(settings_in(tmp_path, KHCN_SECRET_KEY=key), "x")


def test_the_key_is_in_no_text_of_the_settings(tmp_path):
    key = Fernet.generate_key().decode()
    assert key not in repr(settings_in(tmp_path, KHCN_SECRET_KEY=key))
