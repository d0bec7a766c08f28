"""Nhiệm vụ KH&CN: what is known of a science task besides what happened to it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """Cấp of a science task; the value is stored, the label is shown."""

    NATIONAL = "quoc-gia"
    URGENT_LOCAL = "cap-thiet"
    RURAL_CENTRAL = "ntmn-trung-uong"
    RURAL_DELEGATED = "ntmn-uy-quyen"
    PROVINCIAL = "tinh"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _LEVEL_LABELS[self]

    @property
    def is_rural(self) -> bool:
        """Whether the task belongs to the Nông thôn miền núi programme."""
        return self in (Level.RURAL_CENTRAL, Level.RURAL_DELEGATED)


_LEVEL_LABELS = {
    Level.NATIONAL: "Cấp quốc gia",
    Level.URGENT_LOCAL: "Cấp thiết địa phương",
    Level.RURAL_CENTRAL: "Nông thôn miền núi - Trung ương trực tiếp quản lý",
    Level.RURAL_DELEGATED: "Nông thôn miền núi - Trung ương ủy quyền địa phương quản lý",
    Level.PROVINCIAL: "Cấp tỉnh",
}


class Kind(StrEnum):
    """Loại hình: the form of a science task (NĐ 08/2014 Điều 27)."""

    PROJECT = "du-an"
    TOPIC = "de-tai"
    SCHEME = "de-an"
    OTHER = "nhiem-vu"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.PROJECT: "Dự án",
    Kind.TOPIC: "Đề tài",
    Kind.SCHEME: "Đề án",
    Kind.OTHER: "Nhiệm vụ",
}


class Source(StrEnum):
    """Nguồn: how the task entered the province's plan of a year."""

    ORDERED = "dat-hang"
    SUPPLEMENTARY = "bo-sung"
    UNPLANNED = "dot-xuat"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _SOURCE_LABELS[self]


_SOURCE_LABELS = {
    Source.ORDERED: "Đặt hàng",
    Source.SUPPLEMENTARY: "Bổ sung",
    Source.UNPLANNED: "Đột xuất",
}


class Way(StrEnum):
    """Phương thức: how the host organisation is chosen."""

    SELECTION = "tuyen-chon"
    DIRECT = "giao-truc-tiep"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return "Tuyển chọn" if self is Way.SELECTION else "Xét giao trực tiếp"


@dataclass(frozen=True, slots=True)
class ScienceTask:
    """One nhiệm vụ KH&CN as the register describes it.

    Attributes:
        code: The office's own code, unique ("NV-2019-03").
        plan_year: The year of the plan the task was ordered or added for.
        months: Approved length in calendar months, None before approval.
        starts_on: First day of the approved period, None before a contract.
        ends_on: Last day of the approved period, None before a contract.
        budget_vnd: Approved or asked state budget in VND.
        officer: Code of the person who owns the file (chuyên viên).
        rulebook: The rulebook the task is pinned to.
    """

    code: str
    title: str
    level: Level
    kind: Kind
    source: Source
    plan_year: int
    host: str
    principal_investigator: str
    officer: str
    rulebook: str
    way: Way | None = None
    field: str = ""
    months: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    budget_vnd: int | None = None


def task_to_data(task: ScienceTask) -> dict[str, Any]:
    """The task as JSON values, as a ledger row keeps it."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(task).items()
    }


def task_from_data(data: Mapping[str, Any]) -> ScienceTask:
    """The task that a ledger row keeps."""
    return ScienceTask(
        code=data["code"],
        title=data["title"],
        level=Level(data["level"]),
        kind=Kind(data["kind"]),
        source=Source(data["source"]),
        plan_year=data["plan_year"],
        host=data["host"],
        principal_investigator=data["principal_investigator"],
        officer=data["officer"],
        rulebook=data["rulebook"],
        way=Way(data["way"]) if data["way"] else None,
        field=data["field"],
        months=data["months"],
        starts_on=_day(data["starts_on"]),
        ends_on=_day(data["ends_on"]),
        budget_vnd=data["budget_vnd"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Role(StrEnum):
    """Vai trò: what a person of the Department may do (regulations.md G.1)."""

    OFFICER = "chuyen-vien"
    HEAD_OF_DIVISION = "truong-phong"
    DIRECTOR = "lanh-dao-so"
    CLERK = "van-thu"
    ADMINISTRATOR = "quan-tri"
    VIEWER = "chi-xem"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.OFFICER: "Chuyên viên",
    Role.HEAD_OF_DIVISION: "Trưởng phòng",
    Role.DIRECTOR: "Lãnh đạo Sở",
    Role.CLERK: "Văn thư",
    Role.ADMINISTRATOR: "Quản trị",
    Role.VIEWER: "Chỉ xem",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the Department who owns files or is told when they are late.

    Attributes:
        account: Name of her account of the machine; empty where she has none.
    """

    code: str
    name: str
    role: Role
    division: str
    email: str
    account: str = ""
