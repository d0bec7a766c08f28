"""Prefect's HTTP API, asked as its UI does: basic auth, CSRF, patience with a busy SQLite."""

import base64
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

HTTP_TIMEOUT = 100
"""Longer than the 60 seconds that Prefect's SQLite waits for a lock before it gives up."""
BUSY_TRIES = 20
BUSY_SECONDS = 0.5


@dataclass(slots=True)
class PrefectApi:
    """One server.

    Attributes:
        address: The UI's address; the API is below it at /api.
        auth: "user:password" of a server that asks for it, else empty.
        timeout: Seconds to wait for one answer.
    """

    address: str
    auth: str = field(default="", repr=False)
    timeout: float = HTTP_TIMEOUT
    _csrf: dict[str, str] | None = field(default=None, repr=False)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON answer, None for an empty one.

        A server whose SQLite is busy answers 503 and has done nothing: it is asked again,
        as Prefect's own client does.

        Raises:
            OSError: No connection, or an HTTP error.
        """
        headers = self._csrf_headers() if method != "GET" else {}
        for patience in range(BUSY_TRIES, -1, -1):
            try:
                return self.send(method, path, body, headers)[0]
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or not patience:
                    raise
            time.sleep(BUSY_SECONDS)
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def is_healthy(self) -> bool:
        """Whether the server answers."""
        try:
            self.send("GET", "/health")
        except (OSError, ValueError):
            return False
        return True

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Any, Message]:
        """One request, once: the JSON answer and the answer's headers.

        Raises:
            OSError: No connection, or an HTTP error.
        """
        request = urllib.request.Request(  # noqa: S310 - the address is an http(s) setting
            f"{self.address}/api{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **self._credentials(), **(headers or {})},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
            text = answer.read()
            return (json.loads(text) if text else None), answer.headers

    def _credentials(self) -> dict[str, str]:
        if not self.auth:
            return {}
        return {"Authorization": f"Basic {base64.b64encode(self.auth.encode()).decode()}"}

    def _csrf_headers(self) -> dict[str, str]:
        """The token that a server with CSRF protection wants; nothing from one without."""
        if self._csrf is None:
            client = str(uuid4())
            try:
                token = self.send("GET", f"/csrf-token?client={client}")[0]["token"]
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.UNPROCESSABLE_ENTITY:
                    raise
                self._csrf = {}
            else:
                self._csrf = {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client}
        return self._csrf


def auth_of(environment: Mapping[str, str] = os.environ) -> str:
    """ "user:password" for the API, from the client's setting or the server's own."""
    names = ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING")
    return next((environment[name] for name in names if environment.get(name)), "")


def address_of(api_url: str) -> str:
    """The UI's address of a `PREFECT_API_URL`; empty when it is no http(s) address."""
    if urlsplit(api_url).scheme not in ("http", "https"):
        return ""
    return api_url.rstrip("/").removesuffix("/api")
