"""The report in a real browser: axe finds nothing, phones can read it, numbers lead to lists.

`KHCN_SCREENSHOTS=FOLDER` keeps pictures.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from khcn_workflow.domain.report_edits import SectionEdit
from khcn_workflow.reports.html import to_html
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def worded_and_compared():
    """With everything a page may hold: an edit that is stale, and the year before."""
    at = datetime(2019, 6, 10, tzinfo=UTC)
    edits = {"I.2": SectionEdit("I.2", "Lời của chuyên viên.", "Lời cũ.", "cv1", at)}
    before = b.report_input([b.running("A")], period="2018-H1", as_of=date(2018, 6, 10))
    return build_report(replace(b.seed_input(), edits=edits), before)


REPORTS = {
    "seed": lambda: build_report(b.seed_input()),
    "empty": lambda: build_report(b.report_input()),
    "full": worded_and_compared,
}
WIDTHS = (360, 1200)


@pytest.fixture(params=[(kind, width) for kind in REPORTS for width in WIDTHS])
def opened(request, chromium, tmp_path):
    kind, width = request.param
    report = REPORTS[kind]()
    path = tmp_path / "bao-cao.html"
    path.write_text(to_html(report), encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    if folder := os.environ.get("KHCN_SCREENSHOTS"):
        picture = Path(folder) / f"report-{kind}-{width}.png"
        page.screenshot(path=str(picture), full_page=True)
    yield page, report
    page.close()


def test_axe_finds_no_violation(opened):
    from axe_playwright_python.sync_playwright import Axe

    page, _ = opened
    for details in page.locator("summary").all():
        details.click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_nothing_is_wider_than_the_screen(opened):
    page, _ = opened
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


def test_a_number_leads_to_exactly_its_rows(opened):
    page, report = opened
    links = page.locator("main a.so")
    for link in links.all():
        figure = report.figures[link.get_attribute("href").removeprefix("#so-")]
        link.click()
        target = page.locator(f"#so-{figure.id}")
        assert target.is_visible()
        assert [c.inner_text() for c in target.locator("code").all()] == list(figure.rows)
        assert figure.text in target.inner_text() or not figure.rows


def test_the_keyboard_reaches_every_table(opened):
    page, _ = opened
    tables = page.locator("[role=region]")
    assert all(t.get_attribute("tabindex") == "0" for t in tables.all())
