"""What two rulebooks say differently: steps, outcomes, limits, duties, councils."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from khcn_workflow.domain.recorders import roles_in_words
from khcn_workflow.domain.rules import Outcome, Rulebook, TimeLimit
from khcn_workflow.regulations.rulebook_words import (
    extension_words,
    level_words,
    limit_words,
    pass_words,
    quorum_words,
    recorders_words,
    size_words,
    window_words,
)


class Part(StrEnum):
    """What kind of thing differs; the value is the word an officer reads."""

    BOOK = "Bộ"
    STAGE = "Giai đoạn"
    STEP = "Bước"
    OUTCOME = "Kết quả"
    LIMIT = "Thời hạn"
    DUTY = "Điều luật"
    COUNCIL = "Hội đồng"
    UNREAD = "Chưa nạp"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same.

    Attributes:
        name: Ids from the outside in ("call.announced", "appraisal_meeting.A30").
        aspect: What of it differs; empty when only one of the two has it.
        a: What the first says; empty when only the second has it.
        b: What the second says; empty when only the first has it.
    """

    part: Part
    name: str
    aspect: str
    a: str
    b: str


Told: TypeAlias = Mapping[str, str]
"""Aspect → words; the first is what a thing is called when only one has it."""
Items: TypeAlias = Mapping[str, Told]


def differences(a: Rulebook, b: Rulebook) -> tuple[Difference, ...]:
    """Everything that is only in `a`, only in `b`, or not the same in both."""
    return tuple(
        difference
        for part, of_a, of_b in (
            (Part.BOOK, _book(a), _book(b)),
            (Part.STAGE, _stages(a), _stages(b)),
            (Part.STEP, _steps(a), _steps(b)),
            (Part.OUTCOME, _outcomes(a), _outcomes(b)),
            (Part.LIMIT, *_paired_limits(a, b)),
            (Part.DUTY, _duties(a), _duties(b)),
            (Part.COUNCIL, _councils(a), _councils(b)),
            (Part.UNREAD, _unread(a), _unread(b)),
        )
        for difference in _compared(part, of_a, of_b)
    )


def _compared(part: Part, a: Items, b: Items) -> Iterator[Difference]:
    for name in dict.fromkeys((*a, *b)):
        if name not in b:
            yield Difference(part, name, "", _whole(a[name]), "")
        elif name not in a:
            yield Difference(part, name, "", "", _whole(b[name]))
        else:
            yield from (
                Difference(part, name, aspect, a[name][aspect], b[name][aspect])
                for aspect in a[name]
                if a[name][aspect] != b[name][aspect]
            )


def _whole(told: Told) -> str:
    """A thing that only one has, in its first words."""
    return next(iter(told.values()))


def _book(rulebook: Rulebook) -> Items:
    transition = rulebook.transition
    return {
        "chung": {
            "hiệu lực": window_words(rulebook.effective_from, rulebook.effective_to),
            "ngày quyết định": transition.decides.label if transition else "",
            "gia hạn": extension_words(rulebook.extension),
            **{f"ai ghi: {what}": who for what, who in recorders_words(rulebook.recorders)},
        }
    }


def _stages(rulebook: Rulebook) -> Items:
    return {stage.id: {"tên": stage.title} for stage in rulebook.stages}


def _steps(rulebook: Rulebook) -> Items:
    return {
        step.id: {
            "tên": step.title,
            "giai đoạn": step.stage,
            "ai quyết định": step.decided_by,
            "văn bản": step.document,
            "cần xong trước": ", ".join(step.requires),
            "ai ghi": roles_in_words(step.recorders),
        }
        for step in rulebook.steps()
    }


def _outcomes(rulebook: Rulebook) -> Items:
    return {
        f"{step.id}.{outcome.id}": _outcome(outcome)
        for step in rulebook.steps()
        for outcome in step.outcomes
    }


def _outcome(outcome: Outcome) -> Told:
    return {
        "tên": outcome.title,
        "mở bước": ", ".join(outcome.opens),
        "khép giai đoạn": ", ".join(outcome.closes),
        "kết thúc": outcome.ends,
        "giữa chừng": _yes(outcome.interim),
        "tính là xong": _yes(outcome.favourable),
        "ai ghi": roles_in_words(outcome.recorders),
        "ghi kèm": ", ".join(f"{f.id}{'*' if f.required else ''}" for f in outcome.fields),
    }


def _paired_limits(a: Rulebook, b: Rulebook) -> tuple[Items, Items]:
    """The limits of both by step; the only ones left over at a step are one thing changed."""
    of_a, of_b = _limits(a), _limits(b)
    for step in _shared_steps(a, b):
        left_a = [name for name in of_a if name not in of_b and name.startswith(f"{step}.")]
        left_b = [name for name in of_b if name not in of_a and name.startswith(f"{step}.")]
        if len(left_a) == len(left_b) == 1:
            of_a[step], of_b[step] = of_a.pop(left_a[0]), of_b.pop(left_b[0])
    return of_a, of_b


def _shared_steps(a: Rulebook, b: Rulebook) -> list[str]:
    others = {step.id for step in b.steps()}
    return [step.id for step in a.steps() if step.id in others]


def _limits(rulebook: Rulebook) -> dict[str, Told]:
    return {
        f"{step.id}.{limit.id}": _limit(limit, rulebook)
        for step in rulebook.steps()
        for limit in step.limits
    }


def _limit(limit: TimeLimit, rulebook: Rulebook) -> Told:
    return {
        "thời hạn": limit_words(limit, rulebook),
        "dòng": limit.id,
        "căn cứ": limit.article,
        "loại": limit.force.label,
        "ai làm": limit.owner,
        "cấp": level_words(limit.levels),
        "hiệu lực": window_words(limit.in_force_from, limit.in_force_until),
        "xét hiệu lực theo": limit.in_force_by,
    }


def _duties(rulebook: Rulebook) -> Items:
    return {
        duty.id: {
            "nội dung": duty.text,
            "bước": duty.step,
            "căn cứ": duty.article,
            "ai làm": duty.owner,
            "cấp": level_words(duty.levels),
            "hiệu lực": window_words(duty.in_force_from, duty.in_force_until),
            "thời hạn phụ": _side_limits(duty.limits, rulebook),
        }
        for duty in rulebook.duties
    }


def _side_limits(limits: Iterable[TimeLimit], rulebook: Rulebook) -> str:
    return "; ".join(f"{limit_words(limit, rulebook)} ({limit.owner})" for limit in limits)


def _councils(rulebook: Rulebook) -> Items:
    return {
        council.id: {
            "tên": council.title,
            "bước": council.step,
            "căn cứ": council.article,
            "số thành viên": size_words(council),
            "có mặt": quorum_words(council),
            "đạt khi": pass_words(council.passes),
            "tài liệu": council.documents,
            "cấp": level_words(council.levels),
            "hiệu lực": window_words(council.in_force_from, council.in_force_until),
        }
        for council in rulebook.councils
    }


def _unread(rulebook: Rulebook) -> Items:
    return {
        norm.id: {
            "văn bản": norm.norm,
            "bước": ", ".join(norm.steps),
            "cấp": level_words(norm.levels),
            "hiệu lực": window_words(norm.in_force_from, norm.in_force_until),
        }
        for norm in rulebook.not_loaded
    }


def _yes(value: bool) -> str:
    return "có" if value else "không"
