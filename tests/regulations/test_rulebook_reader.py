import re
from datetime import date
from pathlib import Path

import pytest

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.domain.rules import Direction, Duty, Force, TimeLimit, Unit
from khcn_workflow.domain.science_task import Level, Role
from khcn_workflow.regulations.rulebook_reader import (
    PACKAGED,
    RulebookFileError,
    check_file,
    load_draft,
    load_rulebooks,
    rulebook_of,
)

RULEBOOKS = load_rulebooks()

SMALL = """\
id = "nho"
title = "Bộ nhỏ"
version = "1"
[stages]
proposal = "Đề xuất"
council_selection = "Tuyển chọn"
appraisal = "Thẩm định"
contract = "Hợp đồng"
periodic_check = "Kiểm tra"
acceptance = "Nghiệm thu"
[[step]]
id = "call"
stage = "council_selection"
title = "Thông báo"
decided_by = "Sở"
document = "Thông báo"
[[step.limit]]
id = "L1"
amount = 10
unit = "days"
article = "Điều 1"
[[step.outcome]]
id = "announced"
title = "Đã thông báo"
opens = ["signing"]
[[step]]
id = "signing"
stage = "contract"
title = "Ký"
decided_by = "Sở"
document = "Hợp đồng"
[[step.outcome]]
id = "signed"
title = "Đã ký"
ends = "đã ký"
[[step.outcome.field]]
id = "ends_on"
title = "Ngày kết thúc"
type = "date"
"""

COUNCIL = """\
[[council]]
id = "H"
step = "call"
title = "Hội đồng"
article = "Điều 8"
[council.passes]
"""

OVERLAY = """\
id = "ho-so"
extends = "luat-2013"
title = "Hồ sơ"
version = "1"
"""


def written(tmp_path: Path, text: str, name: str = "thu.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def said(tmp_path: Path, text: str) -> list[str]:
    """The problems of a file, without its name."""
    problems = check_file(written(tmp_path, text), RULEBOOKS).problems
    return [str(problem).removeprefix("thu.toml, ") for problem in problems]


def warned(tmp_path: Path, text: str) -> list[str]:
    checked = check_file(written(tmp_path, text), RULEBOOKS)
    assert checked.problems == ()
    return [str(warning).removeprefix("thu.toml, ") for warning in checked.warnings]


def test_a_sound_file_has_neither_problems_nor_warnings(tmp_path):
    checked = check_file(written(tmp_path, SMALL), RULEBOOKS)
    assert (checked.problems, checked.warnings) == ((), ())
    assert [step.id for step in checked.rulebook.steps()] == ["call", "signing"]


# ------------------------------------------------------------------ shape of keys


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'unit = "days"\n',
            "",
            "dòng 17, khóa «step.0.limit.0.unit»: thiếu khóa này",
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nonwer = "Sở"',
            "dòng 22, khóa «step.0.limit.0.onwer»: không có khóa này; có phải ý bạn là «owner»?",
        ),
        (
            'unit = "days"',
            'unit = "ngày"',
            "dòng 20, khóa «step.0.limit.0.unit»: không dùng được «ngày»; "
            "chọn một trong: days, working-days, months",
        ),
        (
            "amount = 10",
            'amount = "10"',
            "dòng 19, khóa «step.0.limit.0.amount»: phải là số nguyên, đang là «10»",
        ),
        (
            "amount = 10",
            "amount = true",
            "dòng 19, khóa «step.0.limit.0.amount»: phải là số nguyên, đang là «True»",
        ),
        (
            "amount = 10",
            "amount = 0",
            "dòng 19, khóa «step.0.limit.0.amount»: phải từ 1 trở lên, đang là «0»",
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nin_force_from = "27/11/2023"',
            "dòng 22, khóa «step.0.limit.0.in_force_from»: phải là ngày, viết YYYY-MM-DD "
            "không có ngoặc kép, đang là «27/11/2023»",
        ),
        (
            'title = "Bộ nhỏ"',
            "title = 5",
            "dòng 2, khóa «title»: phải là chữ trong ngoặc kép, đang là «5»",
        ),
        (
            'title = "Bộ nhỏ"',
            'title = ""',
            "dòng 2, khóa «title»: không được để trống",
        ),
        (
            'opens = ["signing"]',
            'opens = "signing"',
            "dòng 25, khóa «step.0.outcome.0.opens»: phải là danh sách [ … ] hoặc [[bảng]], "
            "đang là «signing»",
        ),
        (
            'ends = "đã ký"',
            'ends = "đã ký"\nfavourable = "có"',
            "dòng 36, khóa «step.1.outcome.0.favourable»: phải là true hoặc false, đang là «có»",
        ),
        (
            'stage = "contract"',
            'stage = "hop_dong"',
            "dòng 28, khóa «step.1.stage»: không dùng được «hop_dong»; chọn một trong: proposal, "
            "council_selection, appraisal, contract, periodic_check, acceptance",
        ),
        (
            'id = "nho"',
            'id = "Nhỏ"',
            "dòng 1, khóa «id»: «Nhỏ» viết sai mẫu: chỉ gồm chữ thường không dấu, số và -",
        ),
    ],
)
def test_a_mistake_in_a_key_is_told_in_vietnamese_with_line_and_key(tmp_path, old, new, told):
    assert old in SMALL
    assert said(tmp_path, SMALL.replace(old, new, 1)) == [told]


