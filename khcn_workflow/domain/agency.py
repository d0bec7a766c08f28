"""Cơ quan: the Department that reports, as letterhead and signature name it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

PREFIXES = ("TM.", "Q.", "KT.", "TL.", "TUQ.")
"""How a signature may begin (NĐ 30/2020 Phụ lục I): for a body, acting, for the head, by order."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a paper: for whom ("TL. GIÁM ĐỐC"), as what, and the name."""

    title: str
    name: str = ""
    prefix: str = ""


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
        signers: Who signs other papers, by the id of the paper; the others are signed as
            reports are.
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
    signers: Mapping[str, Signer] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def symbol(self) -> str:
        """Its abbreviation in the symbols of papers ("SKHCN")."""
        return self.report_symbol.partition("-")[2] or self.report_symbol

    def signer_of(self, paper: str) -> Signer:
        """Who signs a paper of that id."""
        default = Signer(self.signer_title, self.signer_name, self.signer_prefix)
        return self.signers.get(paper, default)
