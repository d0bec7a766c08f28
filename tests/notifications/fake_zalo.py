"""A fake Zalo: the Bot Platform, ZBS templates and OAuth v4, as their documents say they behave.

A real HTTP server on this machine. Sources: shared facts on Zalo of 24/11/2026, summed up in
docs/notifications.md; what no document says is marked «guess» below. Also used by end-to-end
tests: `environment()` gives the variables that send a whole process here.
"""

import json
import socket
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

BOT_TOKEN = "4137:Bi-mat-cua-bot"  # noqa: S105 - of the fake
APP_ID, APP_SECRET = "1029384756", "bi-mat-cua-ung-dung"

SEND = "sendMessage"
UPDATES = "getUpdates"
OA = "/v3.0/oa/message/template"
ZBS = "/message/template"
OAUTH = "/v4/oa/access_token"


@dataclass
class Fault:
    """What happens to one request instead of what should.

    `taken`: the message is accepted all the same. `status` and `body` are the answer; without
    `body` there is none and the line is dropped. `slow`: seconds before answering.
    """

    status: int = 200
    body: bytes | None = None
    taken: bool = False
    slow: float = 0.0


def error(code, message="", status=200, **more):
    """An error as OA and ZBS tell it: HTTP 200 with a number in the body."""
    body = {"error": code, "message": message, **more}
    return Fault(status, json.dumps(body).encode())


def bot_error(code, description="", status=None):
    body = {"ok": False, "error_code": code, "description": description}
    return Fault(200 if status is None else status, json.dumps(body).encode())


def dropped(*, taken):
    return Fault(taken=taken)


def slow(seconds, *, taken=True):
    return Fault(200, b"", taken=taken, slow=seconds)


