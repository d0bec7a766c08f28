"""Where the parts meet: settings in, an application that runs use cases out."""

from collections.abc import Callable
from functools import cached_property
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from khcn_workflow.clock import Clock
from khcn_workflow.context import Context
from khcn_workflow.domain.anchors import Anchor, Occasion
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.regulations.agency import load_agency
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.settings import Settings, read_settings
from khcn_workflow.storage.anchor_file import add_anchor
from khcn_workflow.storage.transactions import Database
from khcn_workflow.storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")
UseCase: TypeAlias = Callable[Concatenate[Context, P], R]
"""A function of services/: the context first, then what the deed needs."""


class Application:
    """Runs use cases, each in one transaction that is whole or was never there."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock(settings.today)
        self._database = Database(settings.database_url)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working calendar, with the Department's own days off."""
        return load_calendar((self.settings.overlays,) if self.settings.overlays else ())

    def run(self, use_case: UseCase[P, R], *args: P.args, **kw: P.kwargs) -> R:
        """Run a use case that may write; all of it is committed, or nothing."""
        with self._database.transaction() as work:
            return use_case(self._context(work), *args, **kw)

    def ask(self, use_case: UseCase[P, R], *args: P.args, **kw: P.kwargs) -> R:
        """Run a use case that only reads; nothing it does is kept."""
        with self._database.transaction(read_only=True) as work:
            return use_case(self._context(work), *args, **kw)

    def note_head(self, occasion: Occasion, head: tuple[int, str] | None = None) -> Anchor:
        """Note a head of the ledger in a file beside the database; returns the note.

        Args:
            head: Rows and last hash that were looked at; by default those of now.

        Raises:
            AnchorFileError: The file cannot be written.
        """
        if head is None:
            with self._database.transaction(read_only=True) as work:
                head = work.queries.head()
        anchor = Anchor(*head, self.clock.now(), occasion)
        add_anchor(self.settings.home, anchor)
        return anchor

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _context(self, work: UnitOfWork) -> Context:
        return Context(
            work=work,
            calendar=self.calendar,
            rulebooks=load_rulebooks(self.settings.rulebooks),
            settings=self.settings,
            today=self.clock.today(),
            now=self.clock.now(),
            agency=load_agency(self.settings.agency),
        )


def start() -> Application:
    """The application that this process's environment describes."""
    return Application(read_settings())
