"""Where the parts meet: settings in, an application that runs use cases out."""

import os
import pwd
from collections.abc import Callable
from functools import cached_property
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from khcn_workflow.clock import Clock
from khcn_workflow.context import Context
from khcn_workflow.domain.anchors import Anchor, Occasion
from khcn_workflow.domain.authority import AuthorityError
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.regulations.agency import load_agency
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.ladders import load_ladder
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.settings import Settings, read_settings
from khcn_workflow.signing import keep_refusal
from khcn_workflow.storage.anchor_file import add_anchor
from khcn_workflow.storage.transactions import Database
from khcn_workflow.storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")
UseCase: TypeAlias = Callable[Concatenate[Context, P], R]
"""A function of services/: the context first, then what the deed needs."""


class Application:
    """Runs use cases, each in one transaction that is whole or was never there."""

    def __init__(self, settings: Settings, account: str = "") -> None:
        """An application behind one door.

        Args:
            account: Of the machine, at the command line; empty behind other doors.
        """
        self.settings = settings
        self.account = account
        self.clock = Clock(settings.today)
        self._database = Database(settings.database_url)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working calendar, with the Department's own days off."""
        return load_calendar((self.settings.overlays,) if self.settings.overlays else ())

    def run(self, use_case: UseCase[P, R], *args: P.args, **kw: P.kwargs) -> R:
        """Run a use case that may write; all of it is committed, or nothing.

        A deed refused for lack of authority is rolled back, and that it was tried is then
        written to the ledger.
        """
        try:
            with self._database.transaction() as work:
                return use_case(self._context(work), *args, **kw)
        except AuthorityError as refused:
            with self._database.transaction() as work:
                keep_refusal(self._context(work), refused)
            raise

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
            agency=load_agency(self.settings.agency, self.settings.own_agencies),
            ladder=load_ladder(self.settings.mail_templates, self.settings.rulebooks),
            account=self.account,
        )


def start() -> Application:
    """The application behind the command line: the machine's account says who speaks."""
    return Application(read_settings(), pwd.getpwuid(os.getuid()).pw_name)


def start_unattended() -> Application:
    """The application of a flow: it speaks for the office, or for whom a form names."""
    return Application(read_settings())
