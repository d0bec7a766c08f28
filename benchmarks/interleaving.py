"""Times variants in turn (A B C, A B C …), so that a noisy minute hits all of them."""

from collections.abc import Callable, Iterable, Mapping
from statistics import median
from time import perf_counter
from timeit import timeit
from typing import Any

FEWEST_ROUNDS = 5
WORTH_TIMING = 0.02
"""Seconds."""


def interleaved(variants: Mapping[str, Callable[[], Any]], rounds: int = 7) -> Mapping[str, float]:
    """The median seconds of one call of each variant, over at least five rounds.

    A quick variant is called as often in each round as makes a span worth timing, so that
    the slow one before it, which emptied the processor's caches, weighs as little on it.
    """
    calls = {name: _calls(variant) for name, variant in variants.items()}
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(max(rounds, FEWEST_ROUNDS)):
        for name, variant in variants.items():
            taken[name].append(_seconds(variant, calls[name]))
    return {name: median(times) for name, times in taken.items()}


def in_turn(variants: Mapping[str, Callable[[int], Any]], times: int) -> Mapping[str, float]:
    """The median seconds of variant(0), variant(1), …, each number by all before the next.

    For deeds that cannot be done twice; what happens in the first tenth is not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(times):
        for name, variant in variants.items():
            begun = perf_counter()
            variant(number)
            taken[name].append(perf_counter() - begun)
    return {name: median(each[times // 10 :]) for name, each in taken.items()}


def assert_equal(variants: Mapping[str, Callable[[], Iterable[Any]]]) -> None:
    """Refuse to time variants that do not all give the same.

    Raises:
        AssertionError: Names the variant and the first place where it differs.
    """
    answers = {name: list(variant()) for name, variant in variants.items()}
    (reference, wanted), *others = answers.items()
    for name, given in others:
        if given == wanted:
            continue
        pairs = zip(wanted, given, strict=False)
        at = next((n for n, (a, b) in enumerate(pairs) if a != b), "length")
        raise AssertionError(f"{name} is not {reference} at {at}")


def _calls(variant: Callable[[], Any]) -> int:
    """How often to call it in one round; the first call of all is not counted."""
    variant()
    return max(1, int(WORTH_TIMING / max(_seconds(variant, 1), 1e-9)))


def _seconds(variant: Callable[[], Any], calls: int) -> float:
    """Seconds of one call, the garbage collector off."""
    return timeit(variant, number=calls) / calls
