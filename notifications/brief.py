"""Tin ngắn: a message cut to what a chat takes, at a word, and never without its link."""

import unicodedata

CHAT_LIMIT = 2000
"""Characters in a Zalo message."""

PARAMETER_LIMIT = 200
"""Characters in one value of a Zalo template."""

_MORE = "…"


def fit(text: str, link: str = "", limit: int = CHAT_LIMIT) -> str:
    """`text` in NFC, then `link` on a line of its own, in at most `limit` characters.

    A longer text is cut after a whole word and ends with «…»; the link is kept whole. Characters
    are counted as UTF-16 does, in which a letter of Vietnamese is one and most pictures are two.

    Raises:
        ValueError: the link alone is longer than `limit`.
    """
    tail = f"\n\n{link}" if link else ""
    room = limit - size(tail)
    if room < size(_MORE):
        raise ValueError(f"Đường dẫn dài quá {limit} ký tự")
    body = unicodedata.normalize("NFC", text).strip()
    return (body if size(body) <= room else _cut(body, room - size(_MORE)) + _MORE) + tail


def one_value(text: str, limit: int = PARAMETER_LIMIT) -> str:
    """`text` as a value of a Zalo template: one line, cut like `fit`."""
    return fit(" ".join(text.split()), limit=limit)


def size(text: str) -> int:
    """How many characters `text` has, as UTF-16 counts them."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, room: int) -> str:
    """As many whole words as fit in `room`; a first word that does not fit is broken."""
    head = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore")
    if not text[len(head) : len(head) + 1].isspace():
        whole = head.rstrip().rsplit(maxsplit=1)
        head = head[: head.rindex(whole[1])] if len(whole) > 1 else head
    return _without_hanging_marks(head.rstrip(), text).rstrip(" ,;:–-")


def _without_hanging_marks(head: str, text: str) -> str:
    """Never end between a letter and the marks that follow it."""
    while head and unicodedata.combining(text[len(head) : len(head) + 1] or " "):
        head = head[:-1]
    return head
