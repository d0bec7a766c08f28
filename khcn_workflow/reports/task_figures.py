"""The numbers of the science tasks: what is monitored, selected, appraised, signed, accepted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from khcn_workflow.domain.science_task import Level
from khcn_workflow.reports.cohorts import Cohort, cohort_of
from khcn_workflow.reports.figures import Figure, counted
from khcn_workflow.reports.report_input import Dossier, ReportInput

DOSSIERS = "dossier_receipt"
COUNCIL = "council_meeting"
APPRAISAL = "appraisal_meeting"
ACCEPTANCE = "acceptance_meeting"
CHECK = "periodic_check"
SYNTHESIS = "proposal_synthesis"

ORDERED = (Cohort.BACKLOG, Cohort.NEW, Cohort.NEXT)
ADDED = (Cohort.SUPPLEMENTARY, Cohort.UNPLANNED)

_ORDER_TITLES = {
    Cohort.BACKLOG: "đặt hàng của kế hoạch năm trước",
    Cohort.NEW: "đặt hàng thực hiện mới trong năm",
    Cohort.NEXT: "đặt hàng thực hiện mới từ năm sau",
    Cohort.SUPPLEMENTARY: "bổ sung",
    Cohort.UNPLANNED: "đột xuất",
}


def task_figures(report_input: ReportInput) -> list[Figure]:
    """Every number about science tasks, each with the codes behind it."""
    groups = grouped(report_input)
    figures = [*_monitored(groups)]
    for cohort in ADDED:
        figures += _added(cohort, groups[cohort])
    for cohort in ORDERED:
        figures += _council(cohort, groups[cohort]) + _appraisal(cohort, groups[cohort])
    figures += [*_events(report_input), *_proposals(groups)]
    return [*figures, _uncounted(report_input, groups, figures)]


def grouped(report_input: ReportInput) -> Mapping[Cohort, Sequence[Dossier]]:
    """The dossiers by cohort, in the order of their codes."""
    groups: dict[Cohort, list[Dossier]] = {cohort: [] for cohort in Cohort}
    for dossier in sorted(report_input.dossiers, key=lambda d: d.task.code):
        groups[cohort_of(dossier, report_input.period)].append(dossier)
    return groups


def _monitored(groups: Mapping[Cohort, Sequence[Dossier]]) -> Iterator[Figure]:
    running = [*groups[Cohort.CARRIED], *groups[Cohort.RUNNING]]

    def at(figure_id: str, title: str, *levels: Level) -> Figure:
        return counted(figure_id, title, _codes(running, lambda d: d.task.level in levels))

    yield at("national", "Nhiệm vụ cấp quốc gia đang theo dõi", Level.NATIONAL)
    yield at("urgent", "Nhiệm vụ cấp thiết địa phương đang theo dõi", Level.URGENT_LOCAL)
    rural = (Level.RURAL_CENTRAL, Level.RURAL_DELEGATED)
    yield at("rural", "Dự án Nông thôn miền núi đang theo dõi", *rural)
    yield at("rural_central", "Dự án Nông thôn miền núi do Trung ương quản lý", rural[0])
    yield at("rural_delegated", "Dự án Nông thôn miền núi ủy quyền địa phương", rural[1])
    yield at("carried", "Nhiệm vụ cấp tỉnh chuyển tiếp", Level.PROVINCIAL)
    yield at("monitored", "Nhiệm vụ đang theo dõi, mọi cấp", *Level)


def _added(cohort: Cohort, dossiers: Sequence[Dossier]) -> list[Figure]:
    words, whole = _ORDER_TITLES[cohort], len(dossiers)
    appraised = [d for d in dossiers if d.done(APPRAISAL)]
    return [
        counted(f"{cohort}_total", f"Nhiệm vụ {words}", _codes(dossiers)),
        counted(
            f"{cohort}_appraised",
            f"Nhiệm vụ {words} đã thẩm định",
            _codes(appraised),
            of=whole,
            whole=f"{cohort}_total",
        ),
        counted(
            f"{cohort}_contracted",
            f"Nhiệm vụ {words} đã ký hợp đồng",
            _codes(appraised, _is_contracted),
        ),
    ]


def _council(cohort: Cohort, dossiers: Sequence[Dossier]) -> list[Figure]:
    words = _ORDER_TITLES[cohort]
    parts: dict[str, list[Dossier]] = {key: [] for key in _COUNCIL_TITLES}
    for dossier in dossiers:
        parts[_council_part(dossier)].append(dossier)
    return [
        counted(f"{cohort}_total", f"Nhiệm vụ {words}", _codes(dossiers)),
        *(
            counted(
                f"{cohort}_{key}",
                f"Nhiệm vụ {words}: {title}",
                _codes(parts[key]),
                *((len(dossiers), f"{cohort}_total") if key == "council_done" else ()),
            )
            for key, title in _COUNCIL_TITLES.items()
        ),
    ]


_COUNCIL_TITLES = {
    "council_done": "đã xong Hội đồng tuyển chọn, xét giao trực tiếp",
    "no_dossier": "không có hồ sơ tham gia tuyển chọn, xét chọn",
    "council_stopped": "dừng trước khi xong Hội đồng",
    "council_waiting": "chưa xong Hội đồng",
}


def _council_part(dossier: Dossier) -> str:
    if dossier.done(COUNCIL):
        return "council_done"
    received = dossier.progress.closed(DOSSIERS)
    if received is not None and received.outcome == "no_dossier":
        return "no_dossier"
    return "council_waiting" if dossier.ended_on is None else "council_stopped"


def _appraisal(cohort: Cohort, dossiers: Sequence[Dossier]) -> list[Figure]:
    words = _ORDER_TITLES[cohort]
    passed = [d for d in dossiers if d.done(COUNCIL)]
    appraised = [d for d in passed if d.done(APPRAISAL)]
    rest = [d for d in passed if not d.done(APPRAISAL)]
    pending = [d for d in rest if d.ended_on is None]

    def figure(key: str, title: str, codes: list[str], of: int | None = None) -> Figure:
        whole = f"{cohort}_council_done" if of is not None else ""
        return counted(f"{cohort}_{key}", f"Nhiệm vụ {words}: {title}", codes, of, whole)

    return [
        figure("appraised", "đã thẩm định nội dung, kinh phí", _codes(appraised), len(passed)),
        figure("contracted", "đã ký hợp đồng", _codes(appraised, _is_contracted)),
        figure("pending", "đang chuẩn bị thẩm định", _codes(pending), len(passed)),
        figure("with_opinions", "đã có ý kiến cơ quan chuyên môn", _codes(pending, _has_opinions)),
        figure(
            "appraisal_stopped",
            "dừng trước khi thẩm định",
            _codes(rest, lambda d: d.ended_on is not None),
        ),
    ]


def _is_contracted(dossier: Dossier) -> bool:
    return dossier.contract_on is not None


def _has_opinions(dossier: Dossier) -> bool:
    owed = dossier.progress.open_round(APPRAISAL)
    return owed is not None and any(r.outcome == "opinions_received" for r in owed.remarks)


def _events(report_input: ReportInput) -> Iterator[Figure]:
    dossiers = sorted(report_input.dossiers, key=lambda d: d.task.code)
    span = (report_input.period.first, report_input.until)

    def held(step: str, *, done: bool) -> list[str]:
        return [
            d.task.code
            for d in dossiers
            for result in list(d.results(step, *span))[-1:]
            if d.rulebook.step(step).outcome(result.outcome).favourable is done
        ]

    yield counted("accepted", "Nhiệm vụ được nghiệm thu trong kỳ", held(ACCEPTANCE, done=True))
    yield counted(
        "acceptance_failed",
        "Nhiệm vụ được đánh giá Không đạt trong kỳ",
        held(ACCEPTANCE, done=False),
    )
    yield counted("checked", "Nhiệm vụ được kiểm tra định kỳ trong kỳ", held(CHECK, done=True))
    yield counted(
        "ministry_proposals",
        "Đề xuất, đặt hàng gửi Bộ KH&CN trong kỳ",
        [
            d.task.code
            for d in dossiers
            if any(r.outcome == "sent_to_ministry" for r in d.results(SYNTHESIS, *span))
        ],
    )


def _proposals(groups: Mapping[Cohort, Sequence[Dossier]]) -> Iterator[Figure]:
    proposed = groups[Cohort.PROPOSED]
    yield counted(
        "provincial_proposals",
        "Đề xuất nhiệm vụ cấp tỉnh cho năm sau",
        _codes(proposed, lambda d: d.task.level is Level.PROVINCIAL),
    )


def _uncounted(
    report_input: ReportInput,
    groups: Mapping[Cohort, Sequence[Dossier]],
    figures: Iterable[Figure],
) -> Figure:
    """What no number covers, so that a task cannot drop out of a report unseen."""
    seen = {code for figure in figures for code in figure.rows} | set(_codes(groups[Cohort.PAST]))
    left = [d.task.code for d in report_input.dossiers if d.task.code not in seen]
    return counted("uncounted", "Nhiệm vụ chưa thuộc con số nào", sorted(left))


def _codes(
    dossiers: Iterable[Dossier], wanted: Callable[[Dossier], bool] = lambda _: True
) -> list[str]:
    return [d.task.code for d in dossiers if wanted(d)]
