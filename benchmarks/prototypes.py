"""Histories of tasks that are folded once by the real rules, and then copied many times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.deadlines import Deadline
from khcn_workflow.domain.ledger import Document, EntryKind, Fact
from khcn_workflow.domain.progress import Progress, apply, check_outcome, fold, registration
from khcn_workflow.domain.rules import Outcome, Rulebook
from khcn_workflow.domain.science_task import Kind, Level, ScienceTask, Source
from khcn_workflow.domain.standing import deadline_while_owed, exact_from

TODAY = date(2026, 6, 15)
"""The day on which the made-up offices stand: a Monday without swaps around it."""

RULEBOOK = "luat-2013"
CODE = "?"
"""Stands for the code of each task that is copied from a prototype."""


@dataclass(frozen=True, slots=True)
class Prototype:
    """One history, with all that the rules make of it.

    Attributes:
        typed_on: The day each fact was typed, never before that of the one before it.
        deadlines: Of each round, as it is kept.
    """

    facts: tuple[Fact, ...]
    typed_on: tuple[date, ...]
    progress: Progress
    deadlines: tuple[Deadline | None, ...]
    exact_from: date


def long_histories(
    rulebook: Rulebook, calendar: WorkingCalendar, count: int, random: Random
) -> list[Prototype]:
    """Tasks of the whole way from proposal to acceptance, some twenty rows each."""
    return [
        _prototype(_walk(rulebook, random, random.randint(15, 30)), rulebook, calendar, random)
        for _ in range(count)
    ]


def signed_contracts(
    rulebook: Rulebook, calendar: WorkingCalendar, starts: Sequence[date]
) -> Iterator[Prototype]:
    """Tasks whose contract was signed and nothing since: three open steps, two rows each."""
    for on in starts:
        entered = registration(_a_task(), "contract_signing", on - timedelta(days=10), "cv0")
        fields = {"ends_on": (on + timedelta(days=900)).isoformat()}
        signed = _outcome(rulebook, "contract_signing", "signed", on, fields)
        yield _folded([entered, signed], rulebook, calendar)


def _walk(rulebook: Rulebook, random: Random, rows: int) -> list[tuple[int, str, str]]:
    """Gaps in days, steps and outcomes (empty: a delay) until a task ends or has its rows."""
    on = date(2015, 6, 1)
    progress = fold(
        [registration(_a_task(), "proposal_synthesis", on, "cv0")], {RULEBOOK: rulebook}
    )
    assert progress is not None
    walk: list[tuple[int, str, str]] = []
    while len(walk) < rows and progress.open_rounds():
        gap = random.randint(2, 45)
        on += timedelta(days=gap)
        owed = random.choice(progress.open_rounds())
        if random.random() < 0.1:
            walk.append((gap, owed.step, ""))
            continue
        outcome = _likely(rulebook.step(owed.step).outcomes, random, len(walk))
        fields = {field.id: (on + timedelta(days=900)).isoformat() for field in outcome.fields}
        progress = apply(progress, rulebook, _outcome(rulebook, owed.step, outcome.id, on, fields))
        walk.append((gap, owed.step, outcome.id))
    return walk


def _likely(outcomes: Sequence[Outcome], random: Random, done: int) -> Outcome:
    """The good outcome nine times of ten; the end of a task only late in its life."""
    going_on = [o for o in outcomes if not o.ends] or list(outcomes)
    good = [o for o in going_on if o.favourable and not o.interim]
    if done > 12:
        return random.choice(outcomes)
    return random.choice(good) if good and random.random() < 0.9 else random.choice(going_on)


def _prototype(
    walk: list[tuple[int, str, str]], rulebook: Rulebook, calendar: WorkingCalendar, random: Random
) -> Prototype:
    """The walk, laid so that it reaches near today or, where the task ended, long before."""
    length = sum(gap for gap, _, _ in walk)
    on = TODAY - timedelta(days=length + random.randint(0, 60) + random.choice([0, 0, 700, 1500]))
    facts = [registration(_a_task(), "proposal_synthesis", on, "cv0")]
    progress = fold(facts, {RULEBOOK: rulebook})
    assert progress is not None
    suspended = random.random() < 0.04
    for number, (gap, step, outcome) in enumerate(walk):
        on += timedelta(days=gap)
        fields = {
            field.id: (on + timedelta(days=900)).isoformat()
            for o in rulebook.step(step).outcomes
            if o.id == outcome
            for field in o.fields
        }
        fact = _outcome(rulebook, step, outcome, on, fields) if outcome else _delay(step, on)
        owed = check_outcome(progress, rulebook, fact, TODAY)
        facts.append(replace(fact, stage=owed.stage, round=owed.round))
        progress = apply(progress, rulebook, facts[-1])
        if suspended and number in {6, 7}:
            kind = EntryKind.SUSPENDED if number == 6 else EntryKind.RESUMED
            facts.append(Fact(kind, CODE, on + timedelta(days=1), "cv0", note="Chờ điều chỉnh"))
            progress = apply(progress, rulebook, facts[-1])
    return _folded(facts, rulebook, calendar)


def _folded(facts: list[Fact], rulebook: Rulebook, calendar: WorkingCalendar) -> Prototype:
    facts = [replace(fact, rulebook=rulebook.id) for fact in facts]
    progress = fold(facts, {RULEBOOK: rulebook})
    assert progress is not None
    typed = [facts[0].valid_on]
    for fact in facts[1:]:
        typed.append(max(typed[-1], fact.valid_on))
    deadlines = tuple(
        deadline_while_owed(progress, owed, rulebook, calendar) for owed in progress.rounds
    )
    known_from = exact_from(progress, rulebook)
    return Prototype(tuple(facts), tuple(typed), progress, deadlines, known_from)


def _outcome(rulebook: Rulebook, step: str, outcome: str, on: date, fields: dict[str, str]) -> Fact:
    return Fact(
        EntryKind.OUTCOME,
        CODE,
        on,
        "cv0",
        stage=rulebook.step(step).stage,
        step=step,
        round=0,
        outcome=outcome,
        document=Document(f"{on:%j}/QĐ-SKHCN", on, "Sở Khoa học và Công nghệ"),
        data=fields,
    )


def _delay(step: str, on: date) -> Fact:
    cause = "Chờ ý kiến của cơ quan chuyên môn"
    return Fact(EntryKind.DELAY, CODE, on, "cv0", step=step, cause=cause)


def _a_task() -> ScienceTask:
    return ScienceTask(
        code=CODE,
        title="Nghiên cứu xây dựng mô hình sản xuất theo chuỗi giá trị trên địa bàn tỉnh",
        level=Level.PROVINCIAL,
        kind=Kind.TOPIC,
        source=Source.ORDERED,
        plan_year=2024,
        host="Trung tâm Ứng dụng tiến bộ khoa học và công nghệ",
        principal_investigator="Chủ nhiệm nhiệm vụ",
        officer="cv0",
        rulebook=RULEBOOK,
    )
