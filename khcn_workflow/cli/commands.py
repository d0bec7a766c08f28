"""The commands of `khcn`; each imports its use case only when it is called."""

from importlib import import_module

import click

MODULES = {
    "register": "register",
    "import": "register",
    "export": "register",
    "tasks": "tasks",
    "show": "tasks",
    "due": "tasks",
    "funnel": "funnel",
    "record": "record",
    "delay": "record",
    "suspend": "clock",
    "resume": "clock",
    "extend": "clock",
    "terminate": "clock",
    "assign": "assign",
    "ack": "ack",
    "correct": "correct",
    "forecast": "projection",
    "what-if": "projection",
    "reproject": "projection",
    "sweep": "outbox",
    "digest": "outbox",
    "deliver": "outbox",
    "notify": "notify",
    "feed": "feed",
    "report": "report",
    "edit-report": "edit_report",
    "freeze": "freeze",
    "diff-freeze": "freeze",
    "paper": "paper",
    "persons": "persons",
    "calendar": "calendar",
    "rulebook": "rulebook",
    "verify": "verify",
    "move-to": "move_to",
    "rebuild": "rebuild",
    "backup": "backup",
    "restore": "backup",
    "up": "up",
    "deploy": "deploying",
    "doctor": "doctor",
    "demo": "demo",
}
"""Command → module of this folder that holds it (as `<command>_command`)."""


OPTIONS = "[LỰA CHỌN]"


class LazyGroup(click.Group):
    """Loads a command's module when it is asked for, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order of a working day."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, loaded now."""
        if cmd_name not in MODULES:
            return None
        module = import_module(f"khcn_workflow.cli.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        command.options_metavar = OPTIONS
        return command


@click.group(
    cls=LazyGroup,
    options_metavar=OPTIONS,
    subcommand_metavar="LỆNH [THAM SỐ]...",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="khcn-workflow", message="khcn-workflow %(version)s")
def khcn() -> None:
    """Theo dõi nhiệm vụ KH&CN: sổ cái, thời hạn theo luật, nhắc việc, báo cáo.

    Biến môi trường: KHCN_HOME (nơi để dữ liệu, mặc định ./.khcn), KHCN_TODAY (đặt ngày hôm
    nay, YYYY-MM-DD), KHCN_ACTOR (mã người ghi khi chưa ai có tài khoản máy), KHCN_MAIL_URL
    (kênh gửi thư), KHCN_ZALO_URL (kênh Zalo), KHCN_ADMIN_URL (kênh báo quản trị), KHCN_RULEBOOK.
    """
