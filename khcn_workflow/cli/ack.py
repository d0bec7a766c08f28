"""`khcn ack`: a step is known and planned, so its reminders are put off."""

from datetime import date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, print_json
from khcn_workflow.cli.record import by_option
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.snoozing import Acknowledgement, snooze


@click.command("ack")
@click.argument("code", metavar="MÃ")
@click.option("--step", default="", help="Mã bước; bỏ trống khi chỉ một bước có hạn.")
@click.option("--until", type=DAY, required=True, help="Ngày cuối không nhắc, chậm nhất ngày hạn.")
@click.option("--reason", required=True, help="Lý do: đã có lịch, đang chờ ai.")
@by_option
@json_option
def ack_command(code: str, step: str, until: date, reason: str, by: str, as_json: bool) -> None:
    """Hoãn nhắc một bước đã biết; quá hạn vẫn báo.

    Hết ngày ấy lời nhắc trở lại. Hạn dời thì lần hoãn hết giá trị. Muốn nhắc lại sớm hơn: chạy lần
    nữa với ngày sớm hơn.
    """
    done = start().run(snooze, Acknowledgement(code, until, reason, step, by))
    if as_json:
        print_json(done)
        return
    which = f"{done.task_code}, bước «{done.step}» (hạn {vietnamese.day(done.due_on)})"
    click.echo(
        f"Đã ghi: {which} không nhắc đến hết {vietnamese.day(done.until)}. Quá hạn thì vẫn báo."
    )
