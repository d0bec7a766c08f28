"""Mẫu thư: facts become a subject, a text and a page, from templates a department may replace."""

import json
import re
import traceback
import unicodedata
from functools import cache
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from notifications.brief import fit, one_value
from notifications.messages import Context, Event, Rendered
from notifications.samples import samples

TEMPLATES = Path(__file__).parent / "templates"

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (TemplateSyntaxError, "sai cú pháp"),
    (UndefinedError, "dùng tên không có trong dữ liệu của thư"),
    (TemplateNotFound, "không tìm thấy tệp mẫu"),
    (SecurityError, "dùng điều không được phép trong mẫu"),
    (UnicodeDecodeError, "tệp không ghi bằng UTF-8"),
)


class TemplateProblem(Exception):  # noqa: N818 - the house's word; an officer mends it
    """A template cannot be turned into a message: names the file and, if known, the line."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        place = f"{file}, dòng {line}" if line else file
        super().__init__(f"Mẫu thư {place}: {reason}.")


def render(event: Event, context: Context, override_dir: Path | None = None) -> Rendered:
    """The message for `event` in words.

    A file found under `override_dir` (same layout as `templates/`) replaces ours. Text that
    people typed is only ever a value: it is never read as a template, and is escaped in HTML.

    Raises:
        TemplateProblem: a template is wrong, or uses a fact that `context` does not hold.
    """
    return Rendered(
        subject=_one_line(_part(event, "subject.txt.j2", context, override_dir)),
        text=_tidy(_part(event, "body.txt.j2", context, override_dir)),
        html=_tidy(_part(event, "body.html.j2", context, override_dir)),
        brief=_brief(event, context, override_dir),
        values=_values(event, context, override_dir),
    )


def check_templates(override_dir: Path | None = None) -> None:
    """Render every event with its samples, so a wrong template is found before it is needed.

    Raises:
        TemplateProblem: for the first template that fails.
    """
    for event in Event:
        for context in samples(event):
            render(event, context, override_dir)


def _brief(event: Event, context: Context, override_dir: Path | None) -> str:
    """What a chat gets: the template's text, cut to length, and the link it may not lose."""
    text = _tidy(_part(event, "zalo.txt.j2", context, override_dir))
    try:
        return fit(text, str(context.get("link", "")))
    except ValueError as error:
        raise TemplateProblem(f"{event.value}/zalo.txt.j2", None, str(error)) from error


def _values(event: Event, context: Context, override_dir: Path | None) -> dict[str, str]:
    """What an approved template of Zalo is filled with."""
    text = _part(event, "zbs.json.j2", context, override_dir)
    try:
        values = {str(name): one_value(str(value)) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError) as error:
        raise TemplateProblem("zbs.json.j2", None, f"không cho ra JSON ({error})") from error
    return values


def _part(event: Event, name: str, context: Context, override_dir: Path | None) -> str:
    """One form of a message: from the event's own folder, else from the one all events share."""
    file = f"{event.value}/{name}"
    try:
        template = _environment(override_dir).select_template([file, name])
        text = template.render({**context, "event": event.value})
    except Exception as error:
        raise _problem(error, file) from error
    if not text.strip():
        raise TemplateProblem(file, None, "mẫu cho ra nội dung trống")
    return unicodedata.normalize("NFC", text)


@cache
def _environment(override_dir: Path | None) -> SandboxedEnvironment:
    folders = [TEMPLATES] if override_dir is None else [override_dir, TEMPLATES]
    return SandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=_is_html,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html.j2")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str) -> str:
    """No blanks at line ends, never two empty lines together, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _problem(error: Exception, requested: str) -> TemplateProblem:
    file, line = _place(error, requested)
    kind = next((word for cls, word in _KINDS if isinstance(error, cls)), "không dựng được")
    return TemplateProblem(file, line, f"{kind} ({error})")


def _place(error: Exception, requested: str) -> tuple[str, int | None]:
    """The file and line a template error comes from: Jinja puts both in its tracebacks."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or error.name or requested, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.endswith(".j2")]
    return (inside[-1].filename, inside[-1].lineno) if inside else (requested, None)
