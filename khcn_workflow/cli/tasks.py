"""`khcn tasks`, `khcn show`, `khcn due`: what stands in the ledger."""

from datetime import date, datetime
from itertools import islice

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import (
    as_of_option,
    json_option,
    known_at_option,
    print_json,
    print_proof,
    print_table,
)
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.services.inquiry import (
    DueStep,
    Explained,
    TaskStory,
    each_task,
    explain_deadline,
    list_due,
    show_task,
    with_proofs,
)

limit_option = click.option(
    "--limit", type=click.IntRange(min=1), help="Chỉ in N dòng đầu (mặc định in hết)."
)


@click.command("tasks")
@as_of_option
@known_at_option
@limit_option
@json_option
def tasks_command(
    as_of: date | None, known_at: datetime | None, limit: int | None, as_json: bool
) -> None:
    """Danh sách nhiệm vụ và bước đang chờ."""

    def show(context: Context) -> int:
        """Each line as soon as its task was read: no list of all is held."""
        lines = islice(each_task(context, as_of, known_at), limit)
        if as_json:
            print_json(list(lines))
            return 0
        return print_table(
            ["Mã", "Tên nhiệm vụ", "Cấp", "Đang chờ", "Hạn gần nhất", "Chậm"],
            (
                (
                    line.code,
                    line.title,
                    line.level,
                    line.ending or "; ".join(line.waiting_for),
                    line.next_due_on,
                    line.days_late or "",
                )
                for line in lines
            ),
        )

    shown = start().ask(show)
    if not as_json:
        first = " đầu danh sách" if shown == limit else ""
        click.echo(f"\n{vietnamese.count(shown)} nhiệm vụ{first}.")


@click.command("due")
@as_of_option
@known_at_option
@click.option("--within", type=int, help="Chỉ bước quá hạn hoặc đến hạn trong N ngày làm việc.")
@click.option("--overdue", is_flag=True, help="Chỉ bước đã quá hạn.")
@limit_option
@click.option(
    "--explain",
    nargs=2,
    metavar="CODE STEP",
    help="Chứng minh thời hạn của một bước: từng ngày, căn cứ, các lần tính.",
)
@json_option
def due_command(
    as_of: date | None,
    known_at: datetime | None,
    within: int | None,
    overdue: bool,
    limit: int | None,
    explain: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """Bước có thời hạn, sớm nhất trước."""
    if explain:
        _explain(start().ask(explain_deadline, *explain, as_of, known_at), as_json)
        return

    def find(context: Context) -> tuple[list[DueStep], list[DueStep]]:
        steps = list_due(context, as_of, within, known_at, only_late=overdue)
        shown = steps[:limit]
        return steps, with_proofs(context, shown, as_of, known_at) if as_json else shown

    steps, shown = start().ask(find)
    if as_json:
        print_json(shown)
        return
    print_table(
        ["Hạn", "Chậm", "Còn", "Mã", "Bước", "Loại hạn", "Chuyên viên"],
        (
            (
                s.due_on,
                s.days_late or "",
                s.days_left or "",
                s.task_code,
                s.step,
                s.force,
                _officer(s),
            )
            for s in shown
        ),
    )
    late = sum(1 for s in steps if s.days_late)
    first = f" (in {vietnamese.count(len(shown))} bước đầu)" if len(shown) < len(steps) else ""
    click.echo(
        f"\n{vietnamese.count(len(steps))} bước có hạn{first}, {vietnamese.count(late)} quá hạn."
    )


def _officer(step: DueStep) -> str:
    """The owner, and until when she is away."""
    away = f" (vắng đến {vietnamese.day(step.away_until)})" if step.away_until else ""
    return f"{step.officer}{away}"


def _explain(explained: Explained, as_json: bool) -> None:
    if as_json:
        print_json(explained)
        return
    click.echo(f"{explained.sentence}.")
    if explained.article:
        click.echo(f"Căn cứ ({explained.force}): {explained.article}")
    print_proof(explained.days)
    click.echo("\nCác lần tính hạn:")
    print_table(
        ["Lần", "Hạn", "Vì sao", "Lịch"],
        [(v.version, v.due_on, v.reason, v.calendar_version) for v in explained.versions],
    )


@click.command("show")
@click.argument("code")
@as_of_option
@known_at_option
@json_option
def show_command(code: str, as_of: date | None, known_at: datetime | None, as_json: bool) -> None:
    """Một nhiệm vụ: thông tin, bước đang chờ, sổ cái."""
    story = start().ask(show_task, code, as_of, known_at)
    if as_json:
        print_json(story)
        return
    _print_facts(story)
    _print_owed(story)
    _print_entries(story)


def _print_facts(story: TaskStory) -> None:
    task = story.progress.task
    click.echo(f"{task.code} – {task.title}")
    for name, value in [
        ("Cấp", task.level.label),
        ("Loại hình", task.kind.label),
        ("Tổ chức chủ trì", task.host),
        ("Chủ nhiệm", task.principal_investigator),
        ("Chuyên viên", task.officer),
        ("Bộ quy định", task.rulebook),
        ("Kinh phí", vietnamese.dong(task.budget_vnd) if task.budget_vnd else ""),
        ("Kết thúc", story.progress.ending),
        ("Phiên bản", str(story.version or "")),
    ]:
        if value:
            click.echo(f"  {name}: {value}")


def _print_owed(story: TaskStory) -> None:
    click.echo("\nĐang chờ:")
    for step in story.due:
        late = f" QUÁ HẠN {step.days_late} ngày làm việc." if step.days_late else ""
        click.echo(f"  {step.step} ({step.step_id}).{late}")
        click.echo(f"    {step.proof or f'Không có thời hạn ({step.force}).'}")
        if step.article:
            click.echo(f"    Căn cứ ({step.force}): {step.article}")


def _print_entries(story: TaskStory) -> None:
    click.echo("\nThời gian đã dùng (ngày làm việc):")
    for owner, days in story.used.items():
        click.echo(f"  {owner}: {days}")
    click.echo("\nSổ cái:")
    rows = []
    for entry in story.entries:
        fact = entry.fact
        rows.append(
            (
                entry.seq,
                fact.valid_on,
                story.step_titles.get(fact.step, ""),
                story.results[entry.seq],
                fact.document.number,
                f"{fact.actor} (thay {fact.on_behalf_of})" if fact.on_behalf_of else fact.actor,
            )
        )
    print_table(["Dòng", "Ngày", "Bước", "Kết quả", "Văn bản", "Người ghi"], rows)
    for seq, path in story.files.items():
        click.echo(f"Tệp của dòng {seq}: {path or 'không còn; hãy chạy khcn verify'}")
    refused = [e for e in story.entries if e.fact.kind is EntryKind.REFUSED]
    if refused:
        click.echo("\nLần bị từ chối:")
    for entry in refused:
        click.echo(f"  Dòng {entry.seq}: {entry.fact.note}")
