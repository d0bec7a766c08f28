"""Writes docs/report-compared.md: the sample's report beside the real one, and why they differ.

python scripts/compare_report.py            writes the page
python scripts/compare_report.py --check    exit code 1 when the page is not up to date

A paragraph that differs must have a reason in samples/cao_bang_2019/khac-biet.toml, and a reason
must have a difference: the page cannot grow untrue.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from khcn_workflow.bootstrap import Application
from khcn_workflow.reporting import build
from khcn_workflow.reports.document import Paragraph, Report, Role
from khcn_workflow.reports.number_table import TABLE, Sort
from khcn_workflow.services.register_import import import_file
from khcn_workflow.settings import read_settings

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "cao_bang_2019"
PAGE = ROOT / "docs" / "report-compared.md"
AS_OF = date(2019, 6, 10)
_MARKDOWN = re.compile(r"([\\`*_|<>])")
_ROWS_SHOWN, _LONGEST = 3, 90

DEFECTS = {
    "không có tiêu đề, số, ngày": "letterhead",
    "thiếu chú thích 3": "note-3",
    "«dirt điểm»": r"dirt điểm",
    "«khcnaobang»": r"khcnaobang",
    "«.,» trước «Sở KH&CN sẽ đẩy nhanh»": r"\.,",
    "«37 cơ sở, sản xuất kinh doanh»": r"cơ sở, sản xuất",
    "«an toàn, bức xạ»": r"an toàn, bức xạ",
    "dấu Markdown": r"\*|<sup>",
}
"""What is wrong in the real text, and how its like is looked for in ours."""


class UntrueError(Exception):
    """A paragraph differs without a reason, or a reason has no difference any more."""


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is what would be written."""
    text = page(sample_report())
    if "--check" in arguments:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


def sample_report() -> Report:
    """The report of the sample workbooks as of its cut-off."""
    with TemporaryDirectory() as folder:
        given = {"KHCN_HOME": folder, "KHCN_RULEBOOK": "cao-bang", "KHCN_TODAY": AS_OF.isoformat()}
        app = Application(read_settings(given))
        for name in ("nhiem-vu.xlsx", "hoat-dong.xlsx"):
            app.run(import_file, SAMPLE / name)
        report = app.ask(build, "2019-H1", AS_OF)
        app.close()
        return report


def page(report: Report) -> str:
    """The whole page.

    Raises:
        UntrueError: Names the paragraph or the number.
    """
    told = tomllib.loads((SAMPLE / "khac-biet.toml").read_text(encoding="utf-8"))
    theirs = tomllib.loads((SAMPLE / "bao-cao-that.toml").read_text(encoding="utf-8"))
    lines = [
        "# Đối chiếu báo cáo của phần mềm với báo cáo thật",
        "",
        "Báo cáo 6 tháng đầu năm 2019 của Sở KH&CN tỉnh Cao Bằng, lập lại từ sổ minh họa",
        "(`samples/cao_bang_2019`), số liệu đến ngày 10/6/2019. Trang này do",
        "`python scripts/compare_report.py` viết, có kiểm thử giữ cho đúng; đừng sửa tay.",
        "",
        "## 55 con số",
        "",
        "| TT | Nội dung | Báo cáo thật | Phần mềm | Dòng đứng sau | Vì sao khác |",
        "|---|---|---|---|---|---|",
        *_numbers(report, told["number"], told["seed"]),
        "",
        "## Từng đoạn",
        "",
        "Chữ **đậm** là chữ bên kia không có; `[n]` là chỗ có chú thích.",
        "",
        "| Đoạn | Báo cáo thật | Phần mềm | Vì sao khác |",
        "|---|---|---|---|",
        *_paragraphs(theirs, ours(report), told["paragraph"]),
        "",
        "## Lỗi của báo cáo thật, không lặp lại",
        "",
        "| Lỗi | Ở báo cáo của phần mềm |",
        "|---|---|",
        *_defects(report),
        "",
    ]
    return "\n".join(lines)


