"""What `khcn doctor` looks at on this machine, without Prefect's server."""

import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from khcn_workflow.bootstrap import Application
from khcn_workflow.cli.findings import Finding, bad, good, warning
from khcn_workflow.cli.processes import holder, is_free
from khcn_workflow.domain import vietnamese
from khcn_workflow.services import health
from khcn_workflow.settings import Settings
from notifications.outbox import Attempt, Outcome

PYTHONS = SpecifierSet(">=3.11,<3.14")
SPACE_NEEDED = 1024**3
"""Bytes of free disk below which a warning is given; a tenth of it is too little."""

CLOCK_TOLERANCE = timedelta(seconds=30)


def python_and_libraries() -> Iterator[Finding]:
    """Every declared dependency is there, in the range in which it was tried."""
    ours = platform.python_version()
    if ours in PYTHONS:
        yield good("Python", f"{ours} ở {sys.prefix}")
    else:
        yield bad("Python", f"{ours}, cần {PYTHONS}", "Cài Python 3.11, 3.12 hoặc 3.13")
    wrong = list(_wrong_versions())
    for name, found, wanted in wrong:
        yield bad(
            "Thư viện",
            f"{name} {found}, cần {wanted}",
            "Cài lại đúng phiên bản: pip install -r requirements.lock",
        )
    if not wrong:
        yield good("Thư viện", f"đúng phiên bản, Prefect {version('prefect')}")


def port(number: int, ours: str) -> Iterator[Finding]:
    """The port is free, or it is our own server that has it.

    Args:
        ours: Address of the `khcn up` of this home, empty for none.
    """
    if is_free(number):
        yield good("Cổng", f"{number} còn trống")
    elif ours.endswith(f":{number}"):
        yield good("Cổng", f"{number} do «khcn up» của nơi này dùng")
    else:
        who = holder(number) or "một chương trình khác"
        yield bad("Cổng", f"{number} bị chiếm bởi {who}", "Dừng nó, hoặc: khcn up --port 4300")


def database(app: Application) -> Iterator[Finding]:
    """Reachable, of this version, writable, with a readable head of the chain; its clock."""
    check, state = "Cơ sở dữ liệu", health.database_state(app.settings)
    if not state.exists:
        yield warning(check, "chưa có", "Lệnh đầu tiên ghi vào sổ (khcn import) sẽ tạo")
    elif state.problem:
        yield bad(
            check,
            f"không đọc hoặc ghi được ({state.problem})",
            "Kiểm tra KHCN_DATABASE_URL, quyền, đĩa; khôi phục bản sao: khcn restore",
        )
    elif not state.revision:
        yield warning(check, "chưa có bảng nào", "Lệnh đầu tiên đọc sổ (khcn tasks) sẽ tạo")
    elif not state.is_newest:
        yield warning(
            check,
            f"bảng ở phiên bản {state.revision}, cũ hơn chương trình",
            "Sao lưu (khcn backup), rồi chạy một lệnh bất kỳ, ví dụ: khcn tasks",
        )
    else:
        rows = vietnamese.count(state.rows)
        yield good(check, f"{state.kind}, ghi được, {rows} dòng sổ cái, đầu sổ {state.head[:12]}…")
    if state.clock is not None:
        yield clock_offset("Đồng hồ máy cơ sở dữ liệu", state.clock, app)


def clock_offset(check: str, theirs: datetime, app: Application) -> Finding:
    """Whether another machine's clock goes as ours does."""
    offset = abs(theirs - type(app.clock)().now())
    if offset <= CLOCK_TOLERANCE:
        return good(check, f"lệch {offset.total_seconds():.0f} giây")
    return bad(
        check,
        f"lệch {offset.total_seconds():.0f} giây so với máy này",
        "Bật đồng bộ giờ (chrony, systemd-timesyncd) trên cả hai máy",
    )


def zone_and_day(app: Application) -> Iterator[Finding]:
    """The zone's rules are there; a fixed day is nothing for daily use."""
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        yield bad("Múi giờ", "máy không biết Asia/Ho_Chi_Minh", "Cài tzdata: pip install tzdata")
        return
    today = vietnamese.day(app.clock.today())
    if app.settings.today is not None:
        remedy = "Bỏ biến KHCN_TODAY khi dùng thật"
        yield warning("Ngày", f"KHCN_TODAY đặt hôm nay là {today}", remedy)
    else:
        yield good("Ngày", f"hôm nay {today}, giờ Hà Nội")


