"""`khcn verify`: the ledger's chain holds, and the tables say what it says."""

from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.domain.anchors import Anchor, Occasion, read_anchor
from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.services.verification import verify_ledger


@click.command("verify")
@click.option(
    "--anchor", "only_anchor", is_flag=True, help="In mốc thành một dòng, để chép ra nơi khác."
)
@click.option(
    "--against",
    multiple=True,
    metavar="SỐ_DÒNG:MÃ_BĂM",
    help="Đối chiếu với mốc đã chép, hoặc tệp gồm các mốc như vậy.",
)
@json_option
def verify_command(only_anchor: bool, against: tuple[str, ...], as_json: bool) -> None:
    """Kiểm tra sổ cái, bản chốt và các bảng suy ra.

    Chuỗi mã băm phải liền nhau và khớp mọi mốc đã ghi; bảng phải khớp với sổ.
    """
    app = start()
    anchors = [anchor for given in against for anchor in _anchors(given)]
    verified = app.ask(verify_ledger, anchors)
    anchor = app.note_head(Occasion.VERIFY, (verified.rows, verified.head))
    if as_json:
        print_json(verified)
        return
    if only_anchor:
        click.echo(anchor)
        return
    click.echo(f"Sổ cái toàn vẹn: {verified.rows} dòng, {verified.tasks} nhiệm vụ.")
    if verified.anchors:
        click.echo(f"Khớp {verified.anchors} mốc đã ghi trước đây.")
    if verified.snapshots:
        click.echo(f"Bản chốt nguyên vẹn: {verified.snapshots}.")
    if verified.documents:
        click.echo(f"Tệp văn bản nguyên vẹn: {verified.documents}.")
    click.echo(f"Mã băm dòng cuối: {verified.head}")


def _anchors(given: str) -> list[Anchor]:
    """One anchor as typed, or those of a file.

    Raises:
        AnchorUnreadableError: It is neither.
        NotFoundError: There is no such file.
    """
    if ":" in given and not Path(given).is_file():
        return [read_anchor(given)]
    try:
        lines = Path(given).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise NotFoundError("tệp mốc", given, "Mốc viết SỐ_DÒNG:MÃ_BĂM.") from None
    return [
        read_anchor(line, f"{given}, dòng {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
