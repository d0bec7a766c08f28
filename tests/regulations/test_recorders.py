"""Who may record what, as rulebook files say it: the Department's arrangement, not law."""

import pytest

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.recorders import DECIDING, RECORDING
from khcn_workflow.domain.science_task import Role
from khcn_workflow.regulations.rulebook_differences import Difference, Part, differences
from khcn_workflow.regulations.rulebook_reader import load_draft, load_rulebooks
from tests.regulations.test_rulebook_reader import SMALL, said, written

RULEBOOKS = load_rulebooks()
CLERK, DIRECTOR, OFFICER = Role.CLERK, Role.DIRECTOR, Role.OFFICER
STEP = 'document = "Hợp đồng"\n'
OUTCOME = 'title = "Đã ký"\n'
OVERLAY = 'id = "tinh"\nextends = "luat-2013"\ntitle = "Tỉnh"\nversion = "1"\n'


def draft(tmp_path, text: str, name: str = "nhap.toml"):
    return load_draft(written(tmp_path, text, name))


@pytest.mark.parametrize("rulebook", RULEBOOKS.values(), ids=lambda rulebook: rulebook.id)
def test_the_packaged_rulebooks_let_officers_record_all_but_endings(rulebook):
    for step in rulebook.steps():
        for outcome in step.outcomes:
            roles = rulebook.recorders_of(step.id, outcome.id)
            assert roles in (RECORDING, DECIDING)
            if outcome.ends:
                assert roles == DECIDING
    assert rulebook.recorders.of_kind(EntryKind.DELAY) == RECORDING
    assert rulebook.recorders.of_kind(EntryKind.EXTENDED) == DECIDING


def test_recognising_a_result_is_not_the_officers():
    assert RULEBOOKS["cao-bang"].recorders_of("recognition", "recognised") == DECIDING
    new = RULEBOOKS["luat-2025"]
    assert new.recorders_of("output_evaluation", "evaluated_before_liquidation") == DECIDING


def test_the_outcome_goes_before_the_step_and_the_step_before_the_rulebook(tmp_path):
    head = SMALL.replace("[stages]", '[recorders]\nending = ["lanh-dao-so"]\n[stages]')
    step = head.replace(STEP, STEP + 'recorders = ["van-thu"]\n')
    outcome = step.replace(OUTCOME, OUTCOME + 'recorders = ["chuyen-vien"]\n')
    found = [draft(tmp_path, text) for text in (SMALL, head, step, outcome)]
    assert [book.recorders_of("signing", "signed") for book in found] == [
        DECIDING,
        (DIRECTOR,),
        (CLERK,),
        (OFFICER,),
    ]
    assert [book.recorders_of("call", "announced") for book in found] == [RECORDING] * 4


def test_an_overlay_changes_a_line_and_keeps_the_others(tmp_path):
    text = OVERLAY + '[recorders]\ndelay = ["truong-phong"]\n'
    overlay = draft(tmp_path, text)
    assert overlay.recorders.delay == (Role.HEAD_OF_DIVISION,)
    assert overlay.recorders.ending == RULEBOOKS["luat-2013"].recorders.ending


def test_an_overlay_says_who_records_at_a_step_of_its_base_or_one_outcome(tmp_path):
    text = OVERLAY + (
        '[[recorder]]\nstep = "approval"\nroles = ["van-thu"]\n'
        '[[recorder]]\nstep = "approval"\noutcome = "declined"\nroles = ["lanh-dao-so"]\n'
    )
    overlay = draft(tmp_path, text)
    assert overlay.recorders_of("approval", "approved") == (CLERK,)
    assert overlay.recorders_of("approval", "declined") == (DIRECTOR,)
    assert overlay.recorders_of("call", "announced") == RECORDING


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            '[recorders]\noutcome = ["quan-tri"]\n',
            "khóa «recorders.outcome.0»: không dùng được «quan-tri»; chọn một trong: "
            "chuyen-vien, truong-phong, lanh-dao-so, van-thu",
        ),
        ("[recorders]\noutcome = []\n", "«recorders.outcome»: cần ít nhất 1 phần tử"),
        ("[recorders]\nsuspend = []\n", "không có khóa này; có phải ý bạn là «suspended»?"),
        (
            '[[recorder]]\nstep = "caal"\nroles = ["van-thu"]\n',
            "khóa «recorder.0.step»: không có bước «caal»",
        ),
        (
            '[[recorder]]\nstep = "call"\noutcome = "x"\nroles = ["van-thu"]\n',
            "khóa «recorder.0.outcome»: bước này không có kết quả «x»",
        ),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path, rows, told):
    (problem,) = said(tmp_path, SMALL + rows)
    assert told in problem


def test_what_differs_is_told_once(tmp_path):
    small = draft(tmp_path, SMALL, "a.toml")
    other = SMALL.replace("[stages]", '[recorders]\ndelay = ["van-thu"]\n[stages]').replace(
        OUTCOME, OUTCOME + 'recorders = ["lanh-dao-so"]\n'
    )
    everybody = "chuyên viên, trưởng phòng, lãnh đạo Sở, văn thư"
    assert differences(small, draft(tmp_path, other, "b.toml")) == (
        Difference(Part.BOOK, "chung", "ai ghi: giải trình chậm", everybody, "văn thư"),
        Difference(Part.OUTCOME, "signing.signed", "ai ghi", "", "lãnh đạo Sở"),
    )