@pytest.mark.parametrize(
    ("passes", "told"),
    [
        (
            'kind = "bieu-quyet"',
            "«council.0.passes»: không dùng được «bieu-quyet»; chọn một trong: "
            "mean-score, ballots, grades, minutes, not-loaded",
        ),
        ("minimum = 70", "«council.0.passes»: thiếu khóa «kind»"),
        ('kind = "mean-score"', "«council.0.passes.minimum»: thiếu khóa này"),
        ('kind = "ballots"\nthresholds = []', "«council.0.passes.thresholds»: cần ít nhất 1 phần"),
        (
            'kind = "ballots"\nthresholds = [{ share = "0,67" }]',
            '«council.0.passes.thresholds.0.share»: «0,67» viết sai mẫu: viết phân số như "2/3"',
        ),
        (
            'kind = "mean-score"\nminimum = 70\nscales = { a = [50, 40] }',
            "«council.0.passes.scales.a»: tổng các điểm là 90",
        ),
    ],
)
def test_a_mistake_in_a_pass_rule_is_told_at_its_key(tmp_path, passes, told):
    found = said(tmp_path, SMALL + COUNCIL + passes + "\n")
    assert len(found) == 1
    assert told in found[0]


def test_everything_wrong_is_told_at_once_in_the_order_of_the_lines(tmp_path):
    text = SMALL.replace('unit = "days"', 'unit = "tuần"').replace('"signing"]', '"ky"]')
    text += '[[duty]]\nid = "D"\nstep = "khong_co"\ntext = "…"\n'
    assert [line.partition(":")[0] for line in said(tmp_path, text)] == [
        "dòng 20, khóa «step.0.limit.0.unit»",
        "dòng 25, khóa «step.0.outcome.0.opens.0»",
        "dòng 40, khóa «duty.0.article»",
        "dòng 42, khóa «duty.0.step»",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('id = "a"\ntitle "b"\n', "dòng 2: không phải TOML: thiếu dấu = sau tên khóa (cột 7)"),
        ('id = "a"\nid = "b"\n', "dòng 2: không phải TOML: khóa này đã viết ở trên (cột 9)"),
        ("id = nho\n", "dòng 1: không phải TOML: giá trị không đọc được"),
        ("", "tệp trống"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path, text, told):
    assert told in said(tmp_path, text)[0]


def test_a_file_that_is_no_utf_8_is_told(tmp_path):
    path = tmp_path / "thu.toml"
    path.write_bytes("id = 'Đề'".encode("utf-16"))
    assert "không phải văn bản UTF-8" in str(check_file(path, RULEBOOKS).problems[0])


# ------------------------------------------------------------------ meaning of names


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'opens = ["signing"]',
            'opens = ["ky"]',
            "dòng 25, khóa «step.0.outcome.0.opens.0»: không có bước «ky»",
        ),
        ('article = "Điều 1"', 'article = "Điều 1"\nanchor = "ky"', "không có mốc tính «ky»"),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nanchor = "signing.ngay"',
            "không có mốc tính «signing.ngay»",
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nanchor = "event.gui"',
            "không có mốc tính «event.gui»",
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nin_force_by = "ky"',
            "dòng 22, khóa «step.0.limit.0.in_force_by»: không có mốc tính «ky»",
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\ndirection = "before"',
            "không thể đến hạn trước ngày mở bước",
        ),
        (
            'article = "Điều 1"',
            'article = "Điều 1"\nin_force_from = 2024-01-02\nin_force_until = 2024-01-01',
            "dòng 23, khóa «step.0.limit.0.in_force_until»: nhỏ hơn in_force_from",
        ),
        ('id = "signing"', 'id = "call"', "mã bước «call» đã dùng ở trên"),
        ('acceptance = "Nghiệm thu"\n', "", "dòng 4, khóa «stages.acceptance»: thiếu tên"),
        (
            'version = "1"',
            'version = "1"\nextends = "khong-co"',
            "bộ gốc «khong-co» không có; hiện có: cao-bang, luat-2013",
        ),
        (
            'version = "1"',
            'version = "1"\neffective_from = 2025-01-02\neffective_to = 2025-01-01',
            "khóa «effective_to»: nhỏ hơn effective_from",
        ),
    ],
)
def test_names_that_stand_nowhere_and_values_that_clash_are_told(tmp_path, old, new, told):
    assert old in SMALL
    found = said(tmp_path, SMALL.replace(old, new, 1))
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ('requires = ["ky"]\n', "khóa «step.1.requires.0»: không có bước «ky»"),
        (
            '[[not_loaded]]\nid = "N"\nnorm = "x"\nsteps = ["call", "ky"]\n',
            "khóa «not_loaded.0.steps.1»: không có bước «ky»",
        ),
        (
            '[[target]]\nid = "T"\nstep = "ky"\namount = 1\nunit = "days"\narticle = "x"\n',
            "khóa «target.0.step»: không có bước «ky»",
        ),
        (COUNCIL.replace('"call"', '"ky"') + 'kind = "minutes"\n', "không có bước «ky»"),
    ],
)
def test_a_step_that_is_named_nowhere_is_told_where_it_is_mentioned(tmp_path, rows, told):
    if rows.startswith("requires"):
        text = SMALL.replace('stage = "contract"\n', f'stage = "contract"\n{rows}')
    else:
        text = SMALL + rows
    (found,) = said(tmp_path, text)
    assert told in found


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            '[[step.outcome]]\nid = "signed"\ntitle = "Lại"\nends = "x"\n',
            "mã kết quả «signed» đã dùng ở trên",
        ),
        (
            '[[step.limit]]\nid = "L1"\namount = 1\nunit = "days"\narticle = "x"\n',
            "mã thời hạn «L1» đã dùng ở trên",
        ),
        (
            2 * '[[duty]]\nid = "D"\nstep = "call"\ntext = "x"\narticle = "x"\n',
            "mã điều luật «D» đã dùng ở trên",
        ),
        (2 * '[[event]]\nid = "e"\ntitle = "x"\n', "mã sự kiện «e» đã dùng ở trên"),
        (2 * (COUNCIL + 'kind = "minutes"\n'), "mã hội đồng «H» đã dùng ở trên"),
    ],
)
def test_an_id_that_stands_twice_is_told(tmp_path, rows, told):
    found = said(tmp_path, SMALL + rows)
    assert len(found) == 1
    assert found[0].endswith(told)


