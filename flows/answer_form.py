"""Mẫu trả lời: the Vietnamese form of a waiting run, made from the rulebook's step."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, cast

from prefect.input import RunInput
from pydantic import Field, ValidationError, create_model

from flows.links import all_runs, task_page, waiting_runs
from khcn_workflow.domain import rules, vietnamese
from khcn_workflow.domain.council import CouncilRule, MeanScore
from khcn_workflow.domain.errors import FieldValueError, KhcnError, MissingFieldError
from khcn_workflow.domain.ledger import Document
from khcn_workflow.domain.minutes import EXAMPLE, LINE
from khcn_workflow.regulations.rulebook_words import pass_words, quorum_words, size_words
from khcn_workflow.services.reconciliation import Question
from khcn_workflow.services.recording import Answer

DELAY_TITLE = "Giải trình chậm (bước vẫn chờ kết quả)"
NO_CAUSE = "Không ghi"
NO_SCALE = "Không chọn"

HOW_TO_TYPE = {
    rules.FieldType.DATE: "Ngày viết dd/mm/yyyy.",
    rules.FieldType.INTEGER: "Một số nguyên.",
    rules.FieldType.MONEY: "Số đồng, ví dụ 1.250.000.000.",
    rules.FieldType.TEXT: "",
}
CODE = "one_time_code"
"""The field of the one-time code; what was typed into it is never shown again."""


class UnreadableAnswerError(KhcnError):
    """What was typed into a form cannot be read."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Chưa đọc được câu trả lời: " + "; ".join(problems) + ".")


def form_for(
    question: Question, problem: str = "", typed: Mapping[str, Any] | None = None
) -> type[RunInput]:
    """The form that asks `question`.

    Args:
        problem: The sentence of a refusal, shown on top.
        typed: What was typed before, shown again; every required field stays required.
    """
    fields = _fields(question, typed or {})
    model = cast("type[RunInput]", create_model("KetQua", __base__=RunInput, **fields))
    model._description = describe(question, problem)  # noqa: SLF001 - as with_initial_data does
    return model


def describe(question: Question, problem: str = "") -> str:
    """What stands on top of the form, in markdown."""
    task, step = question.progress.task, question.step
    rows = [
        ("Nhiệm vụ", f"**{task.code}** – {task.title}"),
        ("Cấp", task.level.label),
        ("Tổ chức chủ trì", task.host),
        ("Chủ nhiệm", task.principal_investigator),
        ("Giai đoạn", question.stage_title),
        ("Bước", f"**{step.title}**"),
        ("Người quyết định", step.decided_by),
        ("Văn bản kèm", step.document),
        ("Thời hạn", _deadline(question)),
    ]
    table = "\n".join(f"| {_label(name)} | {_cell(value)} |" for name, value in rows)
    parts = [f"> **Chưa ghi được.** {problem}\n"] if problem else []
    parts.append(f"| | |\n|---|---|\n{table}\n")
    if question.duties:
        parts.append("**Luật yêu cầu**\n\n" + "\n".join(map(_duty, question.duties)) + "\n")
    if question.council:
        parts.append(_council(question.council))
    if question.papers:
        parts.append(_papers(question))
    parts.append(
        f"[Trang nhiệm vụ]({task_page(task.code)}) · "
        f"[Việc đang chờ của nhiệm vụ]({waiting_runs(task.code)}) · "
        f"[Mọi lượt chạy của nhiệm vụ]({all_runs(task.code)})"
    )
    return "\n".join(parts)


def read_answer(question: Question, given: Mapping[str, Any], request_key: str) -> Answer:
    """The answer that a filled form holds.

    Raises:
        UnreadableAnswerError: A field is missing or cannot be read.
    """
    try:
        form = form_for(question).model_validate(given)
    except ValidationError as error:
        problems = [_problem(question, dict(e)) for e in error.errors()]
        raise UnreadableAnswerError(problems) from error
    values = form.model_dump(mode="python")
    outcomes = {o.title: o.id for o in question.step.outcomes} | {DELAY_TITLE: ""}
    causes = {c.title: c.id for c in question.causes} | {NO_CAUSE: ""}
    persons = {_person(p.code, p.name): p.code for p in question.persons}
    return Answer(
        task_code=question.progress.task.code,
        step=question.step.id,
        round=question.owed.round,
        outcome=outcomes[values["outcome"].value],
        on=values["on"],
        actor=persons[values["recorded_by"].value],
        document=Document(values["document_number"].strip()),
        cause=values["other_cause"].strip() or causes[values["cause"].value],
        note=values["note"].strip(),
        fields={field.id: values[field.id] for field in _step_fields(question)},
        minutes=tuple(values.get("council_members", ())),
        scale=_scale_of(values),
        day_off_confirmed=values["day_off_confirmed"],
        request_key=request_key,
    )


def commitment_of(given: Mapping[str, Any]) -> date | None:
    """The promised day of an explained delay.

    Raises:
        FieldValueError: It was typed but is no date.
    """
    text = str(given.get("commitment", "") or "").strip()
    if not text:
        return None
    try:
        return vietnamese.read_day(text)
    except ValueError:
        raise FieldValueError("Cam kết hoàn thành", text, "ngày viết dd/mm/yyyy") from None


def code_of(given: Mapping[str, Any]) -> str:
    """The one-time code that was typed."""
    return str(given.get(CODE, "") or "")


