"""What `khcn doctor --production` adds: is this safe to stand in an office's network?

Where it can be asked, the running server is asked, not the environment: who gets in without
a password is seen by trying. docs/hardening.md tells how each is put right.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from khcn_workflow.cli.deploying import POOL
from khcn_workflow.cli.findings import Finding, bad, good, warning
from khcn_workflow.cli.prefect_api import PrefectApi
from khcn_workflow.settings import Settings

SEE = "Xem docs/hardening.md, phần {}"
STRANGER = "https://nguoi-la.example"
SHORTEST_PASSWORD = 12
SECRETS = ("secret.key",)
"""Files of the home that nobody but the owner may read."""


def access(api: PrefectApi) -> Iterator[Finding]:
    """Who gets in without a password, from a foreign page, or with a forged form."""
    stranger = PrefectApi(api.address, timeout=api.timeout)
    yield _auth(stranger, api.auth)
    yield _csrf(api)
    yield _cors(stranger)


def environment(env: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """What only the server's own environment tells."""
    key = env.get("PREFECT_SERVER_ENCRYPTION_KEY", "")
    if key:
        yield good("Khóa mã hóa", "PREFECT_SERVER_ENCRYPTION_KEY đã đặt")
    else:
        yield bad(
            "Khóa mã hóa",
            "PREFECT_SERVER_ENCRYPTION_KEY chưa đặt: khóa nằm ngay cạnh dữ liệu nó mã hóa",
            SEE.format("3"),
        )


def public_address(settings: Settings) -> Iterator[Finding]:
    """People reach the UI by TLS."""
    scheme = urlsplit(settings.ui_url).scheme
    if scheme == "https":
        yield good("TLS", f"địa chỉ công khai {settings.ui_url}")
    else:
        shown = settings.ui_url or "chưa đặt"
        yield bad("TLS", f"KHCN_UI_URL {shown}, không phải https", SEE.format("4"))


def server_settings(settings: Settings, api: PrefectApi) -> Iterator[Finding]:
    """What the running server says of its own settings."""
    server = api.call("GET", "/admin/settings")["server"]
    if server["analytics_enabled"]:
        yield bad("Gửi thống kê ra ngoài", "đang bật", "Đặt PREFECT_SERVER_ANALYTICS_ENABLED=false")
    else:
        yield good("Gửi thống kê ra ngoài", "máy chủ đã tắt; trình duyệt: chặn bằng CSP ở proxy")
    workers = api.call("POST", f"/work_pools/{POOL}/workers/filter", {})
    online = sum(each["status"] == "ONLINE" for each in workers)
    url = str(server["database"]["connection_url"] or "")
    on_sqlite = [
        name
        for name, is_sqlite in (
            ("của Prefect", "postgresql" not in url and "*" not in url),
            ("của khcn", settings.database_url.startswith("sqlite")),
        )
        if is_sqlite
    ]
    if on_sqlite and online > 1:
        names = " và ".join(on_sqlite)
        yield bad(
            "Nhiều máy",
            f"{online} máy thực thi mà cơ sở dữ liệu {names} là SQLite",
            SEE.format("7"),
        )
    else:
        yield good("Nhiều máy", f"{online} máy thực thi, cơ sở dữ liệu phù hợp")


def files(settings: Settings) -> Iterator[Finding]:
    """Nobody else on the machine can read the home, and secrets are the owner's alone."""
    home = settings.home
    if not home.is_dir():
        yield warning("Quyền tệp", f"{home} chưa có", "Chạy khcn một lần, rồi: chmod 700")
        return
    wrong = [f"{home} ({_mode(home)})"] if _open_to(home, stat.S_IRWXO) else []
    wrong += [
        f"{home / name} ({_mode(home / name)})"
        for name in SECRETS
        if (home / name).exists() and _open_to(home / name, stat.S_IRWXG | stat.S_IRWXO)
    ]
    for what in wrong:
        yield bad("Quyền tệp", f"người khác trên máy vào được {what}", SEE.format("5"))
    if not wrong:
        yield good("Quyền tệp", f"{home} chỉ mở cho người chạy dịch vụ")


def _auth(stranger: PrefectApi, password: str) -> Finding:
    check = "Mật khẩu API"
    try:
        stranger.send("POST", "/deployments/filter", {})
    except HTTPError as refusal:
        if refusal.code != 401:  # noqa: PLR2004 - Unauthorized
            return warning(check, f"máy chủ trả lời {refusal.code}", SEE.format("1"))
        if password and len(password.partition(":")[2]) < SHORTEST_PASSWORD:
            return bad(check, f"ngắn hơn {SHORTEST_PASSWORD} ký tự", SEE.format("1"))
        return good(check, "máy chủ từ chối người không có mật khẩu")
    except URLError as problem:
        return bad(check, f"không hỏi được máy chủ ({problem.reason})", SEE.format("1"))
    return bad(check, "ai cũng vào được: PREFECT_SERVER_API_AUTH_STRING chưa đặt", SEE.format("1"))


def _csrf(api: PrefectApi) -> Finding:
    """With a password, as an operator's browser sends it, but without the page's token."""
    try:
        api.send("POST", "/deployments/filter", {})
    except HTTPError as refusal:
        if refusal.code == 403:  # noqa: PLR2004 - Forbidden
            return good("Chống giả mạo biểu mẫu", "máy chủ đòi mã CSRF")
        return warning("Chống giả mạo biểu mẫu", f"máy chủ trả lời {refusal.code}", SEE.format("2"))
    return bad(
        "Chống giả mạo biểu mẫu",
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED chưa bật",
        SEE.format("2"),
    )


def _cors(stranger: PrefectApi) -> Finding:
    asks = {"Origin": STRANGER, "Access-Control-Request-Method": "POST"}
    try:
        _, headers = stranger.send("OPTIONS", "/flow_runs/filter", None, asks)
        allowed = headers.get("access-control-allow-origin", "")
    except (HTTPError, ValueError):
        allowed = ""
    if allowed in ("*", STRANGER):
        return bad(
            "Trang lạ gọi API",
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS cho mọi nơi",
            SEE.format("2"),
        )
    return good("Trang lạ gọi API", "máy chủ không cho")


def _open_to(path: Path, whom: int) -> bool:
    return bool(path.stat().st_mode & whom)


def _mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"
