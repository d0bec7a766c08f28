"""Bảng: what operators see as pages of the Prefect UI, in markdown."""

from collections.abc import Callable, Sequence

from prefect.client.orchestration import SyncPrefectClient

from flows.artifacts import publish
from flows.charts import Bar, bars
from flows.links import OVERDUE_RUNS, task_page, waiting_runs
from khcn_workflow.bootstrap import Application
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.boards import SOON, BoardLine, Boards, boards

OVERDUE, LOADS, FUNNEL = "qua-han", "tai-chuyen-vien", "pheu-giai-doan"
"""Artifact keys of the boards."""


def publish_boards(app: Application, client: SyncPrefectClient) -> None:
    """Rewrite all boards as things stand now."""
    now = app.ask(boards)
    for key, write, description in _BOARDS:
        publish(client, key, write(now), f"{description}, {vietnamese.day(now.today)}")


def overdue_board(now: Boards) -> str:
    """Overdue steps, the latest first, then those due within a week of working days."""
    late = sorted(now.late, key=lambda line: -line.days_late)
    return "\n\n".join(
        [
            f"# Hạn tính đến ngày {vietnamese.day(now.today)}",
            f"[Mọi lượt chờ quá hạn]({OVERDUE_RUNS})",
            f"## Quá hạn: {vietnamese.count(len(late))}",
            _steps(late, "Chậm (ngày làm việc)", [line.days_late for line in late]),
            f"## Đến hạn trong {SOON} ngày làm việc: {vietnamese.count(len(now.soon))}",
            _steps(now.soon, "Còn (ngày làm việc)", [line.days_left for line in now.soon]),
        ]
    )


def load_board(now: Boards) -> str:
    """What each officer carries."""
    rows = [
        (
            f"[{load.name}](/v2/runs?state=Suspended&tags=cv:{load.code})",
            load.division,
            load.tasks,
            load.open,
            load.late,
            load.soon,
        )
        for load in now.loads
    ]
    chart = bars("Việc đang chờ", [Bar(o.name, o.open, o.late) for o in now.loads])
    head = ["Cán bộ", "Phòng", "Nhiệm vụ", "Bước chờ", "Quá hạn", f"Hạn trong {SOON} ngày"]
    title = f"# Việc của từng cán bộ, {vietnamese.day(now.today)}"
    return "\n\n".join([title, chart, table(head, rows)])


def funnel_board(now: Boards) -> str:
    """How many open steps each stage has."""
    rows = [
        (
            f"[{stage.title}](/v2/runs?state=Suspended&tags=gd:{stage.stage})",
            stage.tasks,
            stage.open,
            stage.late,
            vietnamese.day(stage.oldest_due_on) if stage.oldest_due_on else "",
        )
        for stage in now.funnel
    ]
    chart = bars("Bước đang chờ theo giai đoạn", [Bar(s.title, s.open, s.late) for s in now.funnel])
    head = ["Giai đoạn", "Nhiệm vụ", "Bước chờ", "Quá hạn", "Hạn lâu nhất đã qua"]
    title = f"# Phễu giai đoạn, {vietnamese.day(now.today)}"
    return "\n\n".join([title, chart, table(head, rows)])


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A markdown table; a sentence where there is no row."""
    if not rows:
        return "*Không có.*"
    lines = [head, ["---"] * len(head), *([cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def cell(value: object) -> str:
    """A value that cannot break the table it stands in."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def _steps(lines: Sequence[BoardLine], measure: str, values: Sequence[int]) -> str:
    rows = [
        (
            f"[{line.task_code}]({task_page(line.task_code)})",
            f"[{line.step}]({waiting_runs(line.task_code)})",
            vietnamese.day(line.due_on),
            value,
            line.force,
            line.officer,
        )
        for line, value in zip(lines, values, strict=True)
    ]
    return table(["Nhiệm vụ", "Bước", "Hạn", measure, "Loại hạn", "Chuyên viên"], rows)


Write = Callable[[Boards], str]

_BOARDS: Sequence[tuple[str, Write, str]] = (
    (OVERDUE, overdue_board, "Quá hạn và sắp đến hạn"),
    (LOADS, load_board, "Việc của từng cán bộ"),
    (FUNNEL, funnel_board, "Phễu giai đoạn"),
)
