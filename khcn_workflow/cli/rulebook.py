"""`khcn rulebook`: the rules as data: list, show, check a file, compare two."""

import sys
from itertools import groupby
from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json, print_table
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import LimitStatus
from khcn_workflow.regulations.rulebook_differences import Difference
from khcn_workflow.regulations.rulebook_reader import CheckedFile
from khcn_workflow.services.rulebooks import (
    RulebookStory,
    StageStory,
    check_rulebook,
    compare_rulebooks,
    list_rulebooks,
    show_rulebook,
)

OPTIONS = "[LỰA CHỌN]"


@click.group("rulebook", subcommand_metavar="LỆNH [THAM SỐ]...")
def rulebook_command() -> None:
    """Bộ quy định: xem, kiểm tra, so sánh."""


@rulebook_command.command("list", options_metavar=OPTIONS)
@json_option
def list_command(as_json: bool) -> None:
    """Các bộ quy định, thời gian hiệu lực và số nhiệm vụ đang theo."""
    lines = start().ask(list_rulebooks)
    if as_json:
        print_json(lines)
        return
    titles = ["Mã", "Tên", "Từ", "Đến", "Gốc", "Bước", "Hạn", "Mục tiêu", "Chưa nạp", "Nhiệm vụ"]
    print_table(
        titles,
        [
            (
                line.id,
                line.title,
                line.effective_from,
                line.effective_to,
                line.extends,
                line.steps,
                line.limits,
                line.targets or "",
                line.not_loaded or "",
                line.tasks,
            )
            for line in lines
        ],
    )


@rulebook_command.command("show", options_metavar=OPTIONS)
@click.argument("rulebook_id", metavar="MÃ")
@json_option
def show_command(rulebook_id: str, as_json: bool) -> None:
    """Một bộ quy định: bước, thời hạn với căn cứ, điều luật kèm theo, hội đồng."""
    story = start().ask(show_rulebook, rulebook_id)
    if as_json:
        print_json(story)
        return
    _print_head(story)
    for stage in story.stages:
        _print_stage(stage)
    _print_duties(story)
    _print_councils(story)
    _print_unread(story)


@rulebook_command.command("check", options_metavar=OPTIONS)
@click.argument("path", metavar="TỆP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check_command(path: Path, as_json: bool) -> None:
    """Kiểm tra một tệp .toml: mọi chỗ sai, có dòng và khóa; mã thoát 1 khi chưa dùng được."""
    checked = start().ask(check_rulebook, path)
    if as_json:
        print_json({"problems": checked.problems, "warnings": checked.warnings})
    else:
        _print_checked(checked)
    sys.exit(1 if checked.problems else 0)


@rulebook_command.command("diff", options_metavar=OPTIONS)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@json_option
def diff_command(a: str, b: str, as_json: bool) -> None:
    """Hai bộ quy định (mã, hoặc tệp .toml) khác nhau chỗ nào."""
    found = start().ask(compare_rulebooks, a, b)
    if as_json:
        print_json(found)
        return
    _print_differences(found, a, b)


def _print_head(story: RulebookStory) -> None:
    line = story.line
    click.echo(f"{line.id} – {line.title} (phiên bản {line.version})")
    for name, value in [
        ("Loại nhiệm vụ", line.family),
        ("Hồ sơ của", line.province),
        ("Bổ sung cho", line.extends),
        ("Từ", vietnamese.day(line.effective_from) if line.effective_from else ""),
        ("Đến", vietnamese.day(line.effective_to) if line.effective_to else ""),
        ("Xét theo", story.decided_by),
        ("Chuyển tiếp", story.transition),
        ("Căn cứ chuyển tiếp", story.transition_article),
        ("Gia hạn", story.extension),
    ]:
        if value:
            click.echo(f"  {name}: {value}")
    click.echo("\nAi được ghi (sắp xếp nội bộ của Sở, không phải luật)")
    for what, who in story.recorders.items():
        click.echo(f"  {what}: {who}")


def _print_stage(stage: StageStory) -> None:
    click.echo(f"\n{stage.title}")
    for step in stage.steps:
        click.echo(f"  {step.title} ({step.id})")
        for limit in step.limits:
            extra = "; ".join(part for part in (limit.levels, limit.in_force) if part)
            click.echo(
                f"    {limit.id}: {limit.words} · {limit.owner} · {limit.force}: {limit.article}"
                + (f" [{extra}]" if extra else "")
            )
        if step.status != LimitStatus.LOADED.label:
            click.echo(f"    {step.status[:1].upper()}{step.status[1:]}.")
        for outcome, who in step.recorders.items():
            click.echo(f"    Ghi «{outcome}»: {who}")


def _print_duties(story: RulebookStory) -> None:
    if not story.duties:
        return
    click.echo("\nĐiều luật kèm theo bước")
    for step, duties in groupby(
        sorted(story.duties, key=lambda duty: duty.step), lambda duty: duty.step
    ):
        click.echo(f"  {step}")
        for duty in duties:
            extra = "; ".join(part for part in (duty.levels, duty.in_force) if part)
            click.echo(
                f"    {duty.id}: {duty.text} ({duty.article})" + (f" [{extra}]" if extra else "")
            )


def _print_councils(story: RulebookStory) -> None:
    if not story.councils:
        return
    click.echo("\nHội đồng, tổ, đoàn")
    for council in story.councils:
        extra = "; ".join(part for part in (council.levels, council.in_force) if part)
        click.echo(f"  {council.title} ({council.id})" + (f" [{extra}]" if extra else ""))
        for name, value in [
            ("Bước", council.step),
            ("Số thành viên", council.size),
            ("Phải có mặt", council.quorum),
            ("Đạt khi", council.passes),
            ("Gửi tài liệu", council.documents),
            ("Căn cứ", council.article),
        ]:
            if value:
                click.echo(f"    {name}: {value}")


def _print_unread(story: RulebookStory) -> None:
    if not story.not_loaded:
        return
    click.echo("\nVăn bản chưa nạp")
    for norm in story.not_loaded:
        extra = "; ".join(part for part in (norm.levels, norm.in_force) if part)
        click.echo(f"  {norm.norm}" + (f" [{extra}]" if extra else ""))
        if norm.note:
            click.echo(f"    {norm.note}")


def _print_checked(checked: CheckedFile) -> None:
    for problem in checked.problems:
        click.echo(f"Sai: {problem}")
    for warning in checked.warnings:
        click.echo(f"Nên xem lại: {warning}")
    wrong, doubtful = len(checked.problems), len(checked.warnings)
    state = "chưa dùng được" if wrong else "dùng được"
    click.echo(
        f"{checked.path.name}: {state}, {vietnamese.count(wrong)} chỗ sai, "
        f"{vietnamese.count(doubtful)} chỗ nên xem lại."
    )


def _print_differences(found: tuple[Difference, ...], a: str, b: str) -> None:
    print_table(
        ["Phần", "Mã", "Điểm khác", a, b],
        [
            (
                line.part.value,
                line.name,
                line.aspect or ("chỉ có ở " + (a if line.a else b)),
                line.a,
                line.b,
            )
            for line in found
        ],
    )
    click.echo(f"\n{vietnamese.count(len(found))} điểm khác.")
