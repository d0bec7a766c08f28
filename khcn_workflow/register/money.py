"""Số tiền: amounts of VND as offices type them, with the unit that a column's title says."""

import re
from decimal import Decimal

from khcn_workflow.register.cells import CellValue, ImplausibleError, UnreadableError, cleaned

LARGEST_VND = 1_000_000_000_000
SMALLEST_VND = 100_000
_MOST_DECIMAL_DIGITS = 2

_UNITS = (
    ("tỷ", 1_000_000_000), ("tỉ", 1_000_000_000), ("triệu", 1_000_000), ("tr", 1_000_000),
    ("nghìn", 1_000), ("ngàn", 1_000),
)  # fmt: skip
_UNIT = "|".join(name for name, _ in _UNITS)
_CURRENCY = re.compile(r"\.? ?(?:đồng|đ|vnđ|vnd)\.?$")
_PART = re.compile(rf"([\d.,]+) ?({_UNIT})? ?")
_AMBIGUOUS = "số tiền rõ nghĩa (dấu phẩy trước ba chữ số có thể hiểu hai cách)"
_MONEY_EXPECTED = "số tiền, ví dụ «980 triệu», «8,2 tỷ» hoặc 980.000.000"


def unit_of(title: str) -> int:
    """The unit that a column's title promises in VND ("Kinh phí (triệu đồng)"); 1 without."""
    for inside in re.findall(r"\(([^)]*)\)", cleaned(title).lower()):
        for name, amount in _UNITS:
            if re.search(rf"(?:^|\W){name}(?:\W|$)", inside):
                return amount
    return 1


def read_money(value: CellValue, unit: int = 1) -> int:
    """An amount in VND; a comma begins decimals and dots part thousands.

    Args:
        unit: What a number without a unit of its own is counted in.

    Raises:
        UnreadableError: It is no amount, or could mean two amounts.
        ImplausibleError: It is too small or too large to be meant, or no whole đồng.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableError(value, _MONEY_EXPECTED)
    amount = _worded(value, unit) if isinstance(value, str) else Decimal(str(value)) * unit
    if amount != int(amount) or amount < 0:
        raise ImplausibleError(value, "số tiền phải là số đồng nguyên, không âm")
    if 0 < amount < SMALLEST_VND:
        raise ImplausibleError(value, "số tiền quá nhỏ; hãy ghi rõ đơn vị (triệu, tỷ)")
    if amount > LARGEST_VND:
        raise ImplausibleError(value, "số tiền quá lớn; hãy xem lại đơn vị và dấu chấm, dấu phẩy")
    return int(amount)


def _worded(text: str, unit: int) -> Decimal:
    """One number, or parts that each have a smaller unit ("1 tỷ 250 triệu")."""
    plain = cleaned(text).lower()
    bare = _CURRENCY.sub("", plain)
    parts = _PART.findall(bare)
    if not parts or _PART.sub("", bare):
        raise UnreadableError(text, _MONEY_EXPECTED)
    default = 0 if len(parts) > 1 else 1 if bare != plain else unit
    sizes = [dict(_UNITS).get(name, default) for _, name in parts]
    if 0 in sizes or sizes != sorted(set(sizes), reverse=True):
        raise UnreadableError(text, _MONEY_EXPECTED)
    return sum(
        (_number(number, text, scaled=size > 1) * size)
        for (number, _), size in zip(parts, sizes, strict=True)
    ) or Decimal(0)


def _number(number: str, text: str, *, scaled: bool) -> Decimal:
    """Digits with Vietnamese marks; the same with English ones where only that can be meant."""
    if re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+", number):
        return Decimal(number.replace(".", ""))
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}", number) or (
        not scaled and re.fullmatch(r"\d{1,3},\d{3}", number)
    ):
        return Decimal(number.replace(",", ""))
    if re.fullmatch(r"\d{1,3},\d{3}", number):
        raise UnreadableError(text, _AMBIGUOUS)
    if re.fullmatch(r"\d{1,3}(\.\d{3})*,\d+|\d+,\d+", number):
        return Decimal(number.replace(".", "").replace(",", "."))
    if re.fullmatch(rf"\d+\.\d{{1,{_MOST_DECIMAL_DIGITS}}}", number):
        return Decimal(number)
    raise UnreadableError(text, _MONEY_EXPECTED)
