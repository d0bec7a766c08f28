"""Bí mật của kênh: passwords and tokens, found by the channel's alias in the environment or a file.

A channel's URL names an alias only (`zalobot://nhacviec`). Its token is in
`KHCN_ZALOBOT_NHACVIEC_TOKEN`, or in the file that `KHCN_ZALOBOT_NHACVIEC_TOKEN_FILE` names.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from notifications.channels.redaction import remember

_ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,40}")


class SecretError(TypeError):
    """A channel's secret cannot be read; the sentence names its variable, never its value.

    A TypeError, since that is how an Apprise plugin refuses its settings.
    """


def read_secret(
    kind: str, alias: str, name: str, environment: Mapping[str, str] | None = None
) -> str:
    """The secret `name` of the channel `alias`; from now on kept out of the log.

    Raises:
        SecretError: there is none, or its file cannot be read.
    """
    env = os.environ if environment is None else environment
    variable = variable_name(kind, alias, name)
    value = env.get(variable, "").strip() or _from_file(env, f"{variable}_FILE")
    if not value:
        raise SecretError(f"Chưa đặt {variable} (hoặc {variable}_FILE)")
    remember(value)
    return value


def variable_name(kind: str, alias: str, name: str) -> str:
    """The environment variable that holds a channel's secret.

    Raises:
        SecretError: the alias is not made of letters, digits and hyphens.
    """
    if _ALIAS.fullmatch(alias) is None:
        raise SecretError(f"Bí danh của kênh {kind}:// chỉ gồm chữ không dấu, số và dấu «-»")
    return f"KHCN_{kind}_{alias}_{name}".replace("-", "_").upper()


def _from_file(env: Mapping[str, str], variable: str) -> str:
    path = env.get(variable, "").strip()
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "không phải tệp UTF-8"
        raise SecretError(f"Không đọc được tệp mà {variable} chỉ đến: {why}") from None
