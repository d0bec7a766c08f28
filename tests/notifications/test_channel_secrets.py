import logging

import pytest

from notifications.channels.channel_secrets import SecretError, read_secret
from notifications.channels.redaction import guard_logs, redact


def test_a_secret_is_found_by_its_channels_alias():
    env = {"KHCN_ZALOBOT_SO_KHCN_TOKEN": " 41:abc-def \n"}
    assert read_secret("zalobot", "so-khcn", "token", env) == "41:abc-def"


def test_a_secret_may_be_in_a_file(tmp_path):
    (tmp_path / "token").write_text("41:trong-tep\n")
    env = {"KHCN_ZALOBOT_A_TOKEN_FILE": str(tmp_path / "token")}
    assert read_secret("zalobot", "a", "token", env) == "41:trong-tep"


def test_a_missing_secret_is_told_by_the_name_of_its_variable():
    with pytest.raises(SecretError) as caught:
        read_secret("zalooa", "so", "app_secret", {})
    assert (
        str(caught.value)
        == "Chưa đặt KHCN_ZALOOA_SO_APP_SECRET (hoặc KHCN_ZALOOA_SO_APP_SECRET_FILE)"
    )


def test_a_file_that_cannot_be_read_is_told_without_its_content(tmp_path):
    env = {"KHCN_ZALOOA_SO_APP_SECRET_FILE": str(tmp_path / "khong-co")}
    with pytest.raises(SecretError, match="KHCN_ZALOOA_SO_APP_SECRET_FILE"):
        read_secret("zalooa", "so", "app_secret", env)


@pytest.mark.parametrize("alias", ["", "a/b", "nhắc-việc", "a" * 50, "-a", "a b"])
def test_an_alias_that_is_no_name_is_refused(alias):
    with pytest.raises(SecretError, match="Bí danh"):
        read_secret("zalobot", alias, "token", {})


def test_a_secret_that_was_read_is_hidden_wherever_it_turns_up():
    read_secret("zalobot", "a", "token", {"KHCN_ZALOBOT_A_TOKEN": "41:bí/mật"})
    assert redact("POST /bot41:bí/mật/sendMessage") == "POST /bot***/sendMessage"
    assert redact("/bot41%3Ab%C3%AD%2Fm%E1%BA%ADt/x") == "/bot***/x"


def test_a_log_line_and_its_traceback_are_redacted(caplog):
    guard_logs()
    guard_logs()
    read_secret("zalobot", "a", "token", {"KHCN_ZALOBOT_A_TOKEN": "41:rat-kin"})
    log = logging.getLogger("urllib3.connectionpool")
    caplog.set_level(1, logger="urllib3.connectionpool")
    log.debug('"%s %s"', "POST", "/bot41:rat-kin/sendMessage")
    failure = OSError("/bot41:rat-kin/getMe")
    log.error("failed", exc_info=(OSError, failure, None))
    assert "rat-kin" not in caplog.text
    assert '"POST /bot***/sendMessage"' in caplog.text
    assert "OSError: /bot***/getMe" in caplog.text
    assert len(log.filters) == 1


def test_a_log_line_without_secrets_is_left_as_it_is(caplog):
    guard_logs()
    caplog.set_level(1, logger="urllib3.connectionpool")
    logging.getLogger("urllib3.connectionpool").debug("%s of %s", 1, 2)
    assert caplog.records[0].args == (1, 2)
