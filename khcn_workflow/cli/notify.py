"""`khcn notify`: the channels as operators see them, and people's Zalo."""

import time

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.commands import OPTIONS
from khcn_workflow.cli.outbox import STATUS_WORDS
from khcn_workflow.cli.printing import json_option, print_json, print_table
from khcn_workflow.cli.record import by_option
from khcn_workflow.clock import told_time
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.regulations.ladders import ladder_path
from khcn_workflow.services import channel_desk as desk
from khcn_workflow.services import previewing
from notifications.ladder import Audience, By
from notifications.messages import Event, Rendered
from notifications.outbox import Outcome
from notifications.reach import CHANNELS, MAIL, ZALO, Wants
from notifications.samples import samples
from notifications.templating import render

CHANNEL_WORDS = {"admin": "báo quản trị", "mail": "thư", "zalo": "Zalo"}


AUDIENCE_WORDS = {
    Audience.OWNER: "người theo dõi",
    Audience.HEAD_OF_DIVISION: "trưởng phòng",
    Audience.DIRECTOR: "lãnh đạo Sở",
    Audience.HOST: "tổ chức chủ trì, chủ nhiệm (qua người theo dõi)",
}
BY_WORDS = {By.MAIL: "thư riêng", By.DIGEST: "thư tổng hợp"}


class ChannelRefusedError(KhcnError):
    """A trial message was not taken."""


@click.group("notify", options_metavar=OPTIONS, subcommand_metavar="LỆNH [THAM SỐ]...")
def notify_command() -> None:
    """Thông báo: kênh, tin đã dừng, gửi lại, thử, liên kết Zalo."""


@notify_command.command("status", options_metavar=OPTIONS)
@json_option
def status_command(as_json: bool) -> None:
    """Mỗi kênh: dẫn tới đâu, bao nhiêu tin, còn hạn mức bao nhiêu, có đang dừng không."""
    app = start()
    lines, now = app.ask(desk.channels_now), app.clock.now()
    if as_json:
        print_json(lines)
        return
    rows = []
    for line in lines:
        state = line.state
        until = state.parked_until if state and state.is_parked(now) else None
        standing = f"dừng đến {told_time(until)}: {state.reason}" if state and until else "mở"
        quota = state.quota_left if state else None
        rows.append(
            (
                CHANNEL_WORDS[line.alias],
                line.leads_to or "chưa đặt",
                "; ".join(f"{n} {STATUS_WORDS[status]}" for status, n in line.counts.items()),
                "" if quota is None else quota,
                standing if line.leads_to else "",
            )
        )
    print_table(["Kênh", "Dẫn tới", "Tin", "Hạn mức còn", "Tình trạng"], rows)


@notify_command.command("failed", options_metavar=OPTIONS)
@json_option
def failed_command(as_json: bool) -> None:
    """Tin đã dừng, chờ người xử lý: bị từ chối, chưa rõ đã gửi chưa, chờ sửa kênh."""
    lines = start().ask(desk.stopped_messages)
    if as_json:
        print_json(lines)
        return
    if not lines:
        click.echo("Không có tin nào dừng.")
        return
    titles = ["Số", "Kênh", "Người nhận", "Về", "Tình trạng", "Lý do"]
    print_table(
        titles,
        [
            (
                line.id,
                CHANNEL_WORDS[line.channel],
                line.recipient,
                line.about,
                STATUS_WORDS[line.status],
                line.reason,
            )
            for line in lines
        ],
    )
    click.echo("\nGửi lại một tin: khcn notify resend SỐ; mọi tin: khcn deliver --again")


@notify_command.command("resend", options_metavar=OPTIONS)
@click.argument("message_id", metavar="SỐ", type=int)
def resend_command(message_id: int) -> None:
    """Đưa tin SỐ trở lại hàng chờ; lần gửi kế tiếp sẽ gửi."""
    start().run(desk.resend, message_id)
    click.echo(f"Tin {message_id} đã vào lại hàng chờ. Gửi ngay: khcn deliver")


@notify_command.command("test", options_metavar=OPTIONS)
@click.argument("channel", metavar="KÊNH", type=click.Choice(CHANNELS))
@click.option("--to", "person", default="", metavar="MÃ", help="Người nhận; Zalo phải ghi.")
def test_command(channel: str, person: str) -> None:
    """Gửi một tin thử qua KÊNH (admin, mail, zalo); gửi được thì kênh đang dừng được mở lại."""
    attempt = desk.try_channel(start(), channel, person)
    if attempt.outcome is not Outcome.SENT:
        raise ChannelRefusedError(
            f"Kênh {CHANNEL_WORDS[channel]} không gửi được: {attempt.detail} (mã {attempt.code})."
        )
    left = "" if attempt.quota_left is None else f" Hạn mức còn {attempt.quota_left} tin."
    click.echo(f"Kênh {CHANNEL_WORDS[channel]} đã nhận tin thử.{left}")


