"""The page that sets our report beside the real one is what the code says today."""

from dataclasses import replace

import pytest

from scripts.compare_report import PAGE, UntrueError, page, sample_report


@pytest.fixture(scope="module")
def report():
    return sample_report()


def test_the_page_is_up_to_date(report):
    assert PAGE.read_text(encoding="utf-8") == page(report)


def with_text(report, old, new):
    """The report with other words."""
    paragraphs = (
        replace(p, runs=tuple(replace(r, text=r.text.replace(old, new)) for r in p.runs))
        for p in report.paragraphs
    )
    return replace(report, paragraphs=tuple(paragraphs))


def test_a_difference_without_a_reason_is_refused(report):
    with pytest.raises(UntrueError, match="đoạn item-3"):
        page(with_text(report, "xem xét, phê duyệt Kế hoạch", "phê duyệt Kế hoạch"))


def test_a_reason_without_a_difference_is_refused(report):
    misspelt = with_text(report, "hoàn thành dứt điểm công tác", "hoàn thành dirt điểm công tác")
    like_the_real_one = with_text(misspelt, "và đang thực hiện", "và thực hiện")
    with pytest.raises(UntrueError, match="đoạn bullet-4"):
        page(like_the_real_one)


def test_a_number_that_changed_is_refused(report):
    figure = replace(report.figures["television"], value=6, rows=("A",), amounts=(6,))
    with pytest.raises(UntrueError, match="số 42: «05», «06»"):
        page(replace(report, figures={**report.figures, "television": figure}))


@pytest.mark.parametrize("wrong", ["dirt điểm", "khcnaobang", "an toàn, bức xạ"])
def test_a_defect_that_comes_back_is_refused(report, wrong):
    with pytest.raises(UntrueError):
        page(with_text(report, "huyện", f"{wrong} huyện"))
