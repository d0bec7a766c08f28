"""`khcn persons`: people, their roles and accounts, delegations, absences, one-time codes."""

from datetime import date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.commands import OPTIONS
from khcn_workflow.cli.printing import DAY, json_option, print_json, print_table
from khcn_workflow.cli.record import by_option
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.science_task import Role
from khcn_workflow.domain.staff import Absence, Delegation
from khcn_workflow.services.one_time_codes import give_secret
from khcn_workflow.services.persons import (
    PersonChange,
    absent,
    delegate,
    list_persons,
    revoke,
    set_person,
)

from_option = click.option("--from", "since", type=DAY, help="Ngày đầu (mặc định hôm nay).")
until_option = click.option("--until", type=DAY, required=True, help="Ngày cuối, tính cả ngày ấy.")


@click.group("persons", options_metavar=OPTIONS, subcommand_metavar="LỆNH [THAM SỐ]...")
def persons_command() -> None:
    """Cán bộ: vai trò, tài khoản, ủy quyền, vắng mặt, mã một lần."""


@persons_command.command("list", options_metavar=OPTIONS)
@json_option
def list_command(as_json: bool) -> None:
    """Mọi cán bộ, với ủy quyền và vắng mặt còn hiệu lực."""
    lines = start().ask(list_persons)
    if as_json:
        print_json(lines)
        return
    titles = ["Mã", "Họ và tên", "Vai trò", "Phòng, đơn vị", "Tài khoản máy", "Vắng mặt, ủy quyền"]
    print_table(
        titles,
        [
            (
                line.code,
                line.name,
                line.role,
                line.division,
                line.account,
                "; ".join([*map(_absence, line.absences), *map(_delegation, line.delegations)]),
            )
            for line in lines
        ],
    )
    click.echo(f"\n{vietnamese.count(len(lines))} cán bộ.")


@persons_command.command("set", options_metavar=OPTIONS)
@click.argument("code", metavar="MÃ")
@click.option("--name", help="Họ và tên.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Vai trò.")
@click.option("--division", help="Phòng, đơn vị.")
@click.option("--email", help="Thư điện tử.")
@click.option("--account", help='Tài khoản của hệ điều hành; "" là bỏ.')
@by_option
@json_option
def set_command(
    code: str,
    name: str | None,
    role: str | None,
    division: str | None,
    email: str | None,
    account: str | None,
    by: str,
    as_json: bool,
) -> None:
    """Thêm cán bộ MÃ, hoặc đổi những gì được ghi ở lựa chọn.

    Khi đã có người mang vai trò quản trị thì chỉ quản trị làm được.
    """
    change = PersonChange(code, name, Role(role) if role else None, division, email, account)
    person = start().run(set_person, change, by)
    if as_json:
        print_json(person)
        return
    account_words = f", tài khoản máy {person.account}" if person.account else ""
    click.echo(f"Đã ghi: {person.name} ({person.code}), {person.role.label}{account_words}.")


@persons_command.command("delegate", options_metavar=OPTIONS)
@click.argument("owner", metavar="MÃ")
@click.argument("to", metavar="MÃ_NGƯỜI_THAY")
@from_option
@until_option
@by_option
@json_option
def delegate_command(
    owner: str, to: str, since: date | None, until: date, by: str, as_json: bool
) -> None:
    """Ủy quyền: MÃ_NGƯỜI_THAY được ghi thay MÃ từ ngày đến ngày.

    Người theo dõi nhiệm vụ không đổi. Người thay không ủy quyền tiếp được.
    """
    app = start()
    made = app.run(delegate, owner, to, since or app.clock.today(), until, by)
    if as_json:
        print_json(made)
        return
    click.echo(f"Đã ghi {made.id}: {made.owner} {_delegation(made)}.")


@persons_command.command("absent", options_metavar=OPTIONS)
@click.argument("code", metavar="MÃ")
@from_option
@until_option
@click.option("--reason", default="", help="Lý do.")
@by_option
@json_option
def absent_command(
    code: str, since: date | None, until: date, reason: str, by: str, as_json: bool
) -> None:
    """Ghi MÃ vắng mặt; thư nhắc khi ấy gửi thêm cho người được ủy quyền."""
    app = start()
    made = app.run(absent, code, since or app.clock.today(), until, reason, by)
    if as_json:
        print_json(made)
        return
    click.echo(f"Đã ghi {made.id}: {made.person} {_absence(made)}.")


@persons_command.command("revoke", options_metavar=OPTIONS)
@click.argument("span_id", metavar="MÃ_ỦY_QUYỀN")
@by_option
@json_option
def revoke_command(span_id: str, by: str, as_json: bool) -> None:
    """Thôi một ủy quyền (UQ-…) hoặc một lần vắng mặt (VM-…) từ hôm nay."""
    done = start().run(revoke, span_id, by)
    if as_json:
        print_json(done)
        return
    click.echo(f"Đã thôi {done.id} từ hôm nay.")


@persons_command.command("totp", options_metavar=OPTIONS)
@click.argument("code", metavar="MÃ")
@by_option
def totp_command(code: str, by: str) -> None:
    """Cấp bí mật mã một lần mới cho MÃ, in ra đúng một lần.

    Dùng ứng dụng xác thực trên điện thoại quét mã vuông, hoặc nhập địa chỉ otpauth. Bí mật cũ
    hết giá trị. Mẫu trả lời hỏi mã khi đặt KHCN_TOTP=on.
    """
    made = start().run(give_secret, code, by)
    click.echo(f"Bí mật mã một lần của {made.person}; chỉ để người ấy nhìn, không gửi qua thư:")
    _print_square(made.uri)
    click.echo(made.uri)


def _print_square(uri: str) -> None:
    """A QR code for the phone, where the library for it is installed."""
    try:
        import segno  # noqa: PLC0415 - optional
    except ImportError:
        click.echo('(Cài "khcn-workflow[qr]" thì có mã vuông để quét.)')
        return
    segno.make(uri).terminal(compact=True)


def _delegation(told: Delegation) -> str:
    return f"ủy quyền {told.delegate} {_span(told)} ({told.id})"


def _absence(told: Absence) -> str:
    return f"vắng {_span(told)} ({told.id})"


def _span(told: Delegation | Absence) -> str:
    return f"{vietnamese.day(told.since)}–{vietnamese.day(told.until)}"
