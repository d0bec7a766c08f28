"""Chữ trong ô bảng tính: text that a spreadsheet might take for a formula."""

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def looks_active(text: str) -> bool:
    """Whether a spreadsheet might calculate the text, now or when somebody edits the cell."""
    return text.startswith(_ACTIVE)
