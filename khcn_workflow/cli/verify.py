"""`khcn verify`: the ledger's chain holds, and the tables say what it says."""

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.services.verification import verify_ledger


@click.command("verify")
@json_option
def verify_command(as_json: bool) -> None:
    """Kiểm tra sổ cái và bảng tiến độ.

    Chuỗi mã băm phải liền nhau, bảng tiến độ phải khớp với sổ.
    """
    verified = start().ask(verify_ledger)
    if as_json:
        print_json(verified)
        return
    click.echo(f"Sổ cái toàn vẹn: {verified.rows} dòng, {verified.tasks} nhiệm vụ.")
    if verified.snapshots:
        click.echo(f"Bản chốt nguyên vẹn: {verified.snapshots}.")
    if verified.documents:
        click.echo(f"Tệp văn bản nguyên vẹn: {verified.documents}.")
    click.echo(f"Mã băm dòng cuối: {verified.head}")
