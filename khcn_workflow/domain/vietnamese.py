"""How dates, counts and money are written for a Vietnamese officer."""

import re
import unicodedata
from datetime import date

TWO_DIGITS = 10
"""Counts below this are written with a leading zero in reports."""

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def nfc(text: str) -> str:
    """Text in composed Unicode (NFC) with runs of white space made one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def slug(text: str) -> str:
    """ASCII words joined by hyphens, for tags, artifact keys and file names."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


def folded(text: str) -> str:
    """Text as compared, not as shown: no diacritics, no case, single spaces."""
    return slug(text).replace("-", " ")


def day(on: date) -> str:
    """A date as an officer writes it: dd/mm/yyyy."""
    return f"{on:%d/%m/%Y}"


def read_day(text: str) -> date:
    """The date in dd/mm/yyyy, d/m/yyyy or ISO 8601.

    Raises:
        ValueError: It is none of these, or no day of the calendar.
    """
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip()):
        on, month, year = (int(part) for part in match.groups())
        return date(year, month, on)
    return date.fromisoformat(text.strip())


def weekday(on: date) -> str:
    """The Vietnamese name of the day of the week, in lower case but for Chủ nhật."""
    return WEEKDAYS[on.weekday()]


def report_day(on: date) -> str:
    """A date as reports write it: leading zero only for days below 10 and months 1 and 2."""
    month = f"{on.month:02d}" if on.month in (1, 2) else str(on.month)
    return f"{on.day:02d}/{month}/{on.year}"


def count(number: int) -> str:
    """A count as reports write it: two digits below ten, dots between thousands."""
    return f"{number:02d}" if 0 <= number < TWO_DIGITS else f"{number:,}".replace(",", ".")


def dong(amount: int) -> str:
    """An amount of VND with dots between thousands."""
    return f"{amount:,}".replace(",", ".") + " đồng"
