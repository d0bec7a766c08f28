"""Phần nhiệm vụ KH&CN của mục I.1: one bullet, clause by clause, from the task figures."""

from collections.abc import Iterator, Mapping, Sequence

from khcn_workflow.domain.science_task import Kind, ScienceTask, Way
from khcn_workflow.reports.composing import Noted, compose, listed
from khcn_workflow.reports.document import Run
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.period import Period

Clause = tuple[Run, ...]

_KIND_ORDER = (Kind.PROJECT, Kind.TOPIC, Kind.SCHEME, Kind.OTHER)
_ADDED = {"supplementary": "bổ sung", "unplanned": "đột xuất"}


def science_clauses(facts: Facts, period: Period) -> Iterator[Clause]:
    """The clauses of the bullet, in the order of the report; those without facts left out."""
    yield from _monitored(facts)
    for prefix, words in _ADDED.items():
        yield from _added(facts, prefix, words)
    for prefix in ("backlog", "new", "next"):
        yield from _council(facts, prefix)
    yield from _events(facts)
    yield from _ministry_proposals(facts)
    yield from _provincial_proposals(facts, period)


def kinds(tasks: Sequence[ScienceTask]) -> str:
    """What to call these tasks together: "đề tài", "dự án, đề tài"."""
    found = {task.kind for task in tasks}
    return ", ".join(kind.label.lower() for kind in _KIND_ORDER if kind in found) or "nhiệm vụ"


def plan_years(tasks: Sequence[ScienceTask]) -> str:
    """The plan year of a group, or its years ("2018, 2019")."""
    return ", ".join(str(year) for year in sorted({task.plan_year for task in tasks}))


_MONITORED = {
    "national": "**{national}** {kinds} KH&CN cấp quốc gia",
    "urgent": "**{urgent}** {kinds} cấp thiết địa phương sử dụng kinh phí cấp quốc gia",
    "rural": "**{rural}** {kinds} thuộc chương trình nông thôn miền núi (*{managed}*)",
    "carried": "**{carried}** {kinds} cấp tỉnh được chuyển tiếp",
}


def _monitored(facts: Facts) -> Iterator[Clause]:
    found = [key for key in _MONITORED if facts.value(key)]
    if not found:
        return
    runs = compose("duy trì, theo dõi, kiểm tra và đôn đốc thực hiện đối với ")
    for place, key in enumerate(found):
        mark = "" if place == 0 else " và " if key == found[-1] else ", "
        template = mark + _MONITORED[key].replace("{managed}", _managed(facts))
        runs += compose(template, {**facts.figures, "kinds": kinds(facts.tasks_of(key))})
    yield runs


def _managed(facts: Facts) -> str:
    projects = {
        "rural_central": "{rural_central} dự án do Trung ương trực tiếp quản lý",
        "rural_delegated": "{rural_delegated} dự án do Trung ương ủy quyền địa phương quản lý",
    }
    return ", ".join(words for key, words in projects.items() if facts.value(key))


def _added(facts: Facts, prefix: str, words: str) -> Iterator[Clause]:
    values = facts.cohort(prefix)
    if not values["total"].value:
        return
    year = plan_years(facts.tasks_of(f"{prefix}_total"))
    if not values["appraised"].value:
        template = "chuẩn bị thẩm định nội dung, kinh phí thực hiện đối với {total} nhiệm vụ"
    else:
        template = "tổ chức thẩm định nội dung, kinh phí thực hiện đối với {appraised} nhiệm vụ"
    signed = ", trong đó có {contracted} nhiệm vụ đã được ký kết hợp đồng"
    template += f" KH&CN {words} năm {year}" + (signed if values["contracted"].value else "")
    yield compose(template, values)


def _council(facts: Facts, prefix: str) -> Iterator[Clause]:
    values = facts.cohort(prefix)
    if not values["total"].value:
        return
    tasks = facts.tasks_of(f"{prefix}_total")
    year = plan_years(tasks)
    since = f"năm {year}" if prefix == "backlog" else f"thực hiện mới từ năm {year}"
    if values["council_done"].value:
        lead, number = "hoàn thành công tác tổ chức Hội đồng tư vấn", "{council_done}"
    else:
        lead, number = "triển khai công tác", "{total}"
    template = f"{lead} {_ways(tasks)} đối với {number} nhiệm vụ đặt hàng {since}{_outside(values)}"
    yield compose(template + _appraisal(values, since), values)


def _ways(tasks: Sequence[ScienceTask]) -> str:
    ways = {task.way for task in tasks}
    words = "tuyển chọn và xét giao trực tiếp"
    if len(ways) == 1 and None not in ways:
        words = "tuyển chọn" if Way.SELECTION in ways else "xét giao trực tiếp"
    return f"{words} tổ chức, cá nhân chủ trì thực hiện"


_OUTSIDE = {
    "no_dossier": "{no_dossier} nhiệm vụ đặt hàng không có hồ sơ tham gia tuyển chọn, xét chọn",
    "council_stopped": "{council_stopped} nhiệm vụ dừng thực hiện",
    "council_waiting": "{council_waiting} nhiệm vụ đang hoàn thiện thủ tục tuyển chọn, xét chọn",
}