@dataclass
class FakeZalo:
    """The state of the other side; every attribute may be read and set by a test.

    `sent` holds (way, recipient, text or values) of each message that reached a person.
    """

    port: int = 0
    lifetime: str = "90000"  # a string, seconds
    wants_proof: bool = False
    rotates: bool = True
    quota: int = 500
    followers: set = field(default_factory=lambda: {"uid-lan"})
    phones: set = field(default_factory=lambda: {"84912345678"})
    chats: set = field(default_factory=lambda: {"chat-lan"})
    templates: set = field(default_factory=lambda: {"405601"})
    access: dict = field(default_factory=dict)  # token -> when it ends, monotonic seconds
    refresh: set = field(default_factory=set)
    spent: set = field(default_factory=set)
    sent: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    refreshes: int = 0
    written: deque = field(default_factory=deque)
    faults: dict = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def environment(self, alias="nhacviec"):
        """What makes another process take this server for Zalo, and be let in."""
        name = alias.upper().replace("-", "_")
        hosts = {f"KHCN_ZALO_{api}_URL": self.url for api in ("BOT", "OA", "ZBS", "OAUTH")}
        return hosts | {
            f"KHCN_ZALOBOT_{name}_TOKEN": BOT_TOKEN,
            f"KHCN_ZALOOA_{name}_APP_ID": APP_ID,
            f"KHCN_ZALOOA_{name}_APP_SECRET": APP_SECRET,
        }

    def will(self, place, *faults):
        """The next requests to `place` meet these faults, in turn."""
        self.faults.setdefault(place, deque()).extend(faults)

    def new_pair(self, number=None):
        """A pair that is in force; the one before it stays so until it ends."""
        with self.lock:
            number = len(self.access) + 1 if number is None else number
            pair = f"access-{number:04}-bi-mat", f"refresh-{number:04}-bi-mat"
            self.access[pair[0]] = time.monotonic() + float(self.lifetime)
            self.refresh.add(pair[1])
            return pair

    def revoke(self):
        """No access token is in force any more."""
        with self.lock:
            self.access = dict.fromkeys(self.access, 0.0)

    def person_writes(self, text, chat="chat-lan", name="Lan", kind="PRIVATE"):
        self.written.append(
            {
                "event_name": "message.text.received",
                "message": {
                    "message_id": f"in-{len(self.written) + len(self.sent)}",
                    "from": {"id": chat, "display_name": name, "is_bot": False},
                    "chat": {"id": chat, "chat_type": kind},
                    "text": text,
                    "date": 1766619597466,
                },
            }
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        zalo = self.server.zalo
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place = self._place()
        with zalo.lock:
            zalo.requests.append((self.path, dict(self.headers), raw))
            fault = zalo.faults[place].popleft() if zalo.faults.get(place) else None
        if fault is None or fault.taken:
            status, body = self._answer(place, raw)
        if fault is not None:
            time.sleep(fault.slow)
            if fault.body is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status, body = fault.status, fault.body
        self._say(status, body)

    def do_GET(self):
        self._say(404, b"<html>404</html>")

    def log_message(self, *args):
        pass

    def _place(self):
        return self.path.rsplit("/", 1)[1] if self.path.startswith("/bot") else self.path

    def _answer(self, place, raw):
        zalo = self.server.zalo
        if self.path.startswith("/bot"):
            if self.path != f"/bot{BOT_TOKEN}/{place}":
                return _bot_no(401, "Unauthorized")
            return _bot(zalo, place, json.loads(raw or b"{}"))
        if self.path == OAUTH:
            return _oauth(zalo, self.headers, parse_qs(raw.decode()))
        if self.path in (OA, ZBS):
            return _template(zalo, self.path, self.headers, json.loads(raw))
        return 404, b"<html>404</html>"

    def _say(self, status, body):
        kind = "text/html" if body.startswith(b"<") else "application/json"
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the other side has hung up, as it may
            self.close_connection = True


def _bot(zalo, method, body):
    match method:
        case "getMe":
            return _bot_yes({"id": "4137", "account_name": "bot.nhacviec", "account_type": "BASIC"})
        case "getUpdates":
            return _updates(zalo, body)
        case "sendMessage":
            return _chat(zalo, body)
    return _bot_no(404, "Not Found", 404)  # guess


def _updates(zalo, body):
    if not isinstance(body.get("timeout", ""), str):
        return _bot_no(400, "timeout is a string")
    with zalo.lock:
        if zalo.written:
            return _bot_yes(zalo.written.popleft())
    return _bot_no(408, "Request timeout")


def _chat(zalo, body):
    text, chat = body.get("text", ""), body.get("chat_id")
    if not 1 <= len(text) <= 2000 or chat not in zalo.chats:
        return _bot_no(400, "Bad Request")
    with zalo.lock:
        if zalo.quota <= 0:
            return _bot_no(429, "Quota exceeded")
        zalo.quota -= 1
        zalo.sent.append(("bot", chat, text))
        return _bot_yes({"message_id": f"m-{len(zalo.sent)}", "date": 1749632637199})


def _oauth(zalo, headers, form):
    """A refresh token is single use; one that was spent answers with an empty 200."""
    given = form.get("refresh_token", [""])[0]
    right = (headers.get("secret_key"), form.get("app_id"), form.get("grant_type"))
    with zalo.lock:
        zalo.refreshes += 1
        if right != (APP_SECRET, [APP_ID], ["refresh_token"]):
            return _json({"error": -14002, "error_name": "Invalid app"})  # guess
        if given in zalo.spent:
            return 200, b""
        if given not in zalo.refresh:
            return _json({"error": "-14014", "error_name": "Invalid refresh token"})
        access, refresh = zalo.new_pair()
        answer = {"access_token": access, "expires_in": zalo.lifetime}
        if zalo.rotates:
            zalo.refresh.discard(given)
            zalo.spent.add(given)
            answer["refresh_token"] = refresh
        return _json(answer)


def _template(zalo, path, headers, body):
    by_phone = path == ZBS
    with zalo.lock:
        token = headers.get("access_token", "")
        if zalo.access.get(token, 0.0) <= time.monotonic():
            return _no(-124 if by_phone else -216, "Access token invalid")
        if zalo.wants_proof and not headers.get("appsecret_proof"):
            return _no(-1241 if by_phone else -242, "appsecret_proof required")
        if body.get("template_id") not in zalo.templates:
            return _no(-109 if by_phone else -201, "template_id invalid")
        if any(not value or len(value) > 200 for value in body["template_data"].values()):
            return _no(-1121 if by_phone else -201, "template_data invalid")
        return _by_phone(zalo, body) if by_phone else _by_user(zalo, body)


def _by_user(zalo, body):
    if body.get("user_id") not in zalo.followers:
        return _no(-213, "User has not followed OA")
    zalo.quota -= 1
    zalo.sent.append(("oa", body["user_id"], body["template_data"]))
    data = {"message_id": f"m-{len(zalo.sent)}", "quota": {"remain": str(zalo.quota)}}
    return _json({"error": 0, "message": "Success", "data": data})


def _by_phone(zalo, body):
    if not body.get("tracking_id") or len(body["tracking_id"]) > 48:
        return _no(-1122, "tracking_id invalid")
    if body.get("phone") not in zalo.phones:
        return _no(-118, "Zalo account not existed")
    zalo.quota -= 1
    zalo.sent.append(("zbs", body["phone"], body["template_data"]))
    data = {
        "msg_id": f"m-{len(zalo.sent)}",
        "sent_time": "1626926349402",
        "quota": {"dailyQuota": "500", "remainingQuota": str(zalo.quota)},
    }
    return _json({"error": 0, "message": "Success", "data": data})


def _no(code, message):
    return _json({"error": code, "message": message})


def _bot_yes(result):
    return _json({"ok": True, "result": result})


def _bot_no(code, description, status=200):
    body = {"ok": False, "error_code": code, "description": description}
    return status, json.dumps(body).encode()


def _json(body):
    return 200, json.dumps(body).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def running(**state):
    """A Zalo on this machine; yields its `FakeZalo`."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.zalo = FakeZalo(port=server.server_port, **state)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.zalo
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
