"""Trang «Cán bộ» và «Hoạt động»: the people of the Department and its other work."""

import re
from collections.abc import Callable, Mapping

from khcn_workflow.domain.activities import Activity, ActivityKind
from khcn_workflow.domain.science_task import Person
from khcn_workflow.domain.vietnamese import folded
from khcn_workflow.register.cells import CellValue, UnreadableError, read_count, read_text
from khcn_workflow.register.places import Sourced
from khcn_workflow.register.row_reader import RowReader
from khcn_workflow.register.vocabulary import read_role

_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def read_person(reader: RowReader) -> Sourced[Person] | None:
    """The person of a row; without a mailbox only a warning."""
    code, name = reader.need("code", read_text), reader.need("name", read_text)
    role, division = reader.need("role", read_role), reader.text("division")
    email = reader.get("email", _read_mailbox) or ""
    account = reader.text("account")
    if not reader.has("email"):
        reader.warn("email", "chưa có thư điện tử nên người này không nhận được thư nhắc.")
    if not (code and name and role and reader.is_sound):
        return None
    return reader.sourced(Person(code, name, role, division, email, account))


def _read_mailbox(value: CellValue) -> str:
    text = read_text(value)
    if not _MAILBOX.fullmatch(text):
        raise UnreadableError(value, "một địa chỉ thư điện tử, ví dụ ten@coquan.gov.vn")
    return text


def read_activity(reader: RowReader, kinds: Mapping[str, ActivityKind]) -> Sourced[Activity] | None:
    """The piece of other work of a row; None when a cell keeps it out."""
    code, title = reader.need("code", read_text), reader.need("title", read_text)
    kind = reader.need("kind", _kind_reader(kinds))
    on = reader.day("on")
    stage = _stage(reader, kind) if kind else ""
    counts = {key: reader.get(key, read_count) for key in ("quantity", "subset", "place_count")}
    amount, document = reader.money("amount_vnd"), reader.document()
    organisation, note = reader.text("organisation"), reader.text("note")
    if kind and kind.dated and not reader.has("on"):
        reader.refuse("on", f"loại «{kind.title}» đếm theo ngày nên cần ghi ngày.")
    _check_subset(reader, counts["quantity"], counts["subset"])
    if not (code and title and kind and reader.is_sound):
        return None
    return reader.sourced(
        Activity(
            code,
            kind.id,
            title,
            on,
            stage,
            document,
            amount_vnd=amount,
            organisation=organisation,
            note=note,
            **counts,
        )
    )


def _check_subset(reader: RowReader, quantity: int | None, subset: int | None) -> None:
    if subset is not None and (quantity is None or subset > quantity):
        whole = "chưa ghi" if quantity is None else str(quantity)
        reader.refuse("subset", f"phần «trong đó» ({subset}) phải nằm trong số lượng ({whole}).")


def _kind_reader(kinds: Mapping[str, ActivityKind]) -> Callable[[CellValue], ActivityKind]:
    known = {folded(words): kind for kind in kinds.values() for words in (kind.id, kind.title)}
    titles = "; ".join(kind.title for kind in kinds.values())

    def read(value: CellValue) -> ActivityKind:
        kind = known.get(folded(read_text(value)))
        if kind is None:
            raise UnreadableError(value, f"một loại hoạt động: {titles}")
        return kind

    return read


def _stage(reader: RowReader, kind: ActivityKind) -> str:
    """The id of the stage; a kind with stages needs one, a kind without takes none."""
    titles = "; ".join(title for _, title in kind.stages)
    if not kind.stages:
        if reader.has("stage"):
            reader.refuse("stage", f"loại «{kind.title}» không có giai đoạn; hãy để trống.")
        return ""
    if not reader.has("stage"):
        reader.refuse("stage", f"loại «{kind.title}» cần giai đoạn, một trong: {titles}.")
        return ""
    known = {folded(words): key for key, title in kind.stages for words in (key, title)}

    def read(value: CellValue) -> str:
        stage = known.get(folded(read_text(value)))
        if stage is None:
            raise UnreadableError(value, f"một giai đoạn của «{kind.title}»: {titles}")
        return stage

    return reader.get("stage", read) or ""