def disk(settings: Settings) -> Iterator[Finding]:
    """Room where the home is."""
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    found = f"còn {free / SPACE_NEEDED:.1f} GB ở {place}"
    remedy = "Dọn đĩa; xem docs/operations.md, phần Dọn dẹp"
    if free < SPACE_NEEDED / 10:
        yield bad("Đĩa", found, remedy)
    elif free < SPACE_NEEDED:
        yield warning("Đĩa", found, remedy)
    else:
        yield good("Đĩa", found)


def channels(settings: Settings) -> Iterator[Finding]:
    """Each channel lets us in; nothing is sent."""
    mail, admin = health.channel_state(settings)
    yield _channel("Kênh gửi thư", "KHCN_MAIL_URL", mail)
    yield _channel("Kênh quản trị", "KHCN_ADMIN_URL", admin)


def rules(app: Application) -> Iterator[Finding]:
    """Templates render, rulebooks load, the calendar reaches next year."""
    problem = health.template_problem(app.settings)
    if problem:
        yield bad("Mẫu thư", problem, "Sửa tệp mẫu ấy trong KHCN_MAIL_TEMPLATES")
    else:
        yield good("Mẫu thư", "mọi mẫu dựng được")
    problem = health.paper_problem(app.settings, app.clock.today())
    if problem:
        yield bad("Mẫu văn bản", problem, f"Sửa hoặc bỏ tệp ấy trong {app.settings.own_templates}")
    else:
        yield good("Mẫu văn bản", "mọi mẫu dùng được")
    problem = health.rules_problem(app.settings)
    if problem:
        yield bad("Bộ quy định", problem, "Soát bằng: khcn rulebook check")
    else:
        yield good("Bộ quy định", "mọi bộ đọc được")
    problem = health.ladder_problem(app.settings)
    if problem:
        yield bad("Bậc thang nhắc việc", problem, "Sửa ladder.toml trong KHCN_MAIL_TEMPLATES")
    else:
        yield good("Bậc thang nhắc việc", "đọc được")
    yield _calendar(app)


def sweep(app: Application) -> Iterator[Finding]:
    """The last working day was swept, and no message waits for a broken channel."""
    state = app.ask(health.sweep_state)
    if state.owed_for and (state.swept_to is None or state.swept_to < state.owed_for):
        last = f"lần cuối {vietnamese.day(state.swept_to)}" if state.swept_to else "chưa lần nào"
        yield bad(
            "Quét hạn",
            f"ngày làm việc {vietnamese.day(state.owed_for)} chưa quét ({last})",
            "Chạy: khcn sweep; xem lịch «Quét hạn» có bị tạm dừng không",
        )
    else:
        yield good(
            "Quét hạn", "đã quét ngày làm việc gần nhất" if state.owed_for else "chưa có việc"
        )
    if state.parked:
        number = vietnamese.count(state.parked)
        yield bad(
            "Thư bị giữ", f"{number} thư chờ sửa kênh gửi", "Sửa kênh rồi: khcn deliver --again"
        )


def _calendar(app: Application) -> Finding:
    official, last = health.calendar_until(app.settings)
    next_year = app.clock.today().year + 1
    found = f"ngày nghỉ đã công bố đến {vietnamese.day(official)}"
    if last.year < next_year:
        return bad("Lịch", f"lịch hết ngày {vietnamese.day(last)}", "Cập nhật chương trình")
    if official.year < next_year:
        remedy = (
            f"Khi có thông báo nghỉ năm {next_year}, thêm vào KHCN_CALENDARS (docs/calendar.md)"
        )
        return warning("Lịch", f"{found}; hạn rơi vào năm {next_year} là dự kiến", remedy)
    return good("Lịch", found)


def _channel(check: str, setting: str, attempt: Attempt) -> Finding:
    if attempt.outcome is Outcome.SENT:
        return good(check, attempt.detail)
    return bad(check, f"{attempt.detail} (mã {attempt.code})", f"Sửa {setting}, rồi soát lại")


def _wrong_versions() -> Iterator[tuple[str, str, str]]:
    """Declared dependencies that are missing or out of range: name, version, what is wanted."""
    for text in requires("khcn-workflow") or ():
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            found = "chưa cài"
        if found == "chưa cài" or not wanted.specifier.contains(found, prereleases=True):
            yield wanted.name, found, str(wanted.specifier)
