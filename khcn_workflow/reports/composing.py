"""Câu chữ: sentences written with marks for bold, italics and figures, made into runs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from khcn_workflow.reports.document import Run
from khcn_workflow.reports.figures import Figure

_MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>[^*]+)\*|\{(?P<name>\w+)\}")
_ITALIC = re.compile(r"\*(?P<italic>[^*]+)\*")


@dataclass(frozen=True, slots=True)
class Noted:
    """A figure with a footnote, printed in bold; without a note, a plain figure."""

    figure: Figure
    note: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote on the words before it."""

    text: str


Value = str | Figure | Noted | Note


def compose(template: str, values: Mapping[str, Value] | None = None) -> tuple[Run, ...]:
    """The runs of a sentence in which `{name}` stands for a value.

    `**bold**` and `*italics*` may hold names. A text value may hold italics of its
    own (a Latin name in a title) but no names.
    """
    return _attached(_runs(template, values or {}, Run("")))


def marked(text: str) -> tuple[Run, ...]:
    """The runs of words somebody typed, `*italics*` being the only mark."""
    return tuple(_typed(text, Run("")))


def capitalised(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The same with a capital first letter."""
    if not runs:
        return runs
    first = runs[0]
    return (replace(first, text=first.text[:1].upper() + first.text[1:]), *runs[1:])


def joined(parts: Iterable[tuple[Run, ...]], separator: str, end: str) -> tuple[Run, ...]:
    """Clauses one after the other, with a mark between them and one at the end."""
    runs: list[Run] = []
    for part in parts:
        runs += [Run(separator), *part] if runs else part
    return (*runs, Run(end))


def listed(words: Iterable[str], last: str = " và ") -> str:
    """A list as a sentence has it ("a, b và c"), each word once."""
    found = list(dict.fromkeys(words))
    return last.join([", ".join(found[:-1]), found[-1]] if found[1:] else found)


def _runs(template: str, values: Mapping[str, Value], look: Run) -> Iterator[Run]:
    position = 0
    for mark in _MARKS.finditer(template):
        yield from _plain(template[position : mark.start()], look)
        position = mark.end()
        if mark["bold"]:
            yield from _runs(mark["bold"], values, replace(look, bold=True))
        elif mark["italic"]:
            yield from _runs(mark["italic"], values, replace(look, italic=True))
        else:
            yield from _value(values[mark["name"]], look)
    yield from _plain(template[position:], look)


def _value(value: Value, look: Run) -> Iterator[Run]:
    if isinstance(value, str):
        yield from _typed(value, look)
    elif isinstance(value, Note):
        yield Run("", footnote=marked(value.text))
    elif isinstance(value, Noted):
        bold = look.bold or bool(value.note)
        note = marked(value.note)
        yield replace(
            look, text=value.figure.text, bold=bold, footnote=note, figure=value.figure.id
        )
    else:
        yield replace(look, text=value.text, figure=value.id)


def _typed(text: str, look: Run) -> Iterator[Run]:
    position = 0
    for mark in _ITALIC.finditer(text):
        yield from _plain(text[position : mark.start()], look)
        yield replace(look, text=mark["italic"], italic=True)
        position = mark.end()
    yield from _plain(text[position:], look)


def _plain(text: str, look: Run) -> Iterator[Run]:
    if text:
        yield replace(look, text=text)


def _attached(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Hang each wordless note on the run before it."""
    found: list[Run] = []
    for run in runs:
        if found and run.footnote and not run.text:
            found[-1] = replace(found[-1], footnote=run.footnote)
        elif run.text:
            found.append(run)
    return tuple(found)
