"""What `khcn doctor` asks Prefect's server: deployments, schedules, workers, its clock."""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import yaml

from khcn_workflow.bootstrap import Application
from khcn_workflow.cli.checks import clock_offset
from khcn_workflow.cli.deploying import POOL, prefect_file
from khcn_workflow.cli.findings import Finding, bad, good
from khcn_workflow.cli.prefect_api import PrefectApi

SERVER = "Máy chủ Prefect"
START = "Chạy: khcn up (hoặc systemctl start khcn-server khcn-worker)"


def server(app: Application, api: PrefectApi) -> Iterator[Finding]:
    """It answers, knows our deployments and schedules, and a worker asks it for runs."""
    try:
        _, headers = api.send("GET", "/health")
    except OSError as problem:
        yield bad(SERVER, f"{api.address} không trả lời ({problem})", START)
        return
    yield good(SERVER, f"{api.address} trả lời")
    theirs: datetime = parsedate_to_datetime(headers["date"])
    yield clock_offset("Đồng hồ máy chủ Prefect", theirs, app)
    yield from _deployments(api.call("POST", "/deployments/filter", {}))
    yield _workers(api.call("POST", f"/work_pools/{POOL}/workers/filter", {}))


def _deployments(found: list[dict[str, Any]]) -> Iterator[Finding]:
    known = {each["name"]: each for each in found}
    again = "Triển khai lại: khởi động lại khcn up, hoặc prefect --no-prompt deploy --all"
    wrong = False
    for wanted in _wanted():
        name, have = str(wanted["name"]), known.get(str(wanted["name"]))
        if have is None:
            wrong = True
            yield bad("Bản triển khai", f"thiếu «{name}»", again)
        elif wanted.get("schedules") and not _is_scheduled(have):
            wrong = True
            yield bad(
                "Lịch chạy", f"«{name}» đang tạm dừng", f"Mở «{name}» trong giao diện, bật Schedule"
            )
    if not wrong:
        yield good("Bản triển khai", f"{len(known)} bản, lịch đang bật")


def _is_scheduled(deployment: dict[str, Any]) -> bool:
    active = any(schedule["active"] for schedule in deployment["schedules"])
    return active and not deployment["paused"]


def _workers(found: list[dict[str, Any]]) -> Finding:
    online = [each for each in found if each["status"] == "ONLINE"]
    if not online:
        return bad("Máy thực thi", "không có máy nào đang nhận việc", START)
    return good("Máy thực thi", f"{len(online)} máy đang nhận việc")


def _wanted() -> list[dict[str, Any]]:
    content = yaml.safe_load(prefect_file().read_text(encoding="utf-8"))
    deployments: list[dict[str, Any]] = content["deployments"]
    return deployments
