"""Rà từng dòng: what must hold of single rows, and of the paper's own parts, before a report."""

import re
from collections.abc import Callable, Mapping, Sequence

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.agency import Agency
from khcn_workflow.reports.activity_figures import ISSUED, LEGAL
from khcn_workflow.reports.invariants import InvariantError
from khcn_workflow.reports.report_input import ReportInput

_LEGAL_NUMBER = re.compile(r"\d+/20\d\d/(QĐ-UBND|CT-UBND|NQ-HĐND)")
_ANNIVERSARY = re.compile(r"\b(\d+) năm\b[^()]*\((\d{4})\s*[-–]\s*(\d{4})\)")


def check_rows(found: Mapping[str, Sequence[Activity]], report_input: ReportInput) -> None:
    """Refuse a row that cannot be, and a signature that does not fit its signer.

    Raises:
        InvariantError: Names the row and what is wrong with it.
    """
    for kind, (figure, wrong) in _CHECKS.items():
        for activity in found.get(kind, ()):
            if what := wrong(activity, report_input):
                raise InvariantError(f"{activity.code} {what}", (figure,))
    if what := _signer(report_input.agency):
        raise InvariantError(what, ("signer",))


def _letter(letter: Activity, report_input: ReportInput) -> str:
    on = letter.document.on
    if on is None or on <= report_input.as_of:
        return ""
    return f"ký ngày {vietnamese.day(on)}, sau ngày chốt số liệu"


def _legal(legal: Activity, _: ReportInput) -> str:
    number = legal.document.number
    if legal.stage == ISSUED and number and not _LEGAL_NUMBER.search(number):
        return f"có số «{number}», không phải số văn bản quy phạm pháp luật (01/2019/QĐ-UBND)"
    return "" if legal.stage else "chưa ghi giai đoạn"


def _penalty(penalty: Activity, _: ReportInput) -> str:
    amount = penalty.amount_vnd
    return f"có mức phạt {amount} đồng" if amount is not None and amount <= 0 else ""


def _inspection(inspection: Activity, _: ReportInput) -> str:
    how_many, places = inspection.quantity or 1, inspection.place_count
    return f"có {how_many} cuộc ở {places} nơi" if places is not None and places < how_many else ""


def _event(event: Activity, _: ReportInput) -> str:
    told = _ANNIVERSARY.search(event.title)
    if told is None or int(told[3]) - int(told[2]) == int(told[1]):
        return ""
    return f"ghi «{told[0]}» nhưng là {int(told[3]) - int(told[2])} năm"


def _merger(merger: Activity, _: ReportInput) -> str:
    return "" if merger.stage else "chưa ghi giai đoạn"


_CHECKS: Mapping[str, tuple[str, Callable[[Activity, ReportInput], str]]] = {
    "van-ban-den": ("request_letters", _letter),
    LEGAL: ("legal_drafts", _legal),
    "xu-phat": ("penalties", _penalty),
    "thanh-tra": ("inspected_places", _inspection),
    "su-kien": ("events", _event),
    "sap-nhap": ("reorganisations", _merger),
}


def _signer(agency: Agency) -> str:
    """What is wrong between the signer's title and the prefix, empty where nothing is."""
    title, prefix = agency.signer_title.upper(), agency.signer_prefix.upper()
    if title.startswith("PHÓ ") and not prefix.startswith("KT."):
        return f"{agency.signer_title} ký thay cấp trưởng phải có «KT.» (tệp cơ quan)"
    if title.startswith("GIÁM ĐỐC") and prefix:
        return f"{agency.signer_title} ký với «{agency.signer_prefix}» (tệp cơ quan)"
    return ""