def without_code(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as it may be shown again."""
    return {name: value for name, value in given.items() if name != CODE}


def require_cause(answer: Answer) -> None:
    """An explained delay must say why.

    Raises:
        MissingFieldError: No cause was chosen or typed.
    """
    if not answer.cause:
        raise MissingFieldError("Giải trình chậm", "Nguyên nhân chậm")


def _fields(question: Question, typed: Mapping[str, Any]) -> dict[str, Any]:
    outcomes = [o.title for o in question.step.outcomes] + [DELAY_TITLE]
    persons = [_person(p.code, p.name) for p in question.persons]
    causes = [NO_CAUSE, *(c.title for c in question.causes)]
    asked: dict[str, tuple[Any, Any]] = {
        "outcome": (_choice("KetQuaBuoc", outcomes), _required("Kết quả", "", typed, "outcome")),
        "on": (date, _required("Ngày trên văn bản", "Ngày ký, ngày họp.", typed, "on")),
        "recorded_by": (
            _choice("NguoiGhi", persons),
            _required("Người ghi", "Cán bộ ghi kết quả này.", typed, "recorded_by"),
        ),
        **_code_field(question),
        "document_number": (
            str,
            _optional("Số văn bản", f"Ví dụ: {question.step.document}.", typed, "document_number"),
        ),
    }
    for field in _step_fields(question):
        asked[field.id] = (str, _optional(field.title, HOW_TO_TYPE[field.type], typed, field.id))
    asked |= _council_fields(question.council, typed)
    asked |= {
        "cause": (
            _choice("NguyenNhan", causes),
            _optional("Nguyên nhân chậm", "Ghi khi bước chậm.", typed, "cause", NO_CAUSE),
        ),
        "other_cause": (str, _optional("Nguyên nhân khác", "", typed, "other_cause")),
        "commitment": (
            str,
            _optional("Cam kết hoàn thành", "Khi giải trình; dd/mm/yyyy.", typed, "commitment"),
        ),
        "note": (str, _optional("Ghi chú", "", typed, "note")),
        "day_off_confirmed": (
            bool,
            _optional("Văn bản đúng ghi ngày nghỉ", "", typed, "day_off_confirmed", default=False),
        ),
    }
    return asked


def _council_fields(rule: CouncilRule | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The minutes of a council, where one decides the step."""
    if rule is None:
        return {}
    how = f"Mỗi dòng một người: {LINE}. Ví dụ: {EXAMPLE}. Bỏ trống nếu chỉ ghi kết luận."
    title = "Biên bản kiểm phiếu"
    asked: dict[str, Any] = {
        "council_members": (list[str], _optional(title, how, typed, "council_members", [])),
    }
    scales = rule.passes.scales if isinstance(rule.passes, MeanScore) else {}
    if scales:
        choice = _choice("ThangDiem", [NO_SCALE, *scales])
        asked["scale"] = (choice, _optional("Thang điểm", "", typed, "scale", NO_SCALE))
    return asked


def _scale_of(values: Mapping[str, Any]) -> str:
    chosen = values["scale"].value if "scale" in values else NO_SCALE
    return "" if chosen == NO_SCALE else str(chosen)


def _code_field(question: Question) -> dict[str, tuple[Any, Any]]:
    """Asked where the Department switched it on; never a password, which Prefect would keep."""
    if not question.asks_code:
        return {}
    told = "6 số trên điện thoại của người ghi; mỗi mã dùng một lần."
    return {CODE: (str, _required("Mã một lần", told, {}, CODE))}


def _required(title: str, description: str, typed: Mapping[str, Any], name: str) -> Any:
    """A field without a default: what was typed before is shown, yet must be sent again."""
    shown = {"default": typed[name]} if name in typed else {}
    return Field(title=title, description=description or None, json_schema_extra=shown)


def _optional(
    title: str, description: str, typed: Mapping[str, Any], name: str, default: Any = ""
) -> Any:
    value = typed.get(name, default)
    return Field(value, title=title, description=description or None, validate_default=True)


def _choice(name: str, values: list[str]) -> type[Enum]:
    members = {f"v{n}": value for n, value in enumerate(values)}
    return cast("type[Enum]", Enum(name, members, type=str))


def _step_fields(question: Question) -> list[rules.Field]:
    """The facts that some outcome of the step comes with, each once."""
    return list({f.id: f for o in question.step.outcomes for f in o.fields}.values())


def _person(code: str, name: str) -> str:
    return f"{name} ({code})"


def _deadline(question: Question) -> str:
    if question.deadline is None:
        return f"Không có thời hạn ({question.without_limit})"
    limit = question.deadline.limit
    mark = "**QUÁ HẠN.** " if question.wait.is_overdue else ""
    return f"{mark}{question.proof}. Căn cứ ({limit.force.label}): {limit.article}"


def _duty(duty: Any) -> str:
    return f"- {duty.text} *({duty.article})*"


def _council(rule: CouncilRule) -> str:
    told = [
        ("số thành viên", size_words(rule)),
        ("phải có mặt", quorum_words(rule)),
        ("đạt khi", pass_words(rule.passes)),
    ]
    words = "; ".join(f"{name}: {value}" for name, value in told if value)
    return f"**{rule.title}**: {words} *({rule.article})*\n"


def _papers(question: Question) -> str:
    """How the drafts that the step needs are made."""
    code = question.progress.task.code
    lines = [f"- {p.title}: `khcn paper {p.id} {code}`" for p in question.papers]
    return "**Soạn dự thảo cho bước này** (trên máy chủ)\n\n" + "\n".join(lines) + "\n"


def _label(name: str) -> str:
    """A label that stays on one line: no-break spaces."""
    return name.replace(" ", "\N{NO-BREAK SPACE}")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _problem(question: Question, error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    titles = {key: info[1].title for key, info in _fields(question, {}).items()}
    title = titles.get(name, name)
    if error["type"] == "missing":
        return f"thiếu «{title}»"
    shown = "" if name == CODE else f" có giá trị «{error.get('input')}»"
    return f"«{title}»{shown} không dùng được"
