"""Trang nhiệm vụ: one page a task, with its timeline, deadlines, ledger and links."""

from collections.abc import Iterable, Sequence
from datetime import date

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import Artifact

from flows.artifacts import find, publish
from flows.boards import OVERDUE, cell, table
from flows.charts import Span, timeline
from flows.links import all_runs, board, page_key, waiting_runs
from khcn_workflow.bootstrap import Application
from khcn_workflow.clock import HANOI
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.inquiry import TaskStory, show_task
from khcn_workflow.services.task_pages import PageStamp, page_stamp


def publish_page(app: Application, client: SyncPrefectClient, code: str) -> None:
    """Rewrite the page of one task, unless it says already what it would say."""
    renew_page(app, client, app.ask(page_stamp, code), find(client, page_key(code)))


def renew_page(
    app: Application, client: SyncPrefectClient, stamp: PageStamp, stands: Artifact | None
) -> bool:
    """Rewrite a page whose stamp is another; whether it was."""
    if stands is not None and stands.description == str(stamp):
        return False
    story = app.ask(show_task, stamp.code)
    publish(client, page_key(stamp.code), write_page(story, stamp.today), str(stamp))
    return True


def write_page(story: TaskStory, today: date) -> str:
    """The page in markdown."""
    task = story.progress.task
    links = [
        f"[Việc đang chờ]({waiting_runs(task.code)})",
        f"[Mọi lượt chạy]({all_runs(task.code)})",
        f"[Bảng quá hạn]({board(OVERDUE)})",
    ]
    return "\n\n".join(
        [
            f"# {task.code} – {cell(task.title)}",
            " · ".join(links),
            table(["", ""], _facts(story)),
            "## Đang chờ",
            _owed(story),
            "## Tiến trình",
            timeline(_spans(story), today),
            "## Sổ cái",
            _entries(story),
        ]
    )


def _facts(story: TaskStory) -> Sequence[tuple[str, str]]:
    task = story.progress.task
    money = vietnamese.dong(task.budget_vnd) if task.budget_vnd else ""
    told = [
        ("Cấp", task.level.label),
        ("Loại hình", task.kind.label),
        ("Tổ chức chủ trì", task.host),
        ("Chủ nhiệm", task.principal_investigator),
        ("Chuyên viên", task.officer),
        ("Kinh phí", money),
        ("Bộ quy định", task.rulebook),
        ("Kết thúc", story.progress.ending),
    ]
    return [(name, value) for name, value in told if value]


def _owed(story: TaskStory) -> str:
    rows = [
        (
            step.step,
            vietnamese.day(step.due_on) if step.due_on else "",
            f"**chậm {step.days_late}**" if step.days_late else step.days_left,
            step.proof or f"Không có thời hạn ({step.force})",
            step.article,
        )
        for step in story.due
    ]
    return table(["Bước", "Hạn", "Còn (ngày làm việc)", "Cách tính", "Căn cứ"], rows)


def _spans(story: TaskStory) -> Sequence[Span]:
    due = {(step.step_id, step.round): step for step in story.due}
    spans = []
    for turn in story.progress.rounds:
        owed = due.get((turn.step, turn.round))
        number = f" (lượt {turn.round})" if turn.round > 1 else ""
        spans.append(
            Span(
                label=f"{story.step_titles[turn.step]}{number}",
                since=turn.opened_on,
                until=turn.closed_on,
                due_on=owed.due_on if owed else None,
                is_late=bool(owed and owed.days_late),
            )
        )
    return spans


def _entries(story: TaskStory) -> str:
    rows: Iterable[Sequence[object]] = [
        (
            entry.seq,
            vietnamese.day(entry.fact.valid_on),
            story.step_titles.get(entry.fact.step, ""),
            story.results[entry.seq],
            entry.fact.document.number,
            entry.fact.actor,
            vietnamese.day(entry.recorded_at.astimezone(HANOI).date()),
        )
        for entry in story.entries
    ]
    head = ["Dòng", "Ngày", "Bước", "Kết quả", "Văn bản", "Người ghi", "Ghi vào sổ"]
    return table(head, list(rows))
