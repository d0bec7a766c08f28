"""The ladder file: ours can be used, and what is wrong with another is said where it stands."""

import pytest

from khcn_workflow.regulations.ladders import (
    LadderFileError,
    ladder_path,
    load_ladder,
    read_ladder,
)
from notifications.ladder import By

STEPS = {"contract_signing", "progress_report"}

GOOD = """\
[[rung]]
id = "qua-han"
days = 1
to = "owner"
"""


def write(folder, text):
    path = folder / "ladder.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder, text) -> list[str]:
    with pytest.raises(LadderFileError) as refused:
        read_ladder(write(folder, text), STEPS)
    return [str(problem) for problem in refused.value.problems]


def test_our_own_ladder_is_the_one_the_office_agreed_on():
    told = [(r.id, r.offset, r.audience.value, r.event.value, r.by.value) for r in load_ladder()]
    assert [rung for rung in told if "/" not in rung[0]] == [
        ("D-7", -7, "owner", "due_soon", "digest"),
        ("D-3", -3, "owner", "due_soon", "digest"),
        ("D-1", -1, "owner", "due_soon", "digest"),
        ("D0", 0, "owner", "due_today", "mail"),
        ("D+1", 1, "owner", "overdue", "mail"),
        ("D+1-head", 1, "head_of_division", "overdue_head", "mail"),
        ("D+3-director", 3, "director", "overdue_director", "mail"),
        ("D-10-host", -10, "host", "report_due", "mail"),
    ]


def test_repeats_are_rungs_of_their_own():
    repeats = [(r.id, r.offset) for r in load_ladder() if r.id.startswith("D+3-director")]
    assert repeats == [("D+3-director", 3)] + [
        (f"D+3-director/{n + 1}", 3 + 10 * n) for n in range(1, 7)
    ]


def test_a_ladder_in_the_departments_folder_replaces_ours(tmp_path):
    assert ladder_path(tmp_path) != tmp_path / "ladder.toml"
    path = write(tmp_path, GOOD)
    assert ladder_path(tmp_path) == path
    (only,) = load_ladder(tmp_path)
    assert (only.id, only.by) == ("qua-han", By.MAIL)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (GOOD.replace("days", "day"), "ladder.toml, dòng 1, khóa «rung.0.days»: thiếu khóa này"),
        (
            GOOD.replace("days", "day"),
            "ladder.toml, dòng 3, khóa «rung.0.day»: không có khóa này; có phải ý bạn là «days»?",
        ),
        (
            GOOD.replace("= 1", '= "1"'),
            "ladder.toml, dòng 3, khóa «rung.0.days»: phải là số nguyên, đang là «1»",
        ),
        (
            GOOD.replace("= 1", "= 400"),
            "ladder.toml, dòng 3, khóa «rung.0.days»: phải từ 250 trở xuống, đang là «400»",
        ),
        (
            GOOD.replace('"owner"', '"boss"'),
            "ladder.toml, dòng 4, khóa «rung.0.to»: không dùng được «boss»; chọn một trong: "
            "owner, head_of_division, director, host",
        ),
        (
            GOOD.replace("qua-han", "quá hạn"),
            "ladder.toml, dòng 2, khóa «rung.0.id»: «quá hạn» viết sai mẫu: chỉ gồm chữ không dấu, "
            "số, + và -",
        ),
        (
            GOOD + '[[rung]]\nid = "tp"\ndays = 0\nto = "head_of_division"\n',
            'ladder.toml, dòng 7, khóa «rung.1.days»: to = "head_of_division" chỉ được báo khi đã '
            "quá hạn; đặt days từ 1 trở lên",
        ),
        (
            GOOD + 'by = "digest"\n',
            "ladder.toml, dòng 5, khóa «rung.0.by»: chỉ lời nhắc người theo dõi trước ngày hạn mới "
            'vào thư tổng hợp; ngày hạn và quá hạn phải có thư riêng, đặt by = "mail"',
        ),
        (
            GOOD + "repeat_every = 5\n",
            "ladder.toml, dòng 5, khóa «rung.0.repeat_every»: phải có cả repeat_every và "
            "repeat_times, hoặc bỏ cả hai",
        ),
        (
            GOOD + "repeat_every = 50\nrepeat_times = 5\n",
            "ladder.toml, dòng 5, khóa «rung.0.repeat_every»: lần nhắc cuối ở ngày thứ 251, quá "
            "250 ngày",
        ),
        (
            GOOD + '[[rung]]\nid = "som"\ndays = -2\nto = "owner"\nrepeat_every = 1\n'
            "repeat_times = 2\n",
            "ladder.toml, dòng 9, khóa «rung.1.repeat_every»: chỉ nhắc lại khi đã quá hạn; đặt "
            "days từ 1 trở lên, hoặc bỏ repeat_every",
        ),
        (
            GOOD + GOOD,
            "ladder.toml, dòng 6, khóa «rung.1.id»: mã «qua-han» đã dùng cho một bậc ở trên; đặt "
            "mã khác",
        ),
        (
            GOOD + GOOD.replace("qua-han", "hd") + 'stages = ["contarct"]\n',
            "ladder.toml, dòng 9, khóa «rung.1.stages»: không có giai đoạn «contarct»; chọn trong: "
            "proposal, council_selection, appraisal, contract, periodic_check, acceptance",
        ),
        (
            GOOD + GOOD.replace("qua-han", "hd") + 'steps = ["ky"]\n',
            "ladder.toml, dòng 9, khóa «rung.1.steps»: không có bước «ky»; chọn trong: "
            "contract_signing, progress_report",
        ),
        (
            GOOD + 'levels = ["tinh"]\n',
            "ladder.toml, dòng 1, khóa «rung.0»: thiếu bậc báo người theo dõi khi quá hạn; thêm "
            'một [[rung]] có to = "owner", days từ 1 trở lên, không giới hạn giai đoạn, cấp, bước',
        ),
        (
            GOOD + GOOD.replace("qua-han", "bc").replace("owner", "host"),
            'ladder.toml, dòng 7, khóa «rung.1.days»: to = "host" chỉ được nhắc trước hạn; đặt '
            "days từ -1 trở xuống",
        ),
        (
            GOOD + GOOD.replace("qua-han", "bc").replace("owner", "host"),
            'ladder.toml, dòng 5, khóa «rung.1.steps»: to = "host" phải ghi steps: các bước mà tổ '
            "chức chủ trì phải nộp báo cáo",
        ),
        ("rung = []\n", "ladder.toml, dòng 1, khóa «rung»: cần ít nhất 1 phần tử"),
        (
            GOOD.replace('"owner"', "owner"),
            "ladder.toml, dòng 4: không phải TOML: giá trị không đọc được (chữ phải để trong ngoặc "
            "kép) (cột 6)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_to_do(tmp_path, changed, said):
    assert said in problems(tmp_path, changed)


def test_the_sentence_names_the_file_to_mend(tmp_path):
    path = write(tmp_path, GOOD.replace("= 1", "= 400"))
    with pytest.raises(LadderFileError, match="hoặc bỏ đi để dùng bậc thang có sẵn") as refused:
        read_ladder(path, STEPS)
    assert str(path) in str(refused.value)


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "ladder.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LadderFileError, match="không phải văn bản UTF-8"):
        read_ladder(path, STEPS)
