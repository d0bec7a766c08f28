"""Mục I.2 "Tồn tại, hạn chế": late steps as sentences, grouped by cause and not by task."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import Force
from khcn_workflow.reports.composing import compose, listed, marked
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.limitations import CausePhrase, LateStep, promised_id
from khcn_workflow.reports.phrases import month_of
from khcn_workflow.reports.report_input import CONTRACT, ReportInput

Clause = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class LateGroup:
    """Late steps told in one sentence: one clock, one force, causes that hang together."""

    steps: tuple[LateStep, ...]

    @property
    def first(self) -> LateStep:
        """Any of them: force and clock are the same for all."""
        return self.steps[0]

    @property
    def causes(self) -> tuple[str, ...]:
        """The recorded causes of all, each once, in the rulebook's order."""
        return tuple(c.words for c in sorted({c for s in self.steps for c in s.causes}))


def grouped(steps: Sequence[LateStep]) -> list[LateGroup]:
    """The groups: law and target apart, ours and the host's apart, then by cause.

    Steps that share a cause, or are the same step of several tasks, are told together.
    Steps without a recorded cause are told apart, and only where no sentence names
    that step already.
    """
    groups: list[LateGroup] = []
    for ours in (True, False):
        for force in (Force.INTERNAL, Force.STATUTORY):
            mine = [s for s in steps if s.is_ours is ours and s.force is force]
            groups += _by_cause([s for s in mine if s.causes])
            named = {s.step for group in groups if group.causes for s in group.steps}
            silent = [s for s in mine if not s.causes and s.step not in named]
            groups += [LateGroup(tuple(silent))] if silent else []
    return groups


def _by_cause(steps: Sequence[LateStep]) -> list[LateGroup]:
    """Join steps that share a cause or are the same step, however long the chain."""
    parts: list[_Part] = []
    for step in steps:
        ties: set[str | CausePhrase] = {step.step, *step.causes}
        near = [part for part in parts if not ties.isdisjoint(part.ties)]
        parts = [part for part in parts if ties.isdisjoint(part.ties)]
        parts.append(_joined(near, step, ties))
    for part in parts:
        part.steps.sort(key=lambda s: (s.order, s.code))
    return [LateGroup(tuple(p.steps)) for p in sorted(parts, key=lambda p: p.steps[0].order)]


@dataclass(slots=True)
class _Part:
    """Steps that belong together, with the step names and causes that tie others to them."""

    steps: list[LateStep]
    ties: set[str | CausePhrase]


def _joined(near: Sequence[_Part], step: LateStep, ties: set[str | CausePhrase]) -> _Part:
    joined = near[0] if near else _Part([], set())
    for part in near[1:]:
        joined.steps += part.steps
        joined.ties |= part.ties
    joined.steps.append(step)
    joined.ties |= ties
    return joined


