"""Sentences with marks become runs."""

from khcn_workflow.reports.composing import (
    Note,
    Noted,
    capitalised,
    compose,
    joined,
    listed,
    marked,
)
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.figures import Figure

SEVEN = Figure("done", "Đã xong", 7, 8, tuple("abcdefg"))


def test_a_name_stands_for_its_figure():
    assert compose("đối với {done} nhiệm vụ", {"done": SEVEN}) == (
        Run("đối với "),
        Run("07/08", figure="done"),
        Run(" nhiệm vụ"),
    )


def test_marks_hold_figures():
    assert compose("(*{done} đề tài*) **{done}**", {"done": SEVEN}) == (
        Run("("),
        Run("07/08", italic=True, figure="done"),
        Run(" đề tài", italic=True),
        Run(") "),
        Run("07/08", bold=True, figure="done"),
    )


def test_a_figure_with_a_note_is_bold():
    assert compose("{n}", {"n": Noted(SEVEN, "Một *hai*")}) == (
        Run("07/08", bold=True, figure="done", footnote=(Run("Một "), Run("hai", italic=True))),
    )
    assert compose("{n}", {"n": Noted(SEVEN, "")}) == (Run("07/08", figure="done"),)


def test_a_note_hangs_on_the_words_before_it():
    assert compose("{title}{note};", {"title": "đợt 1", "note": Note("Quyết định")}) == (
        Run("đợt 1", footnote=(Run("Quyết định"),)),
        Run(";"),
    )


def test_a_typed_value_holds_italics_but_no_names():
    runs = compose("{title}", {"title": "lan (*Cymbidium*) {x}"})
    assert runs == (Run("lan ("), Run("Cymbidium", italic=True), Run(") {x}"))


def test_a_lone_star_is_a_star():
    assert marked("3 * 4") == (Run("3 * 4"),)


def test_clauses_are_joined_and_begin_with_a_capital():
    runs = capitalised(joined([(Run("đánh giá"),), (Run("kiểm tra"),)], "; ", "."))
    assert "".join(run.text for run in runs) == "Đánh giá; kiểm tra."
    assert capitalised(()) == ()


def test_a_list_names_each_word_once():
    assert [listed("abc"), listed("ab"), listed("aa"), listed("")] == [
        "a, b và c",
        "a và b",
        "a",
        "",
    ]
