"""Boards, pages and dropdowns as markdown and schemas, without a server."""

from base64 import b64decode
from datetime import date, timedelta
from xml.dom.minidom import parseString

import pytest
import yaml

from flows.automations import SILENCE
from flows.boards import funnel_board, load_board, overdue_board, table
from flows.charts import Span, bars, timeline
from flows.choices import _choices, fill, picked
from flows.links import all_runs, waiting_runs
from flows.task_page import write_page
from khcn_workflow.cli.deploying import prefect_file
from khcn_workflow.services.boards import boards
from khcn_workflow.services.inquiry import show_task
from tests.office import TODAY, a_task, enter, open_office, record


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"))
    app.run(enter, a_task("NV-2019-01", title="Tên | dài"), "council_meeting", date(2019, 5, 6))
    app.run(enter, a_task("NV-2018-09"), "contract_signing", date(2018, 5, 7))
    record(app, "NV-2019-01", "council_meeting", "passed", date(2019, 6, 6))
    yield app
    app.close()


def svg(markdown: str):
    """The picture in it, which must be well-formed."""
    coded = markdown.partition("base64,")[2].partition(")")[0]
    return parseString(b64decode(coded).decode())  # noqa: S318 - our own drawing


def test_the_overdue_board_links_each_step_to_its_page_and_run(office):
    text = overdue_board(office.ask(boards))
    assert "## Quá hạn: 01" in text
    assert "[NV-2018-09](/v2/artifacts/key/nv-nv-2018-09)" in text
    assert "[Ký hợp đồng](/v2/runs?state=Suspended&tags=nv%3ANV-2018-09)" in text
    assert "tags=qu%C3%A1%20h%E1%BA%A1n" in text


def test_loads_and_funnel_have_a_picture_and_a_table(office):
    now = office.ask(boards)
    assert "| [Chuyên viên 1](" in load_board(now)
    assert "1 quá hạn" in svg(load_board(now)).toxml()
    funnel = funnel_board(now)
    assert funnel.count("/v2/runs?state=Suspended&tags=gd:") == 6
    assert len(svg(funnel).getElementsByTagName("rect")) == 1 + 2 * 6


def test_a_task_page_tells_its_story(office):
    page = write_page(office.ask(show_task, "NV-2019-01"), TODAY)
    assert "# NV-2019-01 – Tên \\| dài" in page
    assert "Đạt, đề nghị trúng tuyển" in page
    assert "Hoàn thiện thuyết minh" in page
    labels = [node.firstChild.data for node in svg(page).getElementsByTagName("text")]
    assert labels[0] == "06/05/2019"
    assert labels[2:] == [
        "Họp Hội đồng tư vấn tuyển chọn, giao trực…",
        "Hoàn thiện thuyết minh theo kết luận Hội…",
    ]


def test_nothing_to_show_is_said_so(tmp_path):
    now = open_office(tmp_path).ask(boards)
    assert "Quá hạn: 00" in overdue_board(now)
    assert "*Không có.*" in overdue_board(now)
    assert svg(load_board(now))


def test_a_cell_cannot_break_its_table():
    assert table(["a"], [["x|y\nz"]]).splitlines()[-1] == "| x\\|y z |"


def test_a_late_bar_is_red_and_labels_are_escaped():
    drawn = timeline([Span("A < B & C", date(2019, 1, 1), None, date(2019, 2, 1), True)], TODAY)
    picture = svg(drawn)
    assert "#b91c1c" in [r.getAttribute("fill") for r in picture.getElementsByTagName("rect")]
    assert "A < B & C" in [t.firstChild.data for t in picture.getElementsByTagName("text")]
    assert svg(bars("Không", []))


def test_links_have_no_limit_in_time():
    assert "state=Suspended" in waiting_runs("NV-1")
    assert "start=" in all_runs("NV-1")


def test_every_deployment_leads_to_a_board_and_its_runs_tell_of_themselves_in_time():
    """Three heartbeats within the silence after which a run is taken for dead."""
    for each in yaml.safe_load(prefect_file().read_text(encoding="utf-8"))["deployments"]:
        assert "](/v2/artifacts/key/" in each["description"], each["name"]
        told = each["work_pool"]["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]
        assert timedelta(seconds=3 * int(told)) <= SILENCE


def test_dropdowns_are_filled_and_emptied_and_nothing_else_is_touched(office):
    marked = {"properties": {"task": {"choices": "open-tasks", "type": "string"}}}
    choices = office.ask(_choices)
    filled = fill(marked, choices)
    assert filled["properties"]["task"]["enum"][0].startswith("NV-2018-09 – ")
    assert picked(filled["properties"]["task"]["enum"][0]) == "NV-2018-09"
    assert fill(filled, {"open-tasks": []}) == marked
    other = {"properties": {"level": {"enum": ["a", "b"]}}}
    assert fill(other, choices) == other
    many = {"open-tasks": [str(n) for n in range(1001)]}
    assert fill(marked, many) == marked
