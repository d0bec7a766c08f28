"""The cockpit in a real browser: find a task, answer badly, answer well, see what waits next.

Both of Prefect's UIs, on a real server and worker. `KHCN_SCREENSHOTS=FOLDER` keeps pictures.
"""

import os
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from khcn_workflow.clock import Clock
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.verification import verify_ledger
from tests.flows.server import reconcile, running_prefect, waiting
from tests.office import a_task, enter, open_office

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.timeout(600)]

GOOD = "Đề nghị đặt hàng"
PERSON = "Trưởng phòng (tp)"
CODES = {"v2": "NV-2026-01", "v1": "NV-2026-02"}
LATE, LATE_STEP = "NV-2025-09", "Ký hợp đồng"
NEXT = "Phê duyệt danh mục nhiệm vụ đặt hàng"
PATIENCE = 120_000


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"), today=None)
    opened = app.clock.today() - timedelta(days=30)
    for code in CODES.values():
        task = a_task(code, rulebook="nd-268-2025", plan_year=2026)
        app.run(enter, task, "determination_council", opened)
    app.run(enter, a_task(LATE, plan_year=2025), "contract_signing", opened - timedelta(days=30))
    yield app
    app.close()


@pytest.fixture(scope="module")
def prefect(office):
    with running_prefect(office) as server:
        reconcile(office)
        yield server


@dataclass
class V2:
    """The second UI: the form is a sheet behind the three-dots menu."""

    page: Any
    address: str

    def open_run(self, code: str) -> None:
        self.page.goto(f"{self.address}/v2/runs?state=Suspended&tags=nv:{code}")
        self.page.get_by_role("link", name=code).first.click(timeout=PATIENCE)
        self.page.get_by_role("button", name="Open menu").first.wait_for(timeout=PATIENCE)

    def open_form(self) -> None:
        self.page.reload()
        self.page.get_by_role("button", name="Open menu").first.click(timeout=PATIENCE)
        self.page.get_by_role("menuitem", name="Resume").click()
        self.page.get_by_role("dialog").get_by_text("Người quyết định").wait_for()

    def choose(self, title: str, value: str) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name=f"Select {title}").click()
        self.page.get_by_role("option", name=value).click()

    def pick(self, on: date) -> None:
        self.sheet().locator("button").nth(3).click()
        for _ in range(months_back(on)):
            self.page.get_by_role("button", name="Go to the Previous Month").click()
        name = f"{on:%A}, {on:%B} {ordinal(on.day)}, {on.year}"
        self.page.get_by_role("button", name=name).click()
        self.page.keyboard.press("Escape")

    def submit(self) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name="Resume").click()

    def sheet(self) -> Any:
        return self.page.get_by_role("dialog")


@dataclass
class V1(V2):
    """The first UI: a Resume button and a dialog."""

    def open_run(self, code: str) -> None:
        super().open_run(code)
        run_id = self.page.url.partition("/flow-run/")[2].partition("?")[0]
        self.page.goto(f"{self.address}/runs/flow-run/{run_id}")
        self.page.get_by_role("button", name="Resume").first.wait_for(timeout=PATIENCE)

    def open_form(self) -> None:
        self.page.reload()
        self.page.get_by_role("button", name="Resume").first.click(timeout=PATIENCE)
        self.sheet().get_by_text("Người quyết định").wait_for()

    def choose(self, title: str, value: str) -> None:
        place = {"Kết quả": 0, "Người ghi": 1}[title]
        self.sheet().locator(".p-select-button__control").nth(place).focus()
        self.page.keyboard.press("ArrowDown")
        self.page.locator(".p-select-option").filter(has_text=value).first.click()

    def pick(self, on: date) -> None:
        self.sheet().locator(".p-date-button__control").first.focus()
        self.page.keyboard.press("Enter")
        calendar = self.page.locator(".p-pop-over-content").last
        for _ in range(months_back(on)):
            calendar.locator(".p-calendar-header__arrow").first.click()
        days = calendar.locator(".p-calendar-date-picker__date--in-month")
        days.get_by_text(str(on.day), exact=True).click()
        calendar.get_by_text("Apply").click()

    def submit(self) -> None:
        self.sheet().get_by_role("button", name="Submit").click()

    def sheet(self) -> Any:
        return self.page.locator(".p-modal").last


def months_back(on: date) -> int:
    today = Clock(None).today()
    return (today.year - on.year) * 12 + today.month - on.month


