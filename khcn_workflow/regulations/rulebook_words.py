"""Limits, windows and councils of a rulebook in the words an officer reads."""

from collections.abc import Iterable
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.council import (
    BallotShare,
    ByMinutes,
    CouncilRule,
    Grades,
    MeanScore,
    NotLoaded,
    PassRule,
    Threshold,
)
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.progress import CLOCK_EVENTS
from khcn_workflow.domain.recorders import Recorders, roles_in_words
from khcn_workflow.domain.rules import (
    EVENT,
    OPENED,
    Direction,
    ExtensionRule,
    Rulebook,
    TimeLimit,
)
from khcn_workflow.domain.science_task import Level


def limit_words(limit: TimeLimit, rulebook: Rulebook) -> str:
    """A limit with its anchor: "10 ngày từ ngày mở bước"."""
    amount = f"{limit.amount} {limit.unit.label}"
    anchor = anchor_words(limit.anchor, rulebook)
    if limit.direction is Direction.BEFORE:
        return f"ít nhất {amount} trước {anchor}"
    return f"{'mỗi ' if limit.every else ''}{amount} từ {anchor}"


def anchor_words(anchor: str, rulebook: Rulebook) -> str:
    """What an anchor stands for: a step's title, a field's, an event's."""
    if anchor == OPENED:
        return "ngày mở bước"
    head, _, inner = anchor.partition(".")
    if head == EVENT:
        title = next((event.title for event in rulebook.events if event.id == inner), inner)
        return f"«{title}»"
    step = rulebook.step(head)
    fields = {given.id: given.title for outcome in step.outcomes for given in outcome.fields}
    return f"«{fields.get(inner, inner) if inner else step.title}»"


def window_words(first: date | None, last: date | None) -> str:
    """In force from and until; empty without either."""
    start = f"từ {vietnamese.day(first)}" if first else ""
    end = f"đến {vietnamese.day(last)}" if last else ""
    return " ".join(part for part in (start, end) if part)


def level_words(levels: Iterable[Level]) -> str:
    """The levels in their own order; empty for all."""
    chosen = frozenset(levels)
    return "; ".join(level.label for level in Level if level in chosen)


def size_words(council: CouncilRule) -> str:
    """How many members a council has; empty when the norm does not say."""
    sizes = dict.fromkeys(n for n in (council.size_min, council.size_max) if n is not None)
    return "–".join(map(str, sizes))


def quorum_words(council: CouncilRule) -> str:
    """Who must be present."""
    share = [f"≥ {council.quorum} thành viên"] if council.quorum else []
    seats = [
        f"{'tất cả' if duty.count is None else duty.count} {duty.label}"
        for duty in council.obligations
    ]
    reviews = ["đủ phiếu nhận xét"] if council.all_reviews else []
    return "; ".join((*share, *seats, *reviews))


def pass_words(rule: PassRule) -> str:
    """What passes."""
    match rule:
        case MeanScore():
            return _mean_words(rule)
        case BallotShare():
            return " và ".join(
                f"{_share_words(t)} phiếu Đạt trên {t.of.label}" for t in rule.thresholds
            )
        case Grades():
            return (
                f"Xuất sắc: {_share_words(rule.excellent)} {rule.excellent.of.label}, không có "
                f"phiếu Không đạt; Không đạt: {_share_words(rule.failed)} {rule.failed.of.label}"
            )
        case ByMinutes():
            return "theo biên bản"
        case NotLoaded():
            return "chưa nạp"


def extension_words(rule: ExtensionRule | None) -> str:
    """How an extension is allowed; empty where nothing is loaded."""
    if rule is None:
        return ""
    return (
        f"{rule.times} lần; nhiệm vụ đến {rule.border_months} tháng: không quá "
        f"{rule.short_months} tháng; dài hơn: không quá {rule.long_months} tháng; đề nghị trước "
        f"ít nhất {rule.asked_months_before} tháng ({rule.article})"
    )


def recorders_words(recorders: Recorders) -> list[tuple[str, str]]:
    """What is recorded, and by whom where no step or outcome says otherwise."""
    kinds = (EntryKind.DELAY, *CLOCK_EVENTS)
    return [
        ("kết quả bước", roles_in_words(recorders.outcome)),
        ("kết quả kết thúc nhiệm vụ", roles_in_words(recorders.ending)),
        *((k.label.lower(), roles_in_words(recorders.of_kind(k))) for k in kinds),
    ]


def _mean_words(rule: MeanScore) -> str:
    parts = [f"điểm trung bình ≥ {rule.minimum}/{rule.out_of}"]
    if rule.zero_share is not None:
        parts.append(f"không tiêu chí nào quá {rule.zero_share} số có mặt cho 0 điểm")
    if rule.void_beyond_percent is not None:
        parts.append(f"bỏ phiếu lệch quá {rule.void_beyond_percent} % so với trung bình")
    if rule.proposer_bonus_percent:
        parts.append(f"nơi đề xuất được cộng {rule.proposer_bonus_percent} %")
    return "; ".join(parts)


def _share_words(threshold: Threshold) -> str:
    return f"{'>' if threshold.more_than else '≥'} {threshold.share}"