def test_a_council_names_the_duty_that_sends_its_papers(tmp_path):
    text = SMALL + COUNCIL.replace("article", 'documents = "D9"\narticle') + 'kind = "minutes"\n'
    assert said(tmp_path, text) == [
        "dòng 44, khóa «council.0.documents»: không có điều luật [[duty]] «D9»"
    ]


def test_an_event_a_field_and_a_step_are_anchors(tmp_path):
    duty = '[[duty]]\nid = "D"\nstep = "call"\ntext = "x"\narticle = "x"\n'
    for number, anchor in enumerate(("event.gui", "signing.ends_on", "signing"), start=1):
        duty += (
            f'[[duty.limit]]\nid = "S{number}"\namount = 1\nunit = "days"\nanchor = "{anchor}"\n'
        )
    path = written(tmp_path, SMALL + duty + '[[event]]\nid = "gui"\ntitle = "Gửi"\n')
    limits = check_file(path, RULEBOOKS).rulebook.duties[0].limits
    assert [limit.anchor for limit in limits] == ["event.gui", "signing.ends_on", "signing"]


FULL_LIMIT = """\
[[limit]]
id = "R1"
step = "signing"
amount = 6
unit = "months"
anchor = "call"
every = true
article = "Điều 2"
owner = "tổ chức chủ trì"
levels = ["tinh", "cap-thiet"]
in_force_from = 2024-01-01
in_force_until = 2024-12-31
in_force_by = "signing.ends_on"
[[duty]]
id = "D"
step = "signing"
text = "Gửi"
article = "Điều 3"
owner = "Sở"
levels = ["tinh"]
in_force_from = 2024-02-01
[[duty.limit]]
id = "S1"
amount = 5
unit = "working-days"
direction = "before"
anchor = "signing"
owner = "thư ký"
[[duty.limit]]
id = "S2"
amount = 5
unit = "days"
anchor = "signing"
"""


