"""Đối chiếu: what only shows when rows are laid beside each other."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from khcn_workflow.domain.science_task import Person, ScienceTask
from khcn_workflow.domain.vietnamese import folded
from khcn_workflow.register.places import Place, Problem, Sourced
from khcn_workflow.register.rows import ClockRow, DelayRow, EntryRow, ResultRow

T = TypeVar("T")
OfTask = TypeVar("OfTask", ResultRow, DelayRow, ClockRow, EntryRow)
Event = TypeVar("Event", ResultRow, DelayRow, ClockRow)
Codes = Mapping[str, str]
"""A code as it is registered, by every way of writing it."""


def without_repeats(
    rows: Iterable[Sourced[T]],
    identity: Callable[[T], object],
    key: str,
    what: str,
    problems: list[Problem],
) -> list[Sourced[T]]:
    """The rows without those that repeat an earlier one; each repeat names both rows.

    Args:
        key: The column in which the repeat is shown.
        what: What is repeated, in Vietnamese ("mã nhiệm vụ «NV-2019-01»" is made of it).
    """
    first: dict[object, Place] = {}
    kept: list[Sourced[T]] = []
    for row in rows:
        same = identity(row.value)
        if same in first:
            problems.append(Problem(row.at(key), _repeat(what, row, first[same])))
        else:
            first[same] = row.place
            kept.append(row)
    return kept


def _repeat(what: str, row: Sourced[T], earlier: Place) -> str:
    sheet = "" if earlier.sheet == row.place.sheet else f" của trang «{earlier.sheet}»"
    return f"{what} ở dòng {row.place.row} đã có ở dòng {earlier.row}{sheet}; hãy bỏ bớt một dòng."


def code_index(codes: Iterable[str]) -> Codes:
    """Codes by their writing without regard to capitals."""
    return {code.casefold(): code for code in codes}


def person_index(persons: Iterable[Sourced[Person]], known: Collection[str]) -> Codes:
    """Codes of people by code and, for those of the file, by full name."""
    people = [person.value for person in persons]
    names = {folded(person.name).casefold(): person.code for person in people}
    return {**names, **code_index((*known, *(person.code for person in people)))}


def with_known_officers(
    tasks: Iterable[Sourced[ScienceTask]], people: Codes, problems: list[Problem]
) -> list[Sourced[ScienceTask]]:
    """The tasks with the codes of their officers; those of unknown officers are left out."""
    kept = []
    for task in tasks:
        officer = _person(people, task.value.officer)
        if officer is None:
            problems.append(Problem(task.at("officer"), _unknown_person(task.value.officer)))
        else:
            kept.append(replace(task, value=replace(task.value, officer=officer)))
    return kept


def with_known_actors(
    events: Iterable[Sourced[Event]], people: Codes, problems: list[Problem]
) -> list[Sourced[Event]]:
    """The events with the codes of who recorded them; those of unknown people are left out."""
    kept = []
    for event in events:
        actor = _person(people, event.value.actor) if event.value.actor else ""
        if actor is None:
            problems.append(Problem(event.at("actor"), _unknown_person(event.value.actor)))
        else:
            kept.append(replace(event, value=replace(event.value, actor=actor)))
    return kept


def of_known_tasks(
    rows: Iterable[Sourced[OfTask]], codes: Codes, problems: list[Problem]
) -> list[Sourced[OfTask]]:
    """The rows with the codes of their tasks as registered; those of unknown tasks left out."""
    kept = []
    for row in rows:
        code = codes.get(row.value.task.casefold())
        if code is None:
            message = (
                f"mã nhiệm vụ «{row.value.task}» không có ở trang «Nhiệm vụ» và cũng chưa có "
                "trong sổ."
            )
            problems.append(Problem(row.at("task"), message))
        else:
            kept.append(replace(row, value=replace(row.value, task=code)))
    return kept


def _person(people: Codes, text: str) -> str | None:
    return people.get(text.casefold()) or people.get(folded(text))


def _unknown_person(text: str) -> str:
    return (
        f"không có cán bộ «{text}» ở trang «Cán bộ» và cũng chưa có trong sổ; "
        "hãy ghi mã cán bộ, ví dụ cv1."
    )
