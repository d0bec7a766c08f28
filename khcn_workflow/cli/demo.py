"""`khcn demo`: the main job from the sample register to the report, on real parts."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from khcn_workflow.bootstrap import Application
from khcn_workflow.cli.deploying import PrefectUnavailableError
from khcn_workflow.cli.local_prefect import LocalPrefect, free_port
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.inquiry import list_due, show_task
from khcn_workflow.services.register_import import Imported, import_file
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.settings import IN_FORCE, Settings, read_settings

SAMPLE = Path(__file__).parents[2] / "samples" / "cao_bang_2019"
WORKBOOKS = ("nhiem-vu.xlsx", "hoat-dong.xlsx")
TODAY = date(2019, 6, 10)
PERIOD = "2019-H1"
COUNCIL = ("determination_council", "Đề nghị thực hiện")
"""Step and outcome of the council result that the demo gives through Prefect's API."""


@click.command("demo")
@click.option("--home", type=click.Path(path_type=Path), help="Nơi để dữ liệu chạy thử.")
@click.option("--keep", is_flag=True, help="Giữ máy chủ chạy đến khi bấm Ctrl-C.")
def demo_command(home: Path | None, keep: bool) -> None:
    """Chạy thử trọn vẹn trên sổ mẫu Cao Bằng 2019."""
    settings = _fresh_home((home or Path(".khcn-demo")).absolute())
    show = Progress(Console(highlight=False))
    app = Application(settings)
    show.title(
        f"Hôm nay là {vietnamese.day(TODAY)} (KHCN_TODAY={TODAY}), dữ liệu ở {settings.home}"
    )
    _import(app, show)
    with LocalPrefect(settings, free_port(), worker_query_seconds=3) as prefect:
        _run_prefect(app, prefect, show)
        _tell_results(app, show)
        if keep:
            show.title(f"Giao diện Prefect: {prefect.address} (Ctrl-C để dừng)")
            prefect.stay()
    app.close()