def test_every_key_of_a_limit_and_of_a_duty_arrives(tmp_path):
    text = SMALL.replace('stage = "contract"\n', 'stage = "contract"\nrequires = ["call"]\n')
    made = load_draft(written(tmp_path, text + FULL_LIMIT))
    signing = made.step("signing")
    assert signing.requires == ("call",)
    assert signing.limits == (
        TimeLimit(
            id="R1",
            amount=6,
            unit=Unit.MONTHS,
            anchor="call",
            force=Force.STATUTORY,
            article="Điều 2",
            owner="tổ chức chủ trì",
            every=True,
            levels=frozenset({Level.PROVINCIAL, Level.URGENT_LOCAL}),
            in_force_from=date(2024, 1, 1),
            in_force_until=date(2024, 12, 31),
            in_force_by="signing.ends_on",
        ),
    )
    (duty,) = made.duties
    scope = {"levels": frozenset({Level.PROVINCIAL}), "in_force_from": date(2024, 2, 1)}
    first = TimeLimit(
        "S1", 5, Unit.WORKING_DAYS, "signing", Force.STATUTORY, "Điều 3", "thư ký",
        Direction.BEFORE, **scope,
    )  # fmt: skip
    second = TimeLimit(
        "S2", 5, Unit.CALENDAR_DAYS, "signing", Force.STATUTORY, "Điều 3", "Sở", **scope
    )
    assert duty == Duty("D", "signing", "Gửi", "Điều 3", "Sở", limits=(first, second), **scope)


# ------------------------------------------------------------------ what leads nowhere


