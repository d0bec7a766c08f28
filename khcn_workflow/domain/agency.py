"""Cơ quan: the Department that reports, as letterhead and signature name it."""

from dataclasses import dataclass

PREFIXES = ("TM.", "Q.", "KT.", "TL.", "TUQ.")
"""How a signature may begin (NĐ 30/2020 Phụ lục I): for a body, acting, for the head, by order."""


@dataclass(frozen=True, slots=True)
class Agency:
    """One Department with who signs its reports and who receives them.

    Attributes:
        parent: The body above it ("UBND tỉnh Cao Bằng").
        parent_short: The same inside a sentence ("UBND tỉnh").
        name: Full name ("Sở Khoa học và Công nghệ").
        short_name: What sentences say after the first mention ("Sở KH&CN").
        field: The field it manages, abbreviated ("KH&CN").
        place: Địa danh before a document's date ("Cao Bằng").
        province: With its sort of unit ("tỉnh Cao Bằng").
        report_symbol: Ký hiệu of its reports, without the number ("BC-SKHCN").
        signer_prefix: For whom the signer signs ("KT. GIÁM ĐỐC"); empty for the head.
        recipients: Lines of "Nơi nhận", the filing line last, without end marks.
        units: Names of the units under it.
    """

    parent: str
    parent_short: str
    name: str
    short_name: str
    field: str
    place: str
    province: str
    report_symbol: str
    signer_title: str
    signer_name: str
    signer_prefix: str = ""
    recipients: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
