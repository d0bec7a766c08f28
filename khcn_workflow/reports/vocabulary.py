"""Tên gọi theo từng luật: the words of two regimes side by side, where a report spans both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import STAGE_IDS, Rulebook
from khcn_workflow.reports.cohorts import Cohort, cohort_of
from khcn_workflow.reports.figures import Figure, counted
from khcn_workflow.reports.report_input import ReportInput


@dataclass(frozen=True, slots=True)
class LawWords:
    """What one regime calls the six stages.

    Attributes:
        figure: Id of the figure that counts its tasks.
        stages: The words by the stage's id.
        codes: Tasks under it that the report is about.
    """

    title: str
    figure: str
    stages: Mapping[str, str]
    codes: tuple[str, ...]


def vocabularies(report_input: ReportInput) -> list[LawWords]:
    """The regimes of the tasks that the report is about, those with the same words as one."""
    codes: dict[tuple[str, ...], list[str]] = {}
    books: dict[tuple[str, ...], list[Rulebook]] = {}
    for dossier in report_input.dossiers:
        if cohort_of(dossier, report_input.period) is Cohort.PAST:
            continue
        words = tuple(_titles(dossier.rulebook).get(stage, "") for stage in STAGE_IDS)
        codes.setdefault(words, []).append(dossier.task.code)
        if dossier.rulebook not in books.setdefault(words, []):
            books[words].append(dossier.rulebook)
    return [_law(words, books[words], sorted(codes[words])) for words in sorted(codes)]


def law_figures(laws: Sequence[LawWords]) -> Iterator[Figure]:
    """How many tasks each regime has in the report."""
    for law in laws:
        yield counted(law.figure, f"Nhiệm vụ theo {law.title}", law.codes)


def side_by_side(laws: Sequence[LawWords]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each stage that the regimes call differently, with what each calls it."""
    for stage in STAGE_IDS:
        words = tuple(law.stages[stage] for law in laws)
        if len(set(words)) > 1:
            yield stage, words


def _titles(rulebook: Rulebook) -> dict[str, str]:
    return {stage.id: stage.title for stage in rulebook.stages}


def _law(words: tuple[str, ...], books: Sequence[Rulebook], codes: Sequence[str]) -> LawWords:
    national = [book for book in books if not book.province] or list(books)
    book = min(national, key=lambda b: b.id)
    title = book.title.partition(",")[0] if book.province else book.title
    key = f"law_{vietnamese.slug(book.extends or book.id).replace('-', '_')}"
    return LawWords(title, key, dict(zip(STAGE_IDS, words, strict=True)), tuple(codes))
