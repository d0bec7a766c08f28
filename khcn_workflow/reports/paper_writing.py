"""Soạn văn bản: a template and the facts become a paper."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.agency import Agency
from khcn_workflow.reports.document import Letterhead, Paragraph, Run, Signature
from khcn_workflow.reports.paper import Block, Grid, Paper
from khcn_workflow.reports.paper_template import (
    BlockTemplate,
    PaperTemplate,
    PaperTemplateError,
)
from khcn_workflow.reports.phrases import long_day

_MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>[^*]+)\*")
_DOT = "."
_CELL_END, _STAND_IN = "|", "\ue000"
_DRAFT_NUMBER = "Số:         /"

Facts = Mapping[str, Any]
"""What a template may name; a name that is not there is a fault of the template."""


def write_paper(template: PaperTemplate, facts: Facts, agency: Agency, today: date) -> Paper:
    """The paper that a template makes of the facts; its number and day are left to the clerk.

    Raises:
        PaperTemplateError: A text is no Jinja, or names a fact that there is not.
    """
    fill = _filling(template, facts)
    signer = template.signer or agency.signer_of(template.id)
    number = f"{_DRAFT_NUMBER}{fill(template.symbol)}" if template.numbered else ""
    return Paper(
        letterhead=Letterhead(
            parent=agency.parent.upper(),
            name=agency.name.upper(),
            number=number,
            place_and_date=f"{agency.place}, ngày {_day(template, today)}",
        ),
        kind=template.kind,
        subject=_one_line(fill(template.subject)),
        blocks=tuple(_blocks(template, fill)),
        recipients=tuple(_one_line(fill(line)) for line in template.recipients),
        signature=Signature(
            tuple(filter(None, (signer.prefix, signer.title))), blank(fill(signer.name), 30)
        ),
        dated=today,
        addressees=tuple(_one_line(fill(line)) for line in template.addressees),
    )


def _day(template: PaperTemplate, today: date) -> str:
    """The day of a paper without a number; of the others the clerk writes it with the number."""
    whole = long_day(today)
    return f"{blank('', 6)} {whole.partition(' ')[2]}" if template.numbered else whole


def hints(template: PaperTemplate, facts: Facts) -> tuple[str, ...]:
    """What the law wants of the paper, told to whoever drafts it.

    Raises:
        PaperTemplateError: As `write_paper`.
    """
    return tuple(_lines(_filling(template, facts)(template.hint)))


def blank(value: object, length: int = 20) -> str:
    """The value in words, or dots to write on where nobody knows it."""
    if isinstance(value, date):
        return vietnamese.day(value)
    return str(value).strip() if value not in (None, "") else _DOT * length


def _filling(template: PaperTemplate, facts: Facts) -> Callable[[str], str]:
    def fill(text: str) -> str:
        try:
            return _environment().from_string(text).render(facts)
        except TemplateSyntaxError as error:
            problem = f"sai cú pháp ở «{_beginning(text)}» ({error.message})"
            raise PaperTemplateError(template.id, [problem]) from error
        except (TemplateError, TypeError, ValueError) as error:
            problem = f"không điền được «{_beginning(text)}» ({error})"
            raise PaperTemplateError(template.id, [problem]) from error

    return fill


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, finalize=_value)
    environment.filters |= {
        "blank": blank,
        "day": vietnamese.day,
        "count": vietnamese.count,
        "dong": vietnamese.dong,
        "upper_first": lambda text: text[:1].upper() + text[1:],
    }
    return environment


def _value(value: Any) -> Any:
    """A fact stays on its line and in its cell, whatever it holds."""
    if not isinstance(value, str):
        return value
    return vietnamese.nfc(value).replace(_CELL_END, _STAND_IN) if value.strip() else value


def _blocks(template: PaperTemplate, fill: Callable[[str], str]) -> Iterator[Block]:
    for block in template.block:
        lines = list(_lines(fill(block.text)))
        if block.columns:
            if lines:
                yield _grid(template, block, lines)
        else:
            yield from (Paragraph(_runs(line), block.role) for line in lines)


def _grid(template: PaperTemplate, block: BlockTemplate, lines: list[str]) -> Grid:
    rows = tuple(tuple(map(_cell, line.split(_CELL_END))) for line in lines)
    expected = len(block.columns)
    wrong = next((line for line, row in zip(lines, rows, strict=True) if len(row) != expected), "")
    if wrong or len(block.widths) != expected:
        problem = f"bảng {expected} cột có dòng hoặc bề rộng không khớp: «{_beginning(wrong)}»"
        raise PaperTemplateError(template.id, [problem])
    return Grid(block.columns, block.widths, rows)


def _cell(text: str) -> str:
    return text.strip().replace(_STAND_IN, _CELL_END)


def _runs(line: str) -> tuple[Run, ...]:
    """A line with **bold** and *italics* as runs."""
    runs: list[Run] = []
    line = line.replace(_STAND_IN, _CELL_END)
    position = 0
    for mark in _MARKS.finditer(line):
        runs.append(Run(line[position : mark.start()]))
        runs.append(Run(mark["bold"] or mark["italic"], bool(mark["bold"]), bool(mark["italic"])))
        position = mark.end()
    return tuple(run for run in (*runs, Run(line[position:])) if run.text)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if plain := vietnamese.nfc(line):
            yield plain


def _one_line(text: str) -> str:
    return vietnamese.nfc(text).replace(_STAND_IN, _CELL_END)


def _beginning(text: str) -> str:
    plain = _one_line(text)
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


_SHOWN = 60
"""Letters of a text that an error shows."""
