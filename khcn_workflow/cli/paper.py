"""`khcn paper`: a letter, an invitation, a decision, a notice or a sheet about a task."""

from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json, print_table
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.papers import draft_paper, list_papers, start_template


@click.command("paper")
@click.argument("kind", required=False)
@click.argument("code", required=False)
@click.option("--list", "as_list", is_flag=True, help="Xem các mẫu và chỗ điền được của mỗi mẫu.")
@click.option(
    "--start-template",
    "template",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ghi thể thức của ta ra một mẫu .docx để sửa bằng Word (bao-cao.docx, KIND.docx).",
)
@click.option("--step", default="", help="Bước mà văn bản nói đến (mặc định: bước hợp mẫu).")
@click.option(
    "--set", "given", multiple=True, metavar="TÊN=GIÁ_TRỊ", help="Điền một chỗ của mẫu, nhiều lần."
)
@click.option(
    "--out",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tệp .docx, .pdf hoặc .md (mặc định: KIND-CODE.docx ở thư mục này).",
)
@json_option
def paper_command(
    kind: str | None,
    code: str | None,
    as_list: bool,
    template: Path | None,
    step: str,
    given: tuple[str, ...],
    path: Path | None,
    as_json: bool,
) -> None:
    """Soạn văn bản theo mẫu KIND cho nhiệm vụ CODE.

    Ví dụ: khcn paper don-doc NV-2019-03 --set han=30/06/2019. Điều chưa biết để dấu chấm; số và
    ngày do văn thư điền.
    """
    if as_list:
        _print_list(as_json)
        return
    if template is not None:
        start().ask(start_template, template)
        click.echo(f"Đã ghi mẫu {template}. Sửa bằng Word rồi để vào thư mục «mau» của KHCN_HOME.")
        return
    if kind is None or code is None:
        raise click.UsageError("Cần ghi mẫu và mã nhiệm vụ, hoặc --list để xem các mẫu.")
    path = path or Path(f"{kind}-{vietnamese.slug(code)}.docx")
    drafted = start().ask(draft_paper, kind, code, step, dict(map(_pair, given)), path)
    if as_json:
        print_json({"title": drafted.title, "path": path, "hints": drafted.hints})
        return
    click.echo(f"{drafted.title}: {path}")
    for hint in drafted.hints:
        click.echo(f"  Lưu ý: {hint}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set «{text}» phải viết TÊN=GIÁ_TRỊ, ví dụ ngay=20/06/2019.")
    return name.strip(), value.strip()


def _print_list(as_json: bool) -> None:
    papers = start().ask(list_papers)
    if as_json:
        print_json([paper.model_dump(include={"id", "title", "given"}) for paper in papers])
        return
    print_table(
        ["Mẫu", "Văn bản", "Chỗ điền được (--set)"],
        [(paper.id, paper.title, ", ".join(paper.given)) for paper in papers],
    )
