"""`khcn doctor` on homes that are well and on homes that are not; a small server stands in
for Prefect's where only what is asked of it matters (the real one: tests/flows)."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from khcn_workflow.cli import checks, production_checks
from khcn_workflow.cli.findings import Level
from khcn_workflow.cli.prefect_api import PrefectApi, address_of
from tests.cli.running import khcn, run
from tests.databases import current

NOWHERE = "http://127.0.0.1:9/api"


def findings(home, *arguments: str, **more: str) -> dict[str, dict]:
    done = run(home, "doctor", "--json", *arguments, **{"PREFECT_API_URL": NOWHERE, **more})
    assert "Traceback" not in done.stderr, done.stderr
    return {each["check"]: each for each in json.loads(done.stdout)}


def test_a_home_in_order_but_for_the_server(fresh_copy):
    done = run(fresh_copy, "doctor", PREFECT_API_URL=NOWHERE)
    assert done.returncode == 1
    assert f"✔ Cơ sở dữ liệu: {current().kind}, ghi được" in done.stdout
    assert "✘ Máy chủ Prefect: http://127.0.0.1:9 không trả lời" in done.stdout
    assert "    → Chạy: khcn up" in done.stdout


def test_a_home_that_is_not_there_yet_is_no_fault(tmp_path):
    address = f"sqlite:///{tmp_path / 'moi' / 'khcn.sqlite'}"
    found = findings(tmp_path / "moi", KHCN_DATABASE_URL=address)
    assert found["Cơ sở dữ liệu"]["level"] == "lưu ý"
    assert found["Quét hạn"]["level"] == "tốt"


def test_a_database_that_is_none_is_bad_and_is_not_touched(tmp_path):
    file = tmp_path / "khcn.sqlite"
    file.write_bytes(b"khong phai co so du lieu " * 40)
    found = findings(tmp_path, KHCN_DATABASE_URL=f"sqlite:///{file}")
    assert found["Cơ sở dữ liệu"]["level"] == "hỏng"
    assert "not a database" in found["Cơ sở dữ liệu"]["found"]


def test_a_day_without_a_sweep_is_bad_until_it_is_swept(fresh_copy):
    assert findings(fresh_copy)["Quét hạn"]["level"] == "hỏng"
    khcn(fresh_copy, "sweep")
    assert findings(fresh_copy)["Quét hạn"]["level"] == "tốt"


def test_a_broken_template_is_named_with_its_file(fresh_copy, tmp_path):
    folder = tmp_path / "mau" / "overdue"
    folder.mkdir(parents=True)
    (folder / "subject.txt.j2").write_text("{{ khong_co }}")
    found = findings(fresh_copy, KHCN_MAIL_TEMPLATES=str(tmp_path / "mau"))
    assert found["Mẫu thư"]["level"] == "hỏng"
    assert "subject.txt.j2" in found["Mẫu thư"]["found"]


def test_a_mail_server_that_is_not_there_is_bad_and_its_password_is_not_shown(fresh_copy):
    done = run(
        fresh_copy,
        "doctor",
        PREFECT_API_URL=NOWHERE,
        KHCN_MAIL_URL="officemail://nguoi:matkhau-rat-dai@127.0.0.1:9",
    )
    assert "✘ Kênh gửi thư: Không nối được máy chủ thư" in done.stdout
    assert "matkhau" not in done.stdout + done.stderr


def test_what_is_wrong_is_told_to_the_administrator_once_a_day(fresh_copy):
    def told() -> list[str]:
        assert run(fresh_copy, "doctor", "--alert", PREFECT_API_URL=NOWHERE).returncode == 1
        return sorted(mail.name for mail in (fresh_copy / "quan-tri").glob("*.eml"))

    first = told()
    assert len(first) >= 2  # the server, and the sweep that has not run
    assert told() == first


def test_a_library_out_of_its_range_is_named(monkeypatch):
    monkeypatch.setattr(
        checks, "version", lambda name: "2.1.3" if name == "sqlalchemy" else "3.8.8"
    )
    monkeypatch.setattr(
        checks, "requires", lambda _: ["sqlalchemy<2.1,>=2.0.40", "numpy>=2; extra == 'vectors'"]
    )
    found = {each.found: each.level for each in checks.python_and_libraries()}
    assert found["sqlalchemy 2.1.3, cần <2.1,>=2.0.40"] is Level.BAD
    assert not any("numpy" in text for text in found)


def test_no_command_waits_for_prefect(fresh_copy):
    """Events are hints that delivery gives later: with the server away nothing is slower."""
    away = {"PREFECT_API_URL": "http://10.255.255.1:4200/api"}  # answers nobody, refuses nobody
    due = json.loads(khcn(fresh_copy, "due", "--json"))[0]
    began = datetime.now(UTC)  # noqa: TID251 - measures real seconds
    done = run(
        fresh_copy,
        "delay",
        due["task_code"],
        due["step_id"],
        "--cause",
        "xin-y-kien",
        **away,
    )
    assert done.returncode == 0, done.stderr
    assert datetime.now(UTC) - began < timedelta(seconds=30)  # noqa: TID251 - as above


class Fake(BaseHTTPRequestHandler):
    """A server whose answers a test sets."""

    behind = timedelta(0)
    password = ""
    csrf = False
    cors = ""

    def do_GET(self):
        if self.path == "/api/admin/settings":
            database = {"connection_url": "sqlite+aiosqlite:////prefect.db"}
            return self.answer({"server": {"analytics_enabled": True, "database": database}})
        if self.path.startswith("/api/csrf-token"):
            return self.answer({"token": "t"}) if self.csrf else self.answer({}, 422)
        return self.answer(True)

    def do_POST(self):
        if self.password and "Authorization" not in self.headers:
            return self.answer({}, 401)
        if self.csrf and "Prefect-Csrf-Token" not in self.headers:
            return self.answer({}, 403)
        return self.answer([{"status": "ONLINE"}] * 2 if "workers" in self.path else [])

    def do_OPTIONS(self):
        return self.answer({})

    def answer(self, body: object, code: int = 200) -> None:
        self.send_response_only(code)
        self.send_header("Date", format_datetime(datetime.now(UTC) - self.behind))  # noqa: TID251
        if self.cors:
            self.send_header("access-control-allow-origin", self.cors)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server():
    made: list[ThreadingHTTPServer] = []

    def serve(**settings: object) -> str:
        serving = ThreadingHTTPServer(("127.0.0.1", 0), type("Set", (Fake,), settings))
        Thread(target=serving.serve_forever, daemon=True).start()
        made.append(serving)
        return f"http://127.0.0.1:{serving.server_port}"

    yield serve
    for serving in made:
        serving.shutdown()
        serving.server_close()


def test_an_empty_server_lacks_our_deployments(fresh_copy, server):
    found = findings(fresh_copy, PREFECT_API_URL=f"{server()}/api")
    assert found["Máy chủ Prefect"]["level"] == "tốt"
    assert found["Bản triển khai"]["level"] == "hỏng"
    assert found["Máy thực thi"]["found"] == "2 máy đang nhận việc"


def test_a_server_whose_clock_is_off_is_bad(fresh_copy, server):
    slow = server(behind=timedelta(minutes=3))
    found = findings(fresh_copy, PREFECT_API_URL=f"{slow}/api")
    assert found["Đồng hồ máy chủ Prefect"]["level"] == "hỏng"


def test_another_program_at_that_address_is_no_traceback(fresh_copy):
    class Stranger(Fake):
        def do_POST(self):
            self.answer("xin chào")

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as serving:
        Thread(target=serving.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{serving.server_port}/api"
        found = findings(fresh_copy, "--production", PREFECT_API_URL=address)
        serving.shutdown()
    assert found["Máy chủ Prefect"]["level"] == "hỏng"


def levels(looked) -> dict[str, Level]:
    return {each.check: each.level for each in looked}


def test_an_open_server_fails_every_question_of_access(server):
    api = PrefectApi(server(cors="*"))
    assert levels(production_checks.access(api)) == {
        "Mật khẩu API": Level.BAD,
        "Chống giả mạo biểu mẫu": Level.BAD,
        "Trang lạ gọi API": Level.BAD,
    }


def test_a_closed_server_passes_them_unless_the_password_is_short(server):
    address = server(password="x", csrf=True)  # noqa: S106 - no secret
    long = PrefectApi(address, "quan-tri:mot-mat-khau-that-dai")
    assert set(levels(production_checks.access(long)).values()) == {Level.GOOD}
    short = PrefectApi(address, "quan-tri:ngan")
    assert levels(production_checks.access(short))["Mật khẩu API"] is Level.BAD


def test_statistics_and_sqlite_under_two_workers_are_bad(fresh_copy, server):
    from tests.office import settings_in

    looked = production_checks.server_settings(settings_in(fresh_copy), PrefectApi(server()))
    assert set(levels(looked).values()) == {Level.BAD}


def test_key_address_and_files_are_looked_at(tmp_path):
    from tests.office import settings_in

    assert levels(production_checks.environment({})) == {"Khóa mã hóa": Level.BAD}
    key = {"PREFECT_SERVER_ENCRYPTION_KEY": "k"}
    assert levels(production_checks.environment(key)) == {"Khóa mã hóa": Level.GOOD}
    plain = settings_in(tmp_path, KHCN_UI_URL="http://khcn.so.local")
    assert levels(production_checks.public_address(plain)) == {"TLS": Level.BAD}
    (tmp_path / "secret.key").touch(mode=0o644)
    tmp_path.chmod(0o700)
    assert levels(production_checks.files(plain)) == {"Quyền tệp": Level.BAD}
    (tmp_path / "secret.key").chmod(0o600)
    assert levels(production_checks.files(plain)) == {"Quyền tệp": Level.GOOD}
    tmp_path.chmod(0o755)
    assert levels(production_checks.files(plain)) == {"Quyền tệp": Level.BAD}


def test_an_api_address_becomes_the_address_of_the_ui():
    assert address_of("https://khcn.so.local/api/") == "https://khcn.so.local"
    assert address_of("khong") == ""