def ours(report: Report) -> dict[str, str]:
    """The paragraphs of our report by the keys of the real one."""
    found = {"kind": report.kind, "subject": report.subject}
    note = bullets = items = 0
    section = ""
    for paragraph in report.paragraphs:
        text, note = _text(paragraph, note)
        match paragraph.role:
            case Role.PART | Role.SECTION:
                section = text.partition(". ")[0]
                key = section if section in ("I", "II") else f"I.{section}"
            case Role.BULLET:
                bullets += 1
                key, text = f"bullet-{bullets}", f"- {text}"
            case Role.NUMBERED:
                items += 1
                key, text = f"item-{items}", f"{paragraph.number}. {text}"
            case Role.CLOSING:
                key = "closing"
            case _:
                key = {"": "opening", "1": "lead", "2": "limitations"}[section]
        found[key] = f"{found[key]} {text}" if key in found else text
    found["recipients"] = " ".join(["Nơi nhận:", *report.recipient_lines()])
    found["signature"] = " ".join([*report.signature.lines, report.signature.name])
    for number, runs in enumerate(report.footnotes(), start=1):
        found[f"note-{number}"] = "".join(run.text for run in runs)
    return found


def _text(paragraph: Paragraph, note: int) -> tuple[str, int]:
    text = ""
    for run in paragraph.runs:
        text += run.text
        if run.footnote:
            note += 1
            text += f"[{note}]"
    return text, note


def _numbers(report: Report, reasons: Mapping[str, str], seed: Mapping[str, str]) -> Iterator[str]:
    for row in TABLE:
        figures = [report.figures[key] for key in row.figures]
        shown = ", ".join(figure.text for figure in figures)
        reason = reasons.get(str(row.number), "")
        theirs = seed[str(row.number)]
        if (shown != theirs) != bool(reason):
            raise UntrueError(f"số {row.number}: «{theirs}», «{shown}», «{reason}»")
        codes = list(dict.fromkeys(code for figure in figures for code in figure.rows))
        if row.sort is Sort.TEXT:
            codes = [f"{code}: {_short(report.rows.get(code, ''))}" for code in codes]
        rest = f" … ({len(codes)})" if len(codes) > _ROWS_SHOWN else ""
        listed = ", ".join(codes[:_ROWS_SHOWN]) + rest
        cells = (row.number, row.title, theirs, shown, listed, reason)
        yield _row(*map(str, cells))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _paragraphs(
    theirs: Mapping[str, str], mine: Mapping[str, str], reasons: Mapping[str, str]
) -> Iterator[str]:
    for key in [*theirs, *(k for k in mine if k not in theirs)]:
        seed, own, reason = theirs.get(key, ""), mine.get(key, ""), reasons.get(key, "")
        if (seed != own) != bool(reason):
            raise UntrueError(f"đoạn {key}: «{seed}»\n«{own}»\n«{reason}»")
        left, right = (seed, own) if seed == own else _marked(seed, own)
        same = "giống từng chữ" if seed == own else reason
        cells = (_escaped(seed), "", same) if seed == own else (left, right, same)
        yield f"| {key} | {' | '.join(cells)} |"


def _marked(seed: str, own: str) -> tuple[str, str]:
    """Both texts, with what the other has not in bold."""
    one, other = seed.split(), own.split()
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for words, sink in ((one[a:b], left), (other[c:d], right)):
            text = _escaped(" ".join(words))
            if text:
                sink.append(text if tag == "equal" else f"**{text}**")
    return " ".join(left), " ".join(right)


def _defects(report: Report) -> Iterator[str]:
    mine = ours(report)
    whole = "\n".join(mine.values())
    for defect, sign in DEFECTS.items():
        if sign == "letterhead":
            head = report.letterhead
            found = f"có: {head.name}, {' '.join(head.number.split())}, {head.place_and_date}"
            missing = not (head.name and head.number and head.place_and_date)
        elif sign == "note-3":
            found, missing = f"có: {mine['note-3']}", not mine.get("note-3")
        else:
            found, missing = "không có", bool(re.search(sign, whole))
        if missing:
            raise UntrueError(f"lỗi {defect} lặp lại")
        yield _row(defect, found)
    numbers = [int(n) for n in re.findall(r"\[(\d+)\]", whole)]
    if numbers and any(later - sooner != 1 for sooner, later in pairwise(numbers)):
        raise UntrueError("chú thích không liền số")


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