def ordinal(day: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{day}{'th' if 10 < day < 14 else endings.get(day % 10, 'th')}"


def last_sunday(today: date) -> date:
    return today - timedelta(days=today.weekday() + 1)


def last_working_day(office) -> date:
    return office.calendar.add(office.clock.today(), -1)


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("KHCN_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("kind", ["v2", "v1"])
def test_a_bad_answer_is_asked_again_and_a_good_one_recorded(kind, office, prefect, chromium):
    code, page = CODES[kind], chromium.new_page(viewport={"width": 1400, "height": 1100})
    cockpit = {"v2": V2, "v1": V1}[kind](page, prefect.address)
    (run,) = waiting(prefect, code)

    cockpit.open_run(code)
    cockpit.open_form()
    cockpit.sheet().get_by_text("Người quyết định").first.scroll_into_view_if_needed()
    picture(page, f"form-{kind}")
    cockpit.choose("Kết quả", GOOD)
    cockpit.pick(last_sunday(office.clock.today()))
    cockpit.choose("Người ghi", PERSON)
    cockpit.submit()
    asked_again(prefect, run)

    cockpit.open_form()
    refusal = cockpit.sheet().get_by_text("là ngày nghỉ")
    refusal.first.wait_for(timeout=PATIENCE)
    refusal.first.scroll_into_view_if_needed()
    picture(page, f"refused-{kind}")
    fill_again(cockpit, last_working_day(office))
    cockpit.submit()

    state = prefect.wait_for_run(run["id"])
    assert (state["type"], state["name"]) == ("COMPLETED", GOOD)
    page.reload()
    page.get_by_text(GOOD).locator("visible=true").first.wait_for(timeout=PATIENCE)
    picture(page, f"done-{kind}")
    page.goto(f"{prefect.address}/v2/runs?state=Suspended&tags=nv:{code}")
    page.get_by_text(NEXT).locator("visible=true").first.wait_for(timeout=PATIENCE)
    entries = [e for e in office.ask(show_task, code).entries if e.fact.outcome]
    assert [(e.fact.outcome, e.fact.actor) for e in entries] == [("recommended", "tp")]
    office.ask(verify_ledger)
    page.close()


def test_the_overdue_board_leads_to_the_task_page_and_to_the_run_that_waits(prefect, chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 1100})
    page.goto(f"{prefect.address}/v2/artifacts/artifact/{artifact(prefect, 'qua-han')}")
    line = page.get_by_role("row").filter(has_text=LATE)
    line.get_by_role("link", name=LATE_STEP).wait_for(timeout=PATIENCE)
    picture(page, "overdue-board")
    line.get_by_role("link", name=LATE, exact=True).click()
    page.wait_for_url("**/v2/artifacts/key/nv-nv-2025-09")
    page.get_by_text("1 bước quá hạn").first.wait_for(timeout=PATIENCE)

    page.goto(f"{prefect.address}/v2/artifacts/artifact/{artifact(prefect, 'nv-nv-2025-09')}")
    page.get_by_role("heading", name="Tiến trình").wait_for(timeout=PATIENCE)
    drawn = page.locator("img[src^='data:image/svg+xml']")
    assert drawn.first.evaluate("image => image.naturalWidth") > 0
    picture(page, "task-page")
    page.get_by_role("link", name="Việc đang chờ").click()
    page.get_by_role("link", name=f"{LATE} · {LATE_STEP} · QUÁ HẠN").wait_for(timeout=PATIENCE)
    picture(page, "waiting-runs")
    page.close()


@pytest.mark.parametrize("key", ["tai-chuyen-vien", "pheu-giai-doan"])
def test_the_other_boards_have_a_picture_that_is_drawn(key, prefect, chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{prefect.address}/v2/artifacts/artifact/{artifact(prefect, key)}")
    drawn = page.locator("img[src^='data:image/svg+xml']").first
    drawn.wait_for(timeout=PATIENCE)
    assert drawn.evaluate("image => image.naturalWidth") > 0
    picture(page, key)
    page.close()


def artifact(prefect, key: str) -> str:
    body = {"artifacts": {"key": {"any_": [key]}}, "limit": 1}
    return prefect.call("POST", "/artifacts/filter", body)[0]["id"]


def asked_again(prefect, run: dict) -> None:
    """Wait until the run sleeps again, under its second question."""
    for _ in range(480):
        state = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]
        if str(state["state_details"].get("pause_key")).endswith("-2"):
            return
        time.sleep(0.25)
    raise AssertionError("không hỏi lại")


def fill_again(cockpit, on: date) -> None:
    """The outcome and the person are shown as typed; the date is changed."""
    shown = cockpit.sheet().inner_text()
    assert GOOD in shown
    assert PERSON in shown
    cockpit.pick(on)
