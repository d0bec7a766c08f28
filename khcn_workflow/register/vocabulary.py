"""Từ vựng: the words offices write for levels, kinds, roles, steps, outcomes and causes."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from khcn_workflow.domain.rules import Outcome, Rulebook, Step
from khcn_workflow.domain.science_task import Kind, Level, Role, Source, Way
from khcn_workflow.domain.vietnamese import folded
from khcn_workflow.register.cells import CellValue, UnreadableError, read_text

DELAY = "Giải trình chậm"
"""Stands in the outcome column of a row that explains why a step is late."""

Word = TypeVar("Word", Level, Kind, Source, Way, Role)
T = TypeVar("T")

_LEVELS: Mapping[str, Level] = {
    "Quốc gia": Level.NATIONAL,
    "Cấp nhà nước": Level.NATIONAL,
    "QG": Level.NATIONAL,
    "Cấp thiết": Level.URGENT_LOCAL,
    "Cấp thiết mới phát sinh ở địa phương": Level.URGENT_LOCAL,
    "Tỉnh": Level.PROVINCIAL,
    "Thành phố": Level.PROVINCIAL,
    "Cấp thành phố": Level.PROVINCIAL,
    "Cấp cơ sở do tỉnh quản lý": Level.PROVINCIAL,
}
_KINDS: Mapping[str, Kind] = {
    "ĐT": Kind.TOPIC,
    "Đề tài KH&CN": Kind.TOPIC,
    "Đề tài khoa học": Kind.TOPIC,
    "DA": Kind.PROJECT,
    "Dự án KH&CN": Kind.PROJECT,
    "Dự án SXTN": Kind.PROJECT,
    "Dự án sản xuất thử nghiệm": Kind.PROJECT,
    "ĐA": Kind.SCHEME,
    "Đề án khoa học": Kind.SCHEME,
    "NV": Kind.OTHER,
    "Khác": Kind.OTHER,
}
_SOURCES: Mapping[str, Source] = {
    "ĐH": Source.ORDERED,
    "BS": Source.SUPPLEMENTARY,
    "ĐX": Source.UNPLANNED,
}
_WAYS: Mapping[str, Way] = {
    "TC": Way.SELECTION,
    "Giao trực tiếp": Way.DIRECT,
    "Giao TT": Way.DIRECT,
    "GTT": Way.DIRECT,
}
_ROLES: Mapping[str, Role] = {
    "Phó Trưởng phòng": Role.HEAD_OF_DIVISION,
    "Giám đốc": Role.DIRECTOR,
    "Giám đốc Sở": Role.DIRECTOR,
    "Phó Giám đốc": Role.DIRECTOR,
    "Phó Giám đốc Sở": Role.DIRECTOR,
    "Cán bộ văn thư": Role.CLERK,
    "Quản trị hệ thống": Role.ADMINISTRATOR,
}


def read_level(value: CellValue) -> Level:
    """The level a cell names; NTMN must say who manages it.

    Raises:
        UnreadableError: It is none of the levels; the sentence lists them.
    """
    words = folded(read_text(value))
    if "ntmn" in words or "nong thon mien nui" in words:
        if "uy quyen" in words:
            return Level.RURAL_DELEGATED
        if "trung uong" in words or "tw" in words.split():
            return Level.RURAL_CENTRAL
    return _named(value, Level, _LEVELS)


def read_kind(value: CellValue) -> Kind:
    """The form a cell names; «ĐA» is đề án and «DA» is dự án.

    Raises:
        UnreadableError: It is none of the forms; the sentence lists them.
    """
    return _named(value, Kind, _KINDS)


def read_source(value: CellValue) -> Source:
    """How the task entered the plan.

    Raises:
        UnreadableError: It is none of the sources; the sentence lists them.
    """
    return _named(value, Source, _SOURCES)


def read_way(value: CellValue) -> Way:
    """How the host is chosen.

    Raises:
        UnreadableError: It is neither way; the sentence lists both.
    """
    return _named(value, Way, _WAYS)


def read_role(value: CellValue) -> Role:
    """What a person may do, or the office she holds.

    Raises:
        UnreadableError: It is none of the roles; the sentence lists them.
    """
    return _named(value, Role, _ROLES)


def _named(value: CellValue, words: type[Word], synonyms: Mapping[str, Word]) -> Word:
    text = read_text(value)
    for same in (str.casefold, folded):
        known = {same(word): found for word, found in synonyms.items()}
        known |= {same(found.value): found for found in words}
        known |= {same(found.label): found for found in words}
        if same(text) in known:
            return known[same(text)]
    raise UnreadableError(value, "một trong: " + "; ".join(found.label for found in words))


def step_reader(rulebook: Rulebook) -> Callable[[CellValue], Step]:
    """Reads a step by its id, its title or its noun; raises UnreadableError."""
    known = _index((words, step) for step in rulebook.steps() for words in _step_words(step))
    titles = "; ".join(step.title for step in rulebook.steps())

    def read(value: CellValue) -> Step:
        step = known.get(folded(read_text(value)))
        if step is None:
            raise UnreadableError(value, f"một bước của bộ «{rulebook.title}»: {titles}")
        return step

    return read


def _step_words(step: Step) -> tuple[str, ...]:
    return step.id, step.title, step.noun


def outcome_reader(step: Step) -> Callable[[CellValue], Outcome]:
    """Reads an outcome of a step by its id or its title; raises UnreadableError."""
    known = _index((words, o) for o in step.outcomes for words in (o.id, o.title))
    titles = "; ".join(outcome.title for outcome in step.outcomes)

    def read(value: CellValue) -> Outcome:
        outcome = known.get(folded(read_text(value)))
        if outcome is None:
            expected = f"một kết quả của bước «{step.title}»: {titles}; hoặc «{DELAY}»"
            raise UnreadableError(value, expected)
        return outcome

    return read


def says_delay(value: CellValue) -> bool:
    """Whether an outcome cell says that the row explains a delay."""
    return folded(read_text(value)) in (folded(DELAY), "giai trinh", "cham")


def cause_reader(rulebook: Rulebook) -> Callable[[CellValue], str]:
    """Reads a cause: its id where the rulebook knows it, else the free words themselves."""
    known = _index((w, c.id) for c in rulebook.causes for w in (c.id, c.title, c.phrase))

    def read(value: CellValue) -> str:
        text = read_text(value)
        plain = folded(text).removeprefix("do ")
        return known.get(plain, text)

    return read


def _index(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """The first thing of each folded name."""
    found: dict[str, T] = {}
    for words, thing in pairs:
        if words:
            found.setdefault(folded(words), thing)
    return found
