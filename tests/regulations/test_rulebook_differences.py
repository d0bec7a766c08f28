from pathlib import Path

import pytest

from khcn_workflow.regulations.rulebook_differences import Difference, Part, differences
from khcn_workflow.regulations.rulebook_reader import load_draft, load_rulebooks
from tests.regulations.test_rulebook_reader import COUNCIL, SMALL

RULEBOOKS = load_rulebooks()
DUTY = '[[duty]]\nid = "D"\nstep = "call"\ntext = "Gửi"\narticle = "Điều 9"\n'
SIDE = '[[duty.limit]]\nid = "S"\namount = 7\nunit = "working-days"\nanchor = "call"\n'


def rulebook(tmp_path: Path, text: str, name: str):
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_draft(path)


def found(tmp_path: Path, a: str, b: str) -> tuple[Difference, ...]:
    return differences(rulebook(tmp_path, a, "a"), rulebook(tmp_path, b, "b"))


@pytest.mark.parametrize("key", RULEBOOKS)
def test_a_rulebook_does_not_differ_from_itself(key):
    assert differences(RULEBOOKS[key], RULEBOOKS[key]) == ()


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (
            "amount = 10",
            "amount = 15",
            (Part.LIMIT, "call.L1", "thời hạn", "10 ngày từ ngày mở bước",
             "15 ngày từ ngày mở bước"),
        ),
        (
            'unit = "days"',
            'unit = "working-days"',
            (Part.LIMIT, "call.L1", "thời hạn", "10 ngày từ ngày mở bước",
             "10 ngày làm việc từ ngày mở bước"),
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 2"',
            (Part.LIMIT, "call.L1", "căn cứ", "Điều 1", "Điều 2"),
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nin_force_from = 2024-01-02',
            (Part.LIMIT, "call.L1", "hiệu lực", "", "từ 02/01/2024"),
        ),
        (
            'title = "Thông báo"',
            'title = "Kêu gọi"',
            (Part.STEP, "call", "tên", "Thông báo", "Kêu gọi"),
        ),
        (
            'ends = "đã ký"',
            'ends = "xong"',
            (Part.OUTCOME, "signing.signed", "kết thúc", "đã ký", "xong"),
        ),
        (
            'contract = "Hợp đồng"',
            'contract = "Giao việc"',
            (Part.STAGE, "contract", "tên", "Hợp đồng", "Giao việc"),
        ),
        (
            'version = "1"',
            'version = "1"\neffective_from = 2024-01-02',
            (Part.BOOK, "chung", "hiệu lực", "", "từ 02/01/2024"),
        ),
    ],
)  # fmt: skip
def test_one_change_is_one_difference(tmp_path, old, new, difference):
    assert found(tmp_path, SMALL, SMALL.replace(old, new, 1)) == (Difference(*difference),)


@pytest.mark.parametrize(
    ("extra", "part", "name", "words"),
    [
        (DUTY, Part.DUTY, "D", "Gửi"),
        (COUNCIL + 'kind = "minutes"\n', Part.COUNCIL, "H", "Hội đồng"),
        (
            '[[not_loaded]]\nid = "N"\nnorm = "Thông tư 1"\n',
            Part.UNREAD,
            "N",
            "Thông tư 1",
        ),
        (
            '[[step.outcome]]\nid = "no"\ntitle = "Không ký"\nends = "x"\n',
            Part.OUTCOME,
            "signing.no",
            "Không ký",
        ),
    ],
)
def test_what_only_one_has_is_told_on_its_side(tmp_path, extra, part, name, words):
    assert found(tmp_path, SMALL, SMALL + extra) == (Difference(part, name, "", "", words),)
    assert found(tmp_path, SMALL + extra, SMALL) == (Difference(part, name, "", words, ""),)


def test_a_side_limit_is_part_of_its_duty(tmp_path):
    text = SMALL + DUTY + SIDE
    (difference,) = found(tmp_path, text, text.replace("amount = 7", "amount = 5"))
    assert (difference.aspect, difference.a, difference.b) == (
        "thời hạn phụ",
        "7 ngày làm việc từ «Thông báo» (Sở)",
        "5 ngày làm việc từ «Thông báo» (Sở)",
    )


def test_a_pass_rule_is_part_of_its_council(tmp_path):
    text = SMALL + COUNCIL + 'kind = "mean-score"\nminimum = 70\n'
    (difference,) = found(tmp_path, text, text.replace("70", "65"))
    assert (difference.aspect, difference.b) == ("đạt khi", "điểm trung bình ≥ 65/100")


def test_the_only_limits_of_a_step_are_one_limit_changed_though_their_rows_differ():
    old, new = RULEBOOKS["luat-2013"], RULEBOOKS["nd-268-2025"]
    of_approval = [
        (d.aspect, d.a, d.b)
        for d in differences(old, new)
        if d.part is Part.LIMIT and d.name.startswith("approval")
    ]
    assert of_approval[:2] == [
        ("thời hạn", "15 ngày từ ngày mở bước", "10 ngày từ ngày mở bước"),
        ("dòng", "A32", "B16"),
    ]


def test_an_overlay_differs_from_its_base_by_its_own_rows_only():
    found_here = differences(RULEBOOKS["luat-2013"], RULEBOOKS["cao-bang"])
    assert [(d.part, d.name, d.a) for d in found_here] == [
        (Part.LIMIT, "appraisal_meeting.CB-tham-dinh", ""),
        (Part.LIMIT, "contract_signing.CB-ky-hop-dong", ""),
        (Part.UNREAD, "QD-49-2014", ""),
    ]


def test_swapping_the_two_swaps_the_sides():
    a, b = RULEBOOKS["luat-2013"], RULEBOOKS["luat-2025"]
    there = {(d.part, d.name, d.aspect, d.a, d.b) for d in differences(a, b)}
    back = {(d.part, d.name, d.aspect, d.b, d.a) for d in differences(b, a)}
    assert there == back