@notify_command.command("link", options_metavar=OPTIONS)
@click.argument("person", metavar="MÃ")
@click.option("--wait", default=120, show_default=True, help="Chờ tin nhắn bao nhiêu giây.")
@by_option
def link_command(person: str, wait: int, by: str) -> None:
    """Cấp mã dùng một lần để MÃ nhắn cho bot Zalo, rồi chờ tin nhắn ấy.

    Không chờ kịp thì lần gửi thư sau (mỗi 5 phút) nhận mã; mã dùng được trong 24 giờ.
    """
    app = start()
    code = app.run(desk.invite, person, by)
    click.echo(f"Mã liên kết của {person}: {code}")
    click.echo("Người ấy mở Zalo, nhắn riêng mã này cho bot của cơ quan.")
    give_up = time.monotonic() + wait
    while (left := give_up - time.monotonic()) > 0:
        if any(link.person == person for link in desk.link_waiting(app, int(min(left, 20)) or 1)):
            click.echo(f"Đã liên kết Zalo của {person}.")
            return
    click.echo("Chưa nhận được mã; lần gửi thư sau sẽ nhận tiếp.")


@notify_command.command("contact", options_metavar=OPTIONS)
@click.argument("person", metavar="MÃ")
@click.option(
    "--wants",
    type=click.Choice([want.value for want in Wants]),
    help="Muốn nhận qua: mail (thư), both (cả hai), zalo (bớt thư không bắt buộc).",
)
@click.option("--zalo-user", help="Mã người dùng (UID) của OA.")
@click.option("--phone", help="Số điện thoại có Zalo.")
@by_option
@json_option
def contact_command(
    person: str,
    wants: str | None,
    zalo_user: str | None,
    phone: str | None,
    by: str,
    as_json: bool,
) -> None:
    """Đặt cách báo cho MÃ ngoài thư. Việc đến hạn, quá hạn luôn có thư."""
    change = desk.ContactChange(person, Wants(wants) if wants else None, zalo_user, phone)
    contact = start().run(desk.set_contact, change, by)
    if as_json:
        print_json(contact)
        return
    click.echo(f"Đã ghi liên lạc của {person}: {contact.wants.value}.")


@notify_command.command("tokens", options_metavar=OPTIONS)
@click.argument("alias", metavar="BÍ_DANH")
def tokens_command(alias: str) -> None:
    """Nạp cặp mã OA lấy ở API Explorer; được niêm phong trước khi vào cơ sở dữ liệu."""
    access = click.prompt("Access token", hide_input=True)
    refresh = click.prompt("Refresh token", hide_input=True)
    app = start()
    desk.load_tokens(app, alias, access.strip(), refresh.strip())
    click.echo(f"Đã nạp cặp mã của {alias}. Thử: khcn notify test {ZALO} --to MÃ")


@notify_command.command("preview", options_metavar=OPTIONS)
@click.argument("event", metavar="SỰ_KIỆN", type=click.Choice([event.value for event in Event]))
@click.argument("code", metavar="[MÃ]", default="")
@click.option("--channel", type=click.Choice(["mail", "html", "zalo"]), default="mail")
def preview_command(event: str, code: str, channel: str) -> None:
    """Xem trước điều SỰ_KIỆN của nhiệm vụ MÃ sẽ báo, dạng thư, trang hoặc tin Zalo.

    Ai nhận, và vì sao hôm nay không gửi (nếu không gửi), hiện ở luồng lỗi chuẩn. Không ghi
    MÃ: số liệu minh họa.
    """
    kind, app = Event(event), start()
    if not code:
        click.echo(_form(render(kind, samples(kind)[0], app.settings.mail_templates), channel))
        return
    shown = app.ask(previewing.preview, kind, code, ZALO if channel == ZALO else MAIL)
    for each in shown:
        person = f"{each.recipient.name} ({each.recipient.code}) <{each.recipient.email}>"
        click.echo(f"Người nhận: {person}, qua {CHANNEL_WORDS[each.channel]}", err=True)
        for hindrance in each.hindrances:
            click.echo(f"  KHÔNG GỬI: {hindrance}", err=True)
    click.echo(_form(shown[0].rendered, channel))


def _form(shown: Rendered, channel: str) -> str:
    """What the recipient of a channel sees; a mail as text, with its subject."""
    forms = {"mail": f"{shown.subject}\n\n{shown.text}", "html": shown.html, "zalo": shown.brief}
    return forms[channel]


@notify_command.command("ladder", options_metavar=OPTIONS)
@json_option
def ladder_command(as_json: bool) -> None:
    """Bậc thang nhắc việc đang dùng: ai được báo, bao nhiêu ngày trước hoặc sau hạn."""
    app = start()
    ladder = app.ask(desk.ladder_now)
    if as_json:
        print_json(ladder)
        return
    titles = ["Bậc", "Ngày làm việc", "Báo cho", "Bằng", "Chỉ cho"]
    print_table(
        titles,
        [
            (
                rung.id,
                _days(rung.offset),
                AUDIENCE_WORDS[rung.audience],
                BY_WORDS[rung.by],
                ", ".join((*rung.scope.stages, *rung.scope.levels, *rung.scope.steps)),
            )
            for rung in ladder
        ],
    )
    click.echo(f"\nTheo tệp {ladder_path(app.settings.mail_templates)}")


def _days(offset: int) -> str:
    if offset == 0:
        return "đúng ngày hạn"
    return f"trước hạn {-offset} ngày" if offset < 0 else f"quá hạn {offset} ngày"
