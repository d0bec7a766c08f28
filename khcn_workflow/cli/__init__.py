"""Cửa dòng lệnh: parse, call one use case, print; `khcn --help` in Vietnamese."""

import gettext
import os
import sys
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"


def main() -> None:
    """Run `khcn`; a refusal is one Vietnamese sentence and exit code 1."""
    speak_vietnamese()
    from khcn_workflow.cli.commands import khcn  # noqa: PLC0415 - after the language is set
    from khcn_workflow.domain.errors import KhcnError  # noqa: PLC0415

    try:
        khcn(prog_name="khcn")
    except KhcnError as refusal:
        sys.stderr.write(f"Lỗi: {refusal}\n")
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def speak_vietnamese() -> None:
    """Click takes its own words from the catalogue `messages` of gettext."""
    os.environ["LANGUAGE"] = "vi"
    gettext.bindtextdomain("messages", str(LOCALES))
    gettext.textdomain("messages")