def _outside(values: Mapping[str, Figure]) -> str:
    """What keeps the selected from being all: the rest of "07/08"."""
    if not values["council_done"].value and not values["no_dossier"].value:
        return ""
    parts = [words for key, words in _OUTSIDE.items() if values[key].value]
    return f" ({'; '.join(parts)})" if parts else ""


def _appraisal(values: Mapping[str, Figure], since: str) -> str:
    if not values["council_done"].value:
        return ""
    tasks = f"nhiệm vụ KH&CN cấp tỉnh {since}"
    text = ""
    if values["appraised"].value:
        text = ", hiện đã hoàn thành việc tổ chức thẩm định nội dung, kinh phí đối với "
        text += f"{{appraised}} {tasks}"
    if values["contracted"].value:
        text += ", trong đó có {contracted} nhiệm vụ đã được ký kết hợp đồng"
    if values["pending"].value:
        rest = "còn lại " if values["appraised"].value else ""
        text += f", {{pending}} nhiệm vụ {rest}{_pending(values)}"
    if values["appraisal_stopped"].value:
        text += ", {appraisal_stopped} nhiệm vụ dừng thực hiện"
    return text


def _pending(values: Mapping[str, Figure]) -> str:
    prepared = "đã hoàn thiện để chuẩn bị tổ chức thẩm định nội dung, kinh phí"
    opinions = "đã có ý kiến của các cơ quan chuyên môn trên địa bàn tỉnh"
    if not values["with_opinions"].value:
        return "đang hoàn thiện hồ sơ để tổ chức thẩm định nội dung, kinh phí"
    if values["with_opinions"].value == values["pending"].value:
        return f"cơ bản {prepared} sau khi {opinions}"
    return (
        "đang chuẩn bị tổ chức thẩm định nội dung, kinh phí "
        f"(trong đó {{with_opinions}} nhiệm vụ {opinions})"
    )


def _events(facts: Facts) -> Iterator[Clause]:
    parts: list[str] = []
    if facts.value("accepted"):
        parts.append("tổ chức đánh giá, nghiệm thu đối với {accepted} {accepted_kinds}")
    if facts.value("acceptance_failed"):
        parts.append("đánh giá Không đạt đối với {acceptance_failed} {failed_kinds}")
    if facts.value("checked"):
        parts.append("tiến hành kiểm tra định kỳ đối với {checked} {checked_kinds}")
    if not parts:
        return
    yield compose(
        listed(parts),
        {
            **facts.figures,
            "accepted": Noted(facts.figures["accepted"], titles(facts.tasks_of("accepted"))),
            "acceptance_failed": Noted(
                facts.figures["acceptance_failed"], titles(facts.tasks_of("acceptance_failed"))
            ),
            "accepted_kinds": kinds(facts.tasks_of("accepted")),
            "failed_kinds": kinds(facts.tasks_of("acceptance_failed")),
            "checked_kinds": kinds(facts.tasks_of("checked")),
        },
    )


def titles(tasks: Sequence[ScienceTask]) -> str:
    """The tasks by name, as a footnote has them: "Dự án: …; Đề tài: …."."""
    return "; ".join(map(_named, tasks)) + "." if tasks else ""


def _named(task: ScienceTask) -> str:
    title = task.title.strip().rstrip(".;")
    if title.lower().startswith(task.kind.label.lower()):
        return title
    return f"{task.kind.label}: {title}"


def _ministry_proposals(facts: Facts) -> Iterator[Clause]:
    tasks = facts.tasks_of("ministry_proposals")
    if not tasks:
        return
    programme = " thuộc Chương trình Nông thôn miền núi"
    yield compose(
        "tham mưu cho UBND tỉnh đăng ký đề xuất, đặt hàng với Bộ KH&CN "
        "{proposals} {kinds}{programme} bắt đầu thực hiện từ năm {years}",
        {
            "proposals": Noted(facts.figures["ministry_proposals"], titles(tasks)),
            "kinds": kinds(tasks),
            "programme": programme if all(t.level.is_rural for t in tasks) else "",
            "years": plan_years(tasks),
        },
    )


def _provincial_proposals(facts: Facts, period: Period) -> Iterator[Clause]:
    tasks = facts.tasks_of("provincial_proposals")
    if not tasks:
        return
    years = plan_years(tasks) or str(period.year + 1)
    yield compose(
        "tổng hợp danh mục các nhiệm vụ KH&CN cấp tỉnh thực hiện năm {years} do các tổ chức, "
        "cá nhân đề xuất (*{provincial_proposals} đề xuất*)",
        {**facts.figures, "years": years},
    )


def monitored_words(facts: Facts) -> str:
    """What stays under watch in the next period, for part II."""
    words = {
        "national": "dự án KH&CN cấp quốc gia",
        "urgent": "dự án cấp thiết địa phương",
        "rural": "các dự án thuộc Chương trình nông thôn miền núi",
    }
    found = [text for figure, text in words.items() if facts.value(figure)]
    others = "các nhiệm vụ KH&CN khác đang được triển khai thực hiện trên địa bàn tỉnh"
    return listed([*found, others if found else others.replace(" khác", "")])
