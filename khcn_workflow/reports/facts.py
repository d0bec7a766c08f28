"""Số liệu: every number of a report with its list, gathered and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.science_task import ScienceTask
from khcn_workflow.reports.activity_figures import activities_in, activity_figures
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.invariants import check
from khcn_workflow.reports.limitations import Lateness, late_figures, lateness
from khcn_workflow.reports.next_figures import Coming, coming_steps, next_figures
from khcn_workflow.reports.paper_figures import paper_figures
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.row_checks import check_rows
from khcn_workflow.reports.stage_figures import stage_figures
from khcn_workflow.reports.task_figures import task_figures
from khcn_workflow.reports.vocabulary import LawWords, law_figures, vocabularies


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report states.

    Attributes:
        figures: All numbers by id.
        late: Steps that are late or were closed late in the period.
        tasks: The science tasks by code.
        activities: The other work that is reported, by kind.
        laws: The regimes of the tasks, in their own words; the report spans both when two.
        coming: Steps that fall due in the next period.
    """

    figures: Mapping[str, Figure]
    late: Lateness
    tasks: Mapping[str, ScienceTask]
    activities: Mapping[str, Sequence[Activity]]
    laws: Sequence[LawWords] = ()
    coming: Sequence[Coming] = ()

    def value(self, figure_id: str) -> int:
        """The number itself."""
        return self.figures[figure_id].value

    def tasks_of(self, figure_id: str) -> list[ScienceTask]:
        """The science tasks behind a number."""
        return [self.tasks[code] for code in self.figures[figure_id].rows]

    def of_kind(self, kind: str) -> Sequence[Activity]:
        """The reported activities of a kind."""
        return self.activities.get(kind, ())

    def title_of(self, code: str) -> str:
        """What a reported activity is called."""
        return next(a.title for rows in self.activities.values() for a in rows if a.code == code)

    def cohort(self, prefix: str) -> dict[str, Figure]:
        """The numbers of one cohort, by their ids without the cohort."""
        mark = f"{prefix}_"
        return {
            key.removeprefix(mark): value
            for key, value in self.figures.items()
            if key.startswith(mark)
        }


def gather(report_input: ReportInput) -> Facts:
    """Count everything once and prove that the numbers fit together.

    Raises:
        InvariantError: Two numbers contradict each other, or a row cannot be.
        CalendarHorizonError: A deadline lies where the calendar knows no days.
    """
    facts = count(report_input)
    check_rows(facts.activities, report_input)
    check(facts.figures)
    return facts


def count(report_input: ReportInput) -> Facts:
    """As `gather`, without the proof: for looking at the lists of a report that is refused."""
    found = activities_in(report_input)
    late = lateness(report_input)
    laws = vocabularies(report_input)
    coming = coming_steps(report_input)
    figures = [
        *paper_figures(report_input),
        *task_figures(report_input),
        *activity_figures(found),
        *late_figures(late),
        *stage_figures(report_input, late),
        *law_figures(laws),
        *next_figures(report_input, found, coming),
    ]
    tasks = {d.task.code: d.task for d in report_input.dossiers}
    return Facts(_by_id(figures), late, tasks, found, laws, coming)


def _by_id(figures: Iterable[Figure]) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures}
