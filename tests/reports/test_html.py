"""The page: accessible, self-contained, and every number leads to its rows."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from khcn_workflow.reports.charts import charts
from khcn_workflow.reports.html import to_html
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b

VOID = {"meta", "br", "link", "img"}


class Page(HTMLParser):
    """Links, targets and headings of a page, and whether its tags close in order."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.headings, self.open, self.crossed = [], [], [], [], []
        self.attributes = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.attributes.setdefault(tag, given)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.headings += [tag] if tag in {"h1", "h2", "h3"} else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


@pytest.fixture(scope="module")
def report():
    return build_report(b.seed_input())


@pytest.fixture(scope="module")
def page(report):
    return Page(to_html(report))


def test_every_link_has_a_target_on_the_page(page):
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert all(link.startswith("#") for link in page.links)


def test_every_printed_figure_is_a_link_to_its_rows(page, report):
    printed = [run.figure for p in report.paragraphs for run in p.runs if run.figure]
    body = Page(to_html(report).partition("</main>")[0])
    assert [link[4:] for link in body.links if link.startswith("#so-")] == printed
    assert {f"so-{key}" for key in report.figures} <= set(page.ids)


def test_footnotes_lead_there_and_back(page, report):
    number = len(list(report.footnotes()))
    for n in range(1, number + 1):
        assert page.links.count(f"#chu-thich-{n}") == page.links.count(f"#cho-{n}") == 1


def test_no_id_stands_twice(page):
    assert len(page.ids) == len(set(page.ids))


def test_tags_close_in_order_and_headings_step_down(page):
    assert (page.crossed, page.open) == ([], [])
    assert page.attributes["html"] == {"lang": "vi"}
    assert page.headings[0] == "h1"
    assert page.headings.count("h1") == 1


def test_typed_words_are_escaped():
    report = build_report(b.report_input([b.accepted("A")]))
    report = replace(report, rows={"A": "<script>x</script>"}, subject="A & B")
    text = to_html(report)
    assert "<script>" not in text
    assert "A &amp; B" in text


def test_the_late_steps_are_in_a_table(report):
    text = to_html(report).partition('id="buoc-cham"')[2].partition("</section>")[0]
    assert text.count("<tr>") == 1 + len(report.late)


def test_each_chart_has_its_words_and_its_table(report):
    text = to_html(report)
    for chart in charts(report.figures):
        drawing = text.partition(f'id="ten-{chart.id}"')[2].partition("</figure>")[0]
        assert f'<desc id="mt-{chart.id}">{chart.words}</desc>' in drawing
        bars = [bar for group in chart.groups for bar in group.bars]
        assert drawing.count("<rect") == drawing.count('href="#so-') == len(bars)


def test_a_report_without_anything_is_still_a_page():
    page = Page(to_html(build_report(b.report_input())))
    assert (page.crossed, page.open) == ([], [])
