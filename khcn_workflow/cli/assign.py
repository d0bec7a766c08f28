"""`khcn assign`: a science task gets another owner."""

from datetime import date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.drafts import DraftedCommand
from khcn_workflow.cli.printing import DAY, json_option, print_json
from khcn_workflow.cli.record import by_option, document_option, note_option, seen_option
from khcn_workflow.domain.ledger import Document
from khcn_workflow.services.assigning import Assignment, assign


@click.command("assign", cls=DraftedCommand)
@click.argument("code")
@click.argument("person")
@click.option("--on", type=DAY, required=True, help="Ngày giao.")
@document_option
@note_option
@by_option
@seen_option
@json_option
def assign_command(
    code: str,
    person: str,
    on: date,
    document: str,
    note: str,
    by: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Giao nhiệm vụ CODE cho cán bộ PERSON theo dõi."""
    app = start()
    assigned = app.run(
        assign,
        Assignment(
            task_code=code,
            officer=person,
            on=on,
            actor=by,
            document=Document(document),
            note=note,
            seen=seen,
        ),
    )
    if as_json:
        print_json(assigned)
        return
    before, after = assigned.before, assigned.after
    click.echo(
        f"Đã giao: {code} – từ {before.name} ({before.code}) sang {after.name} ({after.code})."
    )