def test_a_step_that_nothing_opens_is_doubtful_unless_it_is_an_entry(tmp_path):
    text = SMALL.replace('opens = ["signing"]', 'ends = "x"')
    assert warned(tmp_path, text) == [
        "dòng 26, khóa «step.1»: không kết quả nào mở được bước «signing», "
        "bước này cũng không entry"
    ]
    assert warned(tmp_path, text.replace('id = "signing"', 'id = "signing"\nentry = true')) == []


def test_steps_that_only_open_each_other_are_not_reached(tmp_path):
    text = SMALL.replace('opens = ["signing"]', 'ends = "x"')
    text = text.replace('ends = "đã ký"', 'opens = ["signing"]')
    assert len(warned(tmp_path, text)) == 1


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("", "không mở bước nào, cũng không kết thúc nhiệm vụ"),
        ('interim = true\nends = "x"', "giữa chừng nên không mở, không kết thúc gì được"),
        ('opens = ["call"]\nends = "x"', "kết thúc nhiệm vụ nên không mở bước nào được"),
    ],
)
def test_an_outcome_that_leads_nowhere_is_doubtful(tmp_path, keys, told):
    found = warned(tmp_path, SMALL.replace('ends = "đã ký"', keys))
    assert found == [f"dòng 32, khóa «step.1.outcome.0»: kết quả «signed» {told}"]


def test_an_interim_outcome_may_open_nothing(tmp_path):
    assert warned(tmp_path, SMALL.replace('ends = "đã ký"', "interim = true")) == []


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.toml")), ids=lambda path: path.stem)
def test_the_packaged_rulebooks_are_sound_and_without_doubts(path):
    checked = check_file(path, RULEBOOKS)
    assert (checked.problems, checked.warnings) == ((), ())


# ------------------------------------------------------------------ overlays


def test_an_overlay_adds_to_its_base_and_drops_rows_of_it(tmp_path):
    text = OVERLAY + 'drops = ["A70", "A75", "G2-nghiem-thu", "TT-09-2024"]\n'
    text += (
        '[[limit]]\nid = "R1"\nstep = "acceptance_dossier"\namount = 5\nunit = "days"\n'
        'article = "x"\n[[target]]\nid = "T1"\nstep = "acceptance_dossier"\namount = 3\n'
        'unit = "days"\narticle = "x"\n'
    )
    made = load_draft(written(tmp_path, text))
    base = RULEBOOKS["luat-2013"]
    forces = {lim.id: lim.force for lim in made.step("acceptance_dossier").limits}
    assert forces == {
        "A7-NTMN-ho-so": Force.STATUTORY,
        "R1": Force.STATUTORY,
        "T1": Force.INTERNAL,
    }
    assert {d.id for d in base.duties} - {d.id for d in made.duties} == {"A75"}
    assert {c.id for c in base.councils} - {c.id for c in made.councils} == {"G2-nghiem-thu"}
    assert {n.id for n in base.not_loaded} - {n.id for n in made.not_loaded} == {"TT-09-2024"}
    assert (made.effective_from, made.family) == (base.effective_from, base.family)
    assert "A70" in {lim.id for lim in base.step("acceptance_dossier").limits}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ('drops = ["A999"]\n', "dòng 5, khóa «drops.0»: bộ gốc không có dòng «A999» để bỏ"),
        (
            '[[duty]]\nid = "A75"\nstep = "call"\ntext = "x"\narticle = "x"\n',
            "dòng 6, khóa «duty.0.id»: mã điều luật «A75» đã có trong bộ gốc",
        ),
        (
            '[[target]]\nid = "A70"\nstep = "call"\namount = 1\nunit = "days"\narticle = "x"\n',
            "dòng 6, khóa «target.0.id»: mã thời hạn «A70» đã có trong bộ gốc",
        ),
    ],
)
def test_an_overlay_that_does_not_fit_its_base_is_told(tmp_path, rows, told):
    assert said(tmp_path, OVERLAY + rows) == [told]


