"""Dữ kiện riêng của bước: from what was typed to what the ledger keeps."""

from collections.abc import Iterable, Mapping

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import FieldValueError
from khcn_workflow.domain.rules import Field, FieldType
from khcn_workflow.register.money import read_money


def read_fields(wanted: Iterable[Field], given: Mapping[str, str]) -> dict[str, str]:
    """The step's own facts in their stored form; unknown ones are left out.

    Raises:
        FieldValueError: A value is no date or no number where one is needed.
    """
    return {
        field.id: _read(field, text)
        for field in wanted
        if (text := str(given.get(field.id, "") or "").strip())
    }


def _read(field: Field, text: str) -> str:
    try:
        match field.type:
            case FieldType.DATE:
                return vietnamese.read_day(text).isoformat()
            case FieldType.MONEY:
                return str(read_money(text))
            case FieldType.INTEGER:
                return str(int(text))
            case FieldType.TEXT:
                return text
    except ValueError:
        expected = "ngày viết dd/mm/yyyy" if field.type is FieldType.DATE else "một số nguyên"
        raise FieldValueError(field.title, text, expected) from None