def limitation_paragraphs(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    """The paragraphs of the section; says so when no delay was recorded."""
    late = facts.late
    if not late.steps:
        yield compose(
            f"Trong {report_input.period.label}, không ghi nhận bước nào chậm so với thời hạn "
            "luật định và mục tiêu tiến độ nội bộ của Sở."
        )
    else:
        sentences = [_sentence(group, report_input) for group in grouped(late.steps)]
        yield marked(" ".join(sentences))
        yield from _measured(facts, report_input)
    yield from _notes(facts, report_input)


def _sentence(group: LateGroup, report_input: ReportInput) -> str:
    nouns = ", ".join(dict.fromkeys(s.noun for s in group.steps))
    contract_last = group.steps[-1].step == CONTRACT
    link = "thực hiện" if contract_last and group.first.is_ours else "đối với"
    whose = "" if group.first.is_ours else " của tổ chức chủ trì"
    cause = f" do {listed(group.causes)}" if group.causes else ""
    return (
        f"Việc {nouns}{whose} {link} các nhiệm vụ KH&CN {_cohorts(group.steps)} "
        f"{_lateness(group)}{cause}. {_remedy(group, report_input)}"
    )


def _cohorts(steps: Sequence[LateStep]) -> str:
    return listed(s.cohort for s in sorted(steps, key=lambda s: s.cohort))


def _lateness(group: LateGroup) -> str:
    if group.first.force is Force.INTERNAL:
        return "còn chậm"
    return f"còn quá thời hạn theo quy định ({listed(s.article for s in group.steps)})"


def _remedy(group: LateGroup, report_input: ReportInput) -> str:
    office = report_input.agency.short_name
    owed = [s for s in group.steps if s.is_open]
    if not owed:
        return f"Đến ngày {vietnamese.report_day(report_input.as_of)}, các bước này đã hoàn thành."
    promised = [s.commitment for s in owed if s.commitment and _stands(s, report_input.as_of)]
    months = listed(month_of(on) for on in sorted(promised))
    until = f" và hoàn thành trong {months}" if months else ""
    if group.first.is_ours:
        return f"{office} sẽ đẩy nhanh tiến độ{until or ' thực hiện'}."
    return f"{office} sẽ tiếp tục đôn đốc các tổ chức chủ trì{until.replace(' và', ',')}."


def _stands(step: LateStep, as_of: date) -> bool:
    return step.commitment is not None and step.commitment >= as_of


_MEASURES = {
    "late_internal": (
        "{late_internal} nhiệm vụ có bước chậm so với mục tiêu tiến độ nội bộ của Sở (không phải "
        "thời hạn luật định), chậm nhất {late_internal_days} ngày làm việc"
    ),
    "late_statutory": (
        "{late_statutory} nhiệm vụ có bước quá thời hạn luật định, chậm nhất "
        "{late_statutory_days} ngày làm việc"
    ),
    "late_host": (
        "{late_host} nhiệm vụ có bước thuộc trách nhiệm của tổ chức chủ trì bị chậm, chậm nhất "
        "{late_host_days} ngày làm việc"
    ),
}


def _measured(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    found = [template for key, template in _MEASURES.items() if facts.value(key)]
    as_of = vietnamese.report_day(report_input.as_of)
    found += _promises(facts, report_input.as_of)
    yield compose(f"Tính đến ngày {as_of}: {'; '.join(found)}.", facts.figures)


def _promises(facts: Facts, as_of: date) -> list[str]:
    """Which month how many are promised for, where it is not one month for all."""
    owed = [s for s in facts.late.steps if s.is_open]
    months = sorted(
        {s.commitment.replace(day=1) for s in owed if s.commitment and _stands(s, as_of)}
    )
    found = [
        f"{{{promised_id(month)}}} nhiệm vụ cam kết hoàn thành trong {month_of(month)}"
        for month in months
    ]
    if months and facts.value("late_no_promise"):
        found.append("{late_no_promise} nhiệm vụ chưa ghi mốc cam kết")
    return found if found[1:] else []


def _notes(facts: Facts, report_input: ReportInput) -> Iterator[Clause]:
    steps = facts.late.steps
    silent = [s for s in steps if not s.causes]
    broken = [s for s in steps if s.is_open and s.commitment and not _stands(s, report_input.as_of)]
    if silent:
        yield marked(f"*Ghi chú: chưa ghi nguyên nhân chậm đối với: {_listing(silent)}.*")
    if broken:
        yield marked(f"*Ghi chú: đã qua thời điểm cam kết hoàn thành: {_listing(broken)}.*")
    if facts.late.undetermined:
        codes = ", ".join(facts.late.undetermined)
        yield marked(f"*Ghi chú: chưa tính được thời hạn (ngoài lịch làm việc đã nạp): {codes}.*")


def _listing(steps: Sequence[LateStep]) -> str:
    nouns = dict.fromkeys(s.noun for s in steps)
    return "; ".join(
        f"{noun} ({', '.join(dict.fromkeys(s.code for s in steps if s.noun == noun))})"
        for noun in nouns
    )