class Progress:
    """Prints each stage with its time, and a spinner while it runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()

    def title(self, text: str) -> None:
        """A line that stands by itself."""
        self._console.print(f"[bold]{text}[/bold]")

    def line(self, text: str) -> None:
        """One result under the stage above it."""
        self._console.print(f"    {text}", soft_wrap=True)

    @contextmanager
    def stage(self, text: str) -> Iterator[None]:
        """A stage: a spinner while it runs, then how long it took."""
        began = time.monotonic()
        with self._console.status(f"{text}…"):
            yield
        seconds = time.monotonic() - began
        self._console.print(f"[green]✔[/green] {text} [dim]({seconds:.1f} giây)[/dim]")

    @property
    def seconds(self) -> float:
        """Seconds since the demo began."""
        return time.monotonic() - self._began


def _fresh_home(home: Path) -> Settings:
    """A home with nothing of an earlier demo in it."""
    if home.exists():
        shutil.rmtree(home)
    settings = read_settings()
    return replace(
        settings,
        home=home,
        database_url=f"sqlite:///{home / 'khcn.sqlite'}",
        mail_url=f"mailbox://{home / 'outbox'}",
        admin_url=f"mailbox://{home / 'quan-tri'}",
        today=TODAY,
        rulebook=IN_FORCE,
        agency="cao-bang",
    )


def _import(app: Application, show: Progress) -> None:
    if not SAMPLE.is_dir():
        raise NotFoundError("sổ mẫu", str(SAMPLE), "Chạy lệnh này trong bản tải về đầy đủ.")
    with show.stage("Nhập sổ Excel"):
        results = [app.run(import_file, SAMPLE / name) for name in WORKBOOKS]
        again = [app.run(import_file, SAMPLE / name) for name in WORKBOOKS]
    for name, result in zip(WORKBOOKS, results, strict=True):
        show.line(f"{name}: {_counted(result)}")
    new_rows = sum(result.written for result in again)
    show.line(f"Nhập lại lần hai: {new_rows} dòng mới (không nhân đôi).")
    late = sum(1 for step in app.ask(list_due) if step.days_late)
    show.line(f"{late} bước quá hạn tính đến {vietnamese.day(TODAY)}.")


def _counted(result: Imported) -> str:
    parts = [
        (result.persons, "cán bộ"),
        (result.tasks, "nhiệm vụ"),
        (result.results, "kết quả bước"),
        (result.delays, "giải trình chậm"),
        (result.activities, "hoạt động khác"),
    ]
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def _run_prefect(app: Application, prefect: LocalPrefect, show: Progress) -> None:
    with show.stage("Khởi động máy chủ Prefect"):
        prefect.start_server()
    with show.stage("Triển khai các luồng, khởi động máy thực thi"):
        prefect.deploy()
        prefect.start_worker()
    _run(prefect, show, "Đối soát", "Tạo lượt chờ cho từng bước đang mở")
    waiting = waiting_runs(prefect)
    show.line(f"{len(waiting)} lượt đang chờ trong Prefect.")
    _answer_council(app, prefect, waiting, show)
    parameters = {"period": PERIOD, "as_of": TODAY.isoformat()}
    report = prefect.run_deployment("Báo cáo", parameters)
    _run(prefect, show, "Quét hạn", "Quét hạn, viết lời nhắc")
    again = app.run(sweep)
    show.line(f"Quét lần hai: {again.reached} mốc mới, {again.messages} lời nhắc mới.")
    _run(prefect, show, "Gửi thư", "Gửi thư")
    _finish(prefect, show, report, "Viết báo cáo")


def _run(prefect: LocalPrefect, show: Progress, deployment: str, title: str) -> None:
    _finish(prefect, show, prefect.run_deployment(deployment), title)


def _finish(prefect: LocalPrefect, show: Progress, run_id: str, title: str) -> None:
    with show.stage(title):
        state = prefect.wait_for_run(run_id)
    if state["type"] != "COMPLETED":
        raise PrefectUnavailableError(f"{title}: {state['message']}", prefect.log("worker"))
    show.line(state["message"])


def waiting_runs(prefect: LocalPrefect) -> list[dict[str, Any]]:
    """All runs that wait for a person, as the API gives them."""
    runs: list[dict[str, Any]] = []
    while True:
        page = prefect.call(
            "POST",
            "/flow_runs/filter",
            {
                "flow_runs": {"state": {"name": {"any_": ["Suspended"]}}},
                "sort": "ID_DESC",
                "limit": 200,
                "offset": len(runs),
            },
        )
        runs += page
        if len(page) < 200:  # noqa: PLR2004 - the API's largest page
            return runs


def _answer_council(
    app: Application, prefect: LocalPrefect, waiting: list[dict[str, Any]], show: Progress
) -> None:
    """Give one council's result through the API exactly as the UI's Resume does."""
    step, outcome = COUNCIL
    asked = [run for run in waiting if run["parameters"]["step"] == step]
    run = min(asked, key=lambda run: str(run["parameters"]["task_code"]))
    code = run["parameters"]["task_code"]
    answer = {
        "outcome": outcome,
        "on": TODAY.isoformat(),
        "recorded_by": _owner(app, code),
        "document_number": "05/BB-HĐTV",
    }
    with show.stage(f"Trả lời một lượt chờ qua API của Prefect: {run['name']}"):
        prefect.call("POST", f"/flow_runs/{run['id']}/resume", {"run_input": answer})
        state = prefect.wait_for_run(run["id"])
    entry = app.ask(show_task, code).entries[-1]
    show.line(f"Lượt chờ kết thúc với trạng thái «{state['name']}».")
    show.line(f"Sổ cái dòng {entry.seq}: {code}, ngày {vietnamese.day(entry.fact.valid_on)}.")
    for following in _waiting_for(prefect, code):
        show.line(f"Đang chờ tiếp: {following}")
    for due in app.ask(show_task, code).due:
        show.line(f"{due.proof}.")


def _waiting_for(prefect: LocalPrefect, code: str) -> list[str]:
    return [r["name"] for r in waiting_runs(prefect) if r["parameters"]["task_code"] == code]


def _owner(app: Application, code: str) -> str:
    """The owner as the form's list of persons writes them."""

    def choice(context: Context) -> str:
        person = context.work.queries.person(context.progress(code).task.officer)
        return f"{person.name} ({person.code})"

    return app.ask(choice)


def _tell_results(app: Application, show: Progress) -> None:
    verified = app.ask(verify_ledger)
    home = app.settings.home
    mails = len(list((home / "outbox").glob("*.eml")))
    show.title("Kết quả")
    show.line(f"Sổ cái toàn vẹn: {verified.rows} dòng, {verified.tasks} nhiệm vụ.")
    show.line(f"{mails} thư trong {home / 'outbox'} (mở bằng trình đọc thư bất kỳ)")
    show.line(f"Báo cáo: {home / 'bao-cao' / f'bao-cao-{PERIOD}.docx'}")
    show.line(f"Hết {show.seconds:.0f} giây.")