def test_a_dropped_row_may_be_written_anew_with_its_id(tmp_path):
    text = OVERLAY + 'drops = ["A75"]\n'
    text += '[[duty]]\nid = "A75"\nstep = "call"\ntext = "khác"\narticle = "x"\n'
    made = load_draft(written(tmp_path, text))
    assert [duty.text for duty in made.duties if duty.id == "A75"] == ["khác"]


def test_the_examples_of_the_handbook_can_be_used(tmp_path):
    handbook = Path(__file__).parents[2] / "docs" / "rulebooks.md"
    examples = re.findall(r"```toml\n(.*?)```", handbook.read_text(encoding="utf-8"), re.DOTALL)
    checked = check_file(written(tmp_path, "".join(examples)), RULEBOOKS)
    assert (checked.problems, checked.warnings) == ((), ())
    assert checked.rulebook.councils[-1].id == "HD-tuyen-chon"
    assert checked.rulebook.recorders_of("approval", "declined") == (Role.DIRECTOR, Role.CLERK)


def test_overlays_that_extend_one_another_in_a_circle_are_told(tmp_path):
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        text = OVERLAY.replace("ho-so", name).replace("luat-2013", base)
        written(tmp_path, text, f"{name}.toml")
    with pytest.raises(RulebookFileError) as refusal:
        load_rulebooks(tmp_path)
    told = [str(problem) for problem in refusal.value.problems]
    assert told[0] == "a.toml, dòng 2, khóa «extends»: bộ gốc quay vòng: a → b → c → a"
    assert len(told) == 3


def test_an_overlay_of_an_overlay_is_read_whatever_the_order_of_the_files(tmp_path):
    written(tmp_path, OVERLAY.replace("luat-2013", "z-goc"), "a.toml")
    written(tmp_path, OVERLAY.replace("ho-so", "z-goc"), "z.toml")
    assert load_rulebooks(tmp_path)["ho-so"].extends == "z-goc"


def test_two_files_with_one_id_are_told(tmp_path):
    written(tmp_path, SMALL, "a.toml")
    written(tmp_path, SMALL, "b.toml")
    with pytest.raises(RulebookFileError, match=r"b\.toml, dòng 1, .* đã có ở tệp a\.toml"):
        load_rulebooks(tmp_path)


def test_a_file_of_the_department_takes_the_place_of_a_packaged_one(tmp_path):
    written(tmp_path, SMALL.replace('id = "nho"', 'id = "nd-268-2025"'))
    assert load_rulebooks(tmp_path)["nd-268-2025"].title == "Bộ nhỏ"


def test_the_problems_of_all_files_are_told_together(tmp_path):
    written(tmp_path, SMALL.replace("amount = 10", "amount = 0"), "a.toml")
    written(tmp_path, OVERLAY + 'drops = ["A999"]\n', "b.toml")
    with pytest.raises(RulebookFileError) as refusal:
        load_rulebooks(tmp_path)
    assert [problem.path.name for problem in refusal.value.problems] == ["a.toml", "b.toml"]
    assert "2 chỗ sai" in str(refusal.value)


def test_an_overlay_of_a_broken_base_blames_the_base(tmp_path):
    written(tmp_path, SMALL.replace("amount = 10", "amount = 0"), "a.toml")
    written(tmp_path, OVERLAY.replace("luat-2013", "nho"), "b.toml")
    with pytest.raises(RulebookFileError) as refusal:
        load_rulebooks(tmp_path)
    assert "bộ gốc «nho» chưa dùng được" in str(refusal.value.problems[-1])


def test_a_draft_that_cannot_be_used_is_refused(tmp_path):
    with pytest.raises(RulebookFileError, match="khóa «drops"):
        load_draft(written(tmp_path, OVERLAY + 'drops = ["A999"]\n'))


def test_an_unknown_rulebook_is_refused_with_those_there_are():
    with pytest.raises(NotFoundError, match="luat-2013, luat-2025"):
        rulebook_of(RULEBOOKS, "luat-2030")
