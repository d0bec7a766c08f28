"""Bản nháp: what was typed into a recording command is kept when the command is refused."""

import json
from collections.abc import Mapping
from datetime import date
from itertools import count
from pathlib import Path
from shlex import quote
from typing import Any

import click
from click.core import ParameterSource

from khcn_workflow.domain.errors import ChangedMeanwhileError, KhcnError
from khcn_workflow.domain.vietnamese import slug
from khcn_workflow.settings import read_settings

FOLDER = "drafts"
"""Where drafts lie in `KHCN_HOME`."""

NOT_TYPED = ("as_json",)
"""How to print is no part of what is recorded."""

_FILE = "khcn_draft"


class DraftUnreadableError(KhcnError):
    """A file is no draft of the command that was called."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"Không dùng được bản nháp «{path}»: {why}.")


class KeptAsDraftError(KhcnError):
    """A refusal, with the draft that holds what was typed and how to record it again."""

    def __init__(self, refusal: KhcnError, path: Path, command: str) -> None:
        self.refusal, self.path = refusal, path
        super().__init__(
            f"{refusal}\nĐiều đã gõ được giữ ở: {path}\n"
            f"Ghi lại (thêm lựa chọn để sửa điều đã gõ): khcn {command} --draft {quote(str(path))}"
        )


class DraftedCommand(click.Command):
    """A command that writes to the ledger: nothing typed is lost when it is refused.

    It has an option of its own, `--draft FILE`, which gives what was typed before; options
    and arguments on the command line win over it. A draft that was recorded is removed.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params.append(
            click.Option(
                ["--draft"],
                type=click.Path(path_type=Path, dir_okay=False),
                is_eager=True,
                expose_value=False,
                callback=_take_draft,
                help="Ghi lại từ bản nháp của lần bị từ chối.",
            )
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; keep what was typed if it is refused, forget the draft if not.

        Raises:
            KeptAsDraftError: The command was refused.
        """
        draft: Path | None = ctx.meta.get(_FILE)
        try:
            result = super().invoke(ctx)
        except KhcnError as refusal:
            path = _keep(ctx, refusal, draft)
            raise KeptAsDraftError(refusal, path, str(ctx.info_name)) from refusal
        if draft is not None:
            draft.unlink(missing_ok=True)
        return result


def _take_draft(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    try:
        draft = json.loads(path.read_text(encoding="utf-8"))
        command, typed = draft["command"], dict(draft["typed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DraftUnreadableError(path, "không đọc được, hoặc không phải bản nháp") from error
    if command != ctx.info_name:
        raise DraftUnreadableError(path, f"là của lệnh khcn {command}")
    ctx.meta[_FILE] = path.absolute()
    ctx.default_map = {**(ctx.default_map or {}), **typed}


def _keep(ctx: click.Context, refusal: KhcnError, draft: Path | None) -> Path:
    """Write the draft, in the place of the one it was taken from.

    Who was just told what others recorded has seen it: the draft names the version now.
    """
    secret = {param.name for param in ctx.command.params if getattr(param, "hide_input", False)}
    typed = {
        name: value
        for name, value in ctx.params.items()
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
        and name not in (*NOT_TYPED, *secret)
    }
    if isinstance(refusal, ChangedMeanwhileError):
        typed["seen"] = refusal.version
    body = {"command": ctx.info_name, "typed": typed, "refusal": str(refusal)}
    text = json.dumps(body, ensure_ascii=False, indent=2, default=_plain) + "\n"
    try:
        if draft is not None:
            draft.write_text(text, encoding="utf-8")
            return draft
        return _write_new(read_settings().home / FOLDER, _stem(ctx.info_name, ctx.params), text)
    except OSError as error:
        raise KhcnError(
            f"{refusal}\nKhông giữ được bản nháp ({error.strerror or error}). Điều đã gõ:\n{text}"
        ) from refusal


def _write_new(folder: Path, stem: str, text: str) -> Path:
    """A new file; of two commands refused at once each gets its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        path = folder / f"{stem}-{number}.json"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise AssertionError  # pragma: no cover - count() has no end


def _stem(command: str | None, typed: Mapping[str, Any]) -> str:
    return "-".join(filter(None, (command, slug(str(typed.get("code") or typed.get("seq"))))))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
