"""The Markdown file reads as the report does."""

import re
from dataclasses import replace

from khcn_workflow.reports.document import Paragraph, Run
from khcn_workflow.reports.markdown import to_markdown
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b


def test_every_footnote_is_referred_to_once_and_given_once():
    text = to_markdown(build_report(b.seed_input()))
    referred = re.findall(r"\[\^(\d+)\](?!:)", text)
    given = re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
    assert referred == given == [str(n) for n in range(1, 11)]


def test_figures_bold_and_italics_are_marked_without_empty_marks():
    text = to_markdown(build_report(b.seed_input()))
    assert "**01**[^1] văn bản" in text
    assert "(*02 dự án do Trung ương trực tiếp quản lý, 02 dự án" in text
    assert "****" not in text
    assert "## I. KẾT QUẢ" in text
    assert "### 2. Tồn tại, hạn chế" in text


def test_characters_that_mean_something_are_escaped():
    report = build_report(b.report_input())
    text = to_markdown(replace(report, paragraphs=(Paragraph((Run("a_b [c]"),)),)))
    assert r"a\_b \[c\]" in text
