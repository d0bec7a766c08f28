"""Che bí mật: tokens and passwords never reach a log, at whatever level it is kept."""

import logging
from collections import deque
from urllib.parse import quote

HIDDEN = "***"

_SHORTEST = 4
_LOUD = (
    "apprise",
    "requests",
    "urllib3",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.util.retry",
)
_known: deque[str] = deque(maxlen=512)


def remember(secret: str) -> None:
    """Keep `secret` out of everything `redact` sees from now on, as it is and as in a URL."""
    for form in (secret, quote(secret, safe="")):
        if len(form) >= _SHORTEST and form not in _known:
            _known.append(form)


def redact(text: str) -> str:
    """`text` with every known secret replaced."""
    for secret in tuple(_known):
        text = text.replace(secret, HIDDEN)
    return text


def guard_logs() -> None:
    """Redact what Apprise and the libraries under it log; safe to repeat.

    urllib3 logs the path of every request at DEBUG, and the bot's token is a part of that path.
    """
    for name in _LOUD:
        logger = logging.getLogger(name)
        if _redacted not in logger.filters:
            logger.addFilter(_redacted)


def _redacted(record: logging.LogRecord) -> bool:
    said = record.getMessage()
    if record.exc_info:
        said = f"{said}\n{logging.Formatter().formatException(record.exc_info)}"
    kept = redact(said)
    if kept != said:
        record.msg, record.args, record.exc_info, record.exc_text = kept, (), None, None
    return True
