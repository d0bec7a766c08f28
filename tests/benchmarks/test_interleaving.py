import pytest

from benchmarks import interleaving
from benchmarks.interleaving import assert_equal, interleaved


def test_variants_take_turns_in_each_round(monkeypatch):
    monkeypatch.setattr(interleaving, "WORTH_TIMING", 0)
    called = []
    taken = interleaved({"a": lambda: called.append("a"), "b": lambda: called.append("b")}, 6)
    warm_up = 2
    assert called == ["a"] * warm_up + ["b"] * warm_up + ["a", "b"] * 6
    assert set(taken) == {"a", "b"}


def test_a_median_rests_on_at_least_five_rounds(monkeypatch):
    monkeypatch.setattr(interleaving, "WORTH_TIMING", 0)
    called = []
    interleaved({"a": lambda: called.append("a")}, rounds=1)
    assert len(called) == 2 + 5


def test_the_median_of_the_rounds_is_given(monkeypatch):
    seconds = iter([1.0, 9.0, 1.0, 2.0, 3.0, 99.0])  # the first decides how often to call
    monkeypatch.setattr(interleaving, "_seconds", lambda _variant, _calls: next(seconds))
    assert interleaved({"a": lambda: None}, 5) == {"a": 3.0}


def test_a_quick_variant_is_called_often_enough_to_be_timed():
    called = []
    interleaved({"quick": lambda: called.append(1)}, 5)
    assert len(called) > 5 * 1000


def test_variants_that_differ_are_not_timed():
    assert_equal({"a": lambda: [1, 2], "b": lambda: [1, 2]})
    with pytest.raises(AssertionError, match="b is not a at 1"):
        assert_equal({"a": lambda: [1, 2], "b": lambda: [1, 3]})
    with pytest.raises(AssertionError, match="b is not a at length"):
        assert_equal({"a": lambda: [1, 2], "b": lambda: [1]})
