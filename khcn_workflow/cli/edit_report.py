"""`khcn edit-report`: an officer's words in the place of a generated section."""

from collections.abc import Sequence
from datetime import date
from typing import TextIO

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, print_json
from khcn_workflow.clock import told_time
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.report_editing import SectionWords, edit_section, section_words


@click.command("edit-report")
@click.argument("period")
@click.argument("section", required=False, default="")
@click.option("--as-of", type=DAY, help="Ngày chốt số liệu (mặc định: ngày chốt của kỳ).")
@click.option("--from", "source", type=click.File(encoding="utf-8"), help="Lời mới; - là bàn phím.")
@click.option("--undo", is_flag=True, help="Trở về lời tự sinh.")
@click.option("--by", default="", help="Mã người sửa.")
@json_option
def edit_report_command(
    period: str,
    section: str,
    as_of: date | None,
    source: TextIO | None,
    undo: bool,
    by: str,
    as_json: bool,
) -> None:
    """Sửa lời một mục của báo cáo.

    Mục: mo-dau, I.1, I.2 (tồn tại, hạn chế), II, ket; không ghi mục thì xem các mục. {mã} là
    con số, luôn theo sổ; ^[…] là chú thích. Lời đã sửa được giữ khi viết lại báo cáo.
    """
    app = start()
    if not section:
        _print_sections(app.ask(section_words, period, "", as_of), as_json=as_json)
        return
    (words,) = app.ask(section_words, period, section, as_of)
    text = "" if undo else source.read() if source else click.edit(words.text, extension=".txt")
    if text is None or (text.strip() == words.text and not undo):
        click.echo("Không có gì thay đổi.")
        return
    app.run(edit_section, period, section, text, as_of, by)
    done = "trở về lời tự sinh" if undo or not text.strip() else "đã sửa"
    click.echo(f"Mục {section} ({words.title}): {done}.")


def _print_sections(sections: Sequence[SectionWords], *, as_json: bool) -> None:
    if as_json:
        print_json(sections)
        return
    for words in sections:
        applied = words.applied
        click.echo(f"[{words.section}] {words.title}: {'đã sửa' if applied else 'tự sinh'}")
        if applied is None:
            continue
        edit = applied.edit
        click.echo(f"  {edit.by or 'không rõ ai'} sửa lúc {told_time(edit.at)}")
        if applied.is_stale:
            click.echo("  LỜI TỰ SINH ĐÃ ĐỔI từ khi sửa; hãy xem lại.")
            click.echo(_indented("Lời tự sinh lúc sửa", edit.over))
        click.echo(_indented("Lời tự sinh bây giờ", applied.generated))
        click.echo(_indented("Lời đã sửa", edit.text))
    number = sum(1 for words in sections if words.applied)
    click.echo(f"\n{vietnamese.count(number)} mục đã sửa.")


def _indented(title: str, text: str) -> str:
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return f"  {title}:\n{lines}"
