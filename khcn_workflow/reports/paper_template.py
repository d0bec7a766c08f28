"""Mẫu văn bản: what a paper says, as data that a Department may replace with its own."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from khcn_workflow.domain.errors import KhcnError, NotFoundError
from khcn_workflow.reports.document import Role

PACKAGED = Path(__file__).parent / "papers"


class PaperTemplateError(KhcnError):
    """A template of papers cannot be used: names the file and what is wrong in it."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.name, self.problems = name, tuple(problems)
        super().__init__(f"Mẫu văn bản {name} chưa dùng được: {'; '.join(problems)}.")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fits(_Table):
    """[fits]: which open step the paper is about; without it, about the task as a whole.

    Attributes:
        steps: Ids of steps; the same in every rulebook where the meaning is the same.
        owed_by: "host": every step that the host organisation owes.
        council: Only where the step has a council, group or team by its rulebook.
    """

    steps: tuple[str, ...] = ()
    owed_by: Literal["", "host"] = ""
    council: bool = False

    @property
    def whole_task(self) -> bool:
        """Whether no step is needed."""
        return not self.steps and not self.owed_by

    def step(self, step_id: str, *, host_owes: bool, has_council: bool) -> bool:
        """Whether the paper may be about that open step."""
        if self.council and not has_council:
            return False
        return step_id in self.steps or (self.owed_by == "host" and host_owes)


class BlockTemplate(_Table):
    """[[block]]: paragraphs of one role, one a line; with columns rows, cells between |."""

    role: Role = Role.BODY
    text: str
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


class SignerTemplate(_Table):
    """Who signs, where that is not for the agency file to say."""

    title: str
    name: str
    prefix: str = ""


class PaperTemplate(_Table):
    """One file; every text is Jinja over the facts that `services.papers` gathers.

    Attributes:
        title: What lists call the paper.
        kind: Tên loại; empty for an official letter.
        symbol: Ký hiệu after the number.
        hint: What the law wants, told to whoever drafts; never printed.
        given: What may be told when drafting, by name, with what it is.
        numbered: Whether the paper carries a number.
        signer: Who signs; by default whom the agency file names.
    """

    id: str
    title: str
    kind: str
    symbol: str
    subject: str
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...]
    hint: str = ""
    numbered: bool = True
    signer: SignerTemplate | None = None
    fits: Fits = Fits()
    given: dict[str, str] = Field(default_factory=dict)
    block: tuple[BlockTemplate, ...] = Field(min_length=1)


def load_templates(extra: Path | None = None) -> dict[str, PaperTemplate]:
    """Every template by id; one in the Department's own folder replaces ours of that name.

    Raises:
        PaperTemplateError: A file cannot be used; names each bad key.
    """
    folders = [folder for folder in (PACKAGED, extra) if folder is not None and folder.is_dir()]
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return {stem: _read(path, path.stat().st_mtime_ns) for stem, path in sorted(files.items())}


def papers_about(
    step_id: str, extra: Path | None = None, *, host_owes: bool, has_council: bool
) -> tuple[PaperTemplate, ...]:
    """The papers that may be drafted about an open step.

    Where the Department's own templates cannot be used, ours stand in: whoever drafts
    one is told what is wrong with it.
    """
    try:
        templates = load_templates(extra)
    except PaperTemplateError:
        templates = load_templates()
    return tuple(
        template
        for template in templates.values()
        if template.fits.step(step_id, host_owes=host_owes, has_council=has_council)
    )


def template_of(kind: str, extra: Path | None = None) -> PaperTemplate:
    """The template of that id.

    Raises:
        NotFoundError: There is none; the sentence lists those there are.
        PaperTemplateError: A file cannot be used.
    """
    templates = load_templates(extra)
    if kind not in templates:
        raise NotFoundError("mẫu văn bản", kind, f"Hiện có: {', '.join(templates)}.")
    return templates[kind]


@lru_cache(maxsize=64)
def _read(path: Path, _changed_at: int) -> PaperTemplate:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return PaperTemplate.model_validate({**table, "id": path.stem})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PaperTemplateError(path.name, [f"không phải TOML bằng UTF-8 ({error})"]) from error
    except ValidationError as error:
        raise PaperTemplateError(path.name, [_told(dict(e)) for e in error.errors()]) from error


def _told(problem: dict[str, Any]) -> str:
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
    if problem["type"] == "missing":
        return f"thiếu khóa «{key}»"
    if problem["type"] == "extra_forbidden":
        return f"không có khóa «{key}»"
    return f"khóa «{key}» có giá trị «{problem.get('input')}» không dùng được"
