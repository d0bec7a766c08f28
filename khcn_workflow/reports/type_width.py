"""Bề rộng chữ: how wide words in Times New Roman bold are, for the rules drawn under them."""

import unicodedata

MM_OF_POINT = 25.4 / 72
_EM = 1000
_OTHER = 500
_WIDTHS = {
    **dict.fromkeys("ACDNRUVXY", 722), **dict.fromkeys("BELTZ", 667), **dict.fromkeys("FP", 611),
    **dict.fromkeys("GHKOQ", 778), "I": 389, "J": 500, "M": 944, "S": 556, "W": 1000,
    **dict.fromkeys("bdhknpqu", 556), **dict.fromkeys("cerz", 444), **dict.fromkeys("fjt-", 333),
    **dict.fromkeys("il", 278), "m": 833, "s": 389, "w": 722, "&": 833,
    **dict.fromkeys(" .,", 250), **dict.fromkeys("/;:", 278),
}  # fmt: skip
"""Advance of each letter in thousandths of the size (Times Bold); others are `_OTHER`."""


def width_mm(text: str, size: float) -> float:
    """How wide bold text of a size in points is, in mm; marks above letters take no room."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    ems = sum(_WIDTHS.get(c, _OTHER) for c in plain if not unicodedata.combining(c))
    return ems / _EM * size * MM_OF_POINT


def balanced(text: str, size: float, room: float) -> list[str]:
    """A bold heading in lines: one where it fits, two of like length, before "và" if it may be.

    A heading that needs more than two lines is left to the word processor.

    Args:
        room: Width of a line in mm.
    """
    if width_mm(text, size) <= room:
        return [text]
    words = text.split()
    splits = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    fitting = [pair for pair in splits if max(width_mm(part, size) for part in pair) <= room]
    if not fitting:
        return [text]
    best: tuple[str, str] = min(fitting, key=lambda pair: _unevenness(pair[0], pair[1], size))
    return list(best)


def _unevenness(above: str, below: str, size: float) -> float:
    first, second = width_mm(above, size), width_mm(below, size)
    return abs(first - second) - (first / 2 if below.startswith("và ") else 0)
