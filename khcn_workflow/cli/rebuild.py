"""`khcn rebuild`: the derived tables, made again from the ledger."""

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.services.rebuilding import rebuild


@click.command("rebuild")
@json_option
def rebuild_command(as_json: bool) -> None:
    """Dựng lại bảng cán bộ, nhiệm vụ, bước, hoạt động từ sổ cái."""
    rebuilt = start().run(rebuild)
    if as_json:
        print_json(rebuilt)
        return
    click.echo(
        f"Đã dựng lại từ sổ cái: {rebuilt.persons} cán bộ, {rebuilt.tasks} nhiệm vụ, "
        f"{rebuilt.rounds} lượt của bước, {rebuilt.activities} hoạt động khác."
    )
