"""Hình: small SVG pictures that Prefect's markdown shows (as data URIs)."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from khcn_workflow.domain import vietnamese

WIDTH, LABELS, ROW, HEAD = 760, 290, 24, 26
LONGEST = 42
"""Letters of a label that fit beside the bars."""

INK, PAPER = "#1f2937", "#ffffff"
DONE, OPEN, LATE = "#15803d", "#2563eb", "#b91c1c"
FONT = "font-family='Arial, sans-serif' font-size='12'"


@dataclass(frozen=True, slots=True)
class Span:
    """One bar of a timeline.

    Attributes:
        until: Last day of the bar, None while it runs on.
        due_on: Where a mark stands, None without.
        is_late: Whether it ended, or runs, after its due date.
    """

    label: str
    since: date
    until: date | None
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: so many, of which so many are late."""

    label: str
    total: int
    late: int


def timeline(spans: Sequence[Span], today: date) -> str:
    """Biểu đồ Gantt: rounds as bars, due dates as marks, today as a line."""
    first = min(span.since for span in spans)
    last = max([today, *(d for span in spans for d in (span.until, span.due_on) if d)])
    reach = max((last - first).days, 1)

    def at(day: date) -> float:
        return LABELS + (WIDTH - LABELS - 10) * (day - first).days / reach

    height = HEAD + ROW * len(spans) + 8
    parts = [
        _text(LABELS, 16, vietnamese.day(first)),
        _text(WIDTH - 10, 16, vietnamese.day(last), "end"),
        _line(at(today), HEAD - 6, height - 4, LATE, "4 3"),
    ]
    for row, span in enumerate(spans):
        top = HEAD + ROW * row
        end = at(span.until or today)
        colour = LATE if span.is_late else (DONE if span.until else OPEN)
        parts.append(_text(0, top + 14, _short(span.label)))
        parts.append(_bar(at(span.since), top + 4, max(end - at(span.since), 3), colour))
        if span.due_on:
            parts.append(_line(at(span.due_on), top + 1, top + 19, INK))
    return _picture("Tiến độ các bước", height, parts)


def bars(title: str, lines: Sequence[Bar]) -> str:
    """Biểu đồ thanh: each line's total, its late part in red."""
    longest = max([line.total for line in lines], default=0) or 1
    scale = (WIDTH - LABELS - 90) / longest
    height = ROW * len(lines) + 8
    parts = []
    for row, line in enumerate(lines):
        top = ROW * row
        parts.append(_text(0, top + 16, _short(line.label)))
        parts.append(_bar(LABELS, top + 6, line.total * scale, OPEN))
        parts.append(_bar(LABELS, top + 6, line.late * scale, LATE))
        told = f"{line.total}" + (f", {line.late} quá hạn" if line.late else "")
        parts.append(_text(LABELS + line.total * scale + 6, top + 16, told))
    return _picture(title, height, parts)


def _picture(title: str, height: int, parts: Sequence[str]) -> str:
    """The drawing as a markdown image; the white ground keeps it readable on dark pages."""
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH + 16}' height='{height + 16}' "
        f"viewBox='-8 -8 {WIDTH + 16} {height + 16}' role='img'>"
        f"<rect x='-8' y='-8' width='{WIDTH + 16}' height='{height + 16}' fill='{PAPER}'/>"
        f"{''.join(parts)}</svg>"
    )
    return f"![{title}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} fill='{INK}' text-anchor='{anchor}'>"
        f"{escape(text)}</text>"
    )


def _bar(x: float, y: float, width: float, colour: str) -> str:
    return f"<rect x='{x:.1f}' y='{y}' width='{width:.1f}' height='13' rx='2' fill='{colour}'/>"


def _line(x: float, top: float, bottom: float, colour: str, dashes: str = "") -> str:
    dashed = f" stroke-dasharray='{dashes}'" if dashes else ""
    return (
        f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{top}' y2='{bottom}' stroke='{colour}' "
        f"stroke-width='2'{dashed}/>"
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"
