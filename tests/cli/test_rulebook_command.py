import json

import pytest
from click.testing import CliRunner

from khcn_workflow.cli.commands import khcn
from khcn_workflow.domain.errors import NotFoundError
from tests.regulations.test_rulebook_reader import SMALL


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `khcn rulebook …` in a fresh home; returns exit code and what was printed."""
    monkeypatch.setenv("KHCN_HOME", str(tmp_path / "home"))

    def command(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(khcn, ["rulebook", *arguments])
        if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return command


def lines(text: str, *words: str) -> list[str]:
    return [line for line in text.splitlines() if all(word in line for word in words)]


def test_the_list_shows_each_rulebook_with_its_time(run):
    code, shown = run("list")
    assert code == 0
    assert lines(shown, "luat-2013", "01/01/2014", "30/09/2025")
    assert lines(shown, "cao-bang", "luat-2013")
    assert lines(shown, "nd-268-2025", "14/10/2025")


def test_the_list_counts_what_is_not_loaded(run):
    shown = json.loads(run("list", "--json")[1])
    new = next(line for line in shown if line["id"] == "luat-2025")
    assert (new["limits"], new["not_loaded"], new["effective_from"]) == (0, 5, "2025-10-01")


def test_a_rulebook_shows_limits_with_article_owner_and_window(run):
    shown = run("show", "luat-2013")[1]
    assert lines(shown, "A12: 7 ngày làm việc từ ngày mở bước", "Điều 7 khoản 1", "[từ 27/11/2023]")
    assert lines(shown, "A7-NTMN-ho-so: ít nhất 10 ngày làm việc trước «Ngày kết thúc hợp đồng»")
    assert lines(shown, "Xét theo: ngày phê duyệt nhiệm vụ")
    assert lines(shown, "Đạt khi: điểm trung bình ≥ 70/100")
    assert lines(shown, "Gửi tài liệu: ít nhất 7 ngày làm việc trước")


def test_a_limit_that_is_not_loaded_is_not_shown_as_no_limit(run):
    new, innovation = run("show", "luat-2025")[1], run("show", "nd-268-2025")[1]
    assert lines(new, "Chưa nạp: Nghị định 267/2025/NĐ-CP")
    assert not lines(new, "Luật không định thời hạn")
    assert lines(innovation, "Luật không định thời hạn")


def test_a_rulebook_in_json_holds_the_same(run):
    shown = json.loads(run("show", "cao-bang", "--json")[1])
    contract = next(stage for stage in shown["stages"] if stage["id"] == "contract")
    (target,) = contract["steps"][0]["limits"]
    assert (target["id"], target["force"]) == ("CB-ky-hop-dong", "mục tiêu nội bộ")


def test_an_unknown_rulebook_is_refused_with_those_there_are(run):
    with pytest.raises(NotFoundError, match="Hiện có: cao-bang"):
        run("show", "luat-1999")


def test_a_sound_file_is_checked_with_exit_code_0(run, tmp_path):
    path = tmp_path / "nho.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert run("check", str(path)) == (0, "nho.toml: dùng được, 00 chỗ sai, 00 chỗ nên xem lại.\n")


def test_a_broken_file_is_checked_with_exit_code_1_and_every_line(run, tmp_path):
    path = tmp_path / "nho.toml"
    path.write_text(SMALL.replace("amount = 10", "amount = 0"), encoding="utf-8")
    code, shown = run("check", str(path))
    assert code == 1
    assert lines(shown, "Sai: nho.toml, dòng 19, khóa «step.0.limit.0.amount»")
    assert lines(shown, "chưa dùng được, 01 chỗ sai")


def test_a_doubt_does_not_make_a_file_unusable(run, tmp_path):
    path = tmp_path / "nho.toml"
    path.write_text(SMALL.replace('ends = "đã ký"', ""), encoding="utf-8")
    code, shown = run("check", str(path))
    assert code == 0
    assert lines(shown, "Nên xem lại: nho.toml, dòng 32")


def test_problems_in_json_have_line_and_key(run, tmp_path):
    path = tmp_path / "nho.toml"
    path.write_text(SMALL.replace("amount = 10", "amount = 0"), encoding="utf-8")
    code, shown = run("check", str(path), "--json")
    (problem,) = json.loads(shown)["problems"]
    assert (code, problem["line"], problem["key"]) == (1, 19, "step.0.limit.0.amount")


def test_two_rulebooks_are_compared_in_a_table(run):
    code, shown = run("diff", "luat-2013", "nd-268-2025")
    assert code == 0
    assert lines(shown, "Bước", "result_notice", "chỉ có ở nd-268-2025")
    assert lines(shown, "Thời hạn", "approval", "15 ngày từ ngày mở bước", "10 ngày từ ngày mở")
    assert shown.rstrip().endswith("điểm khác.")


def test_a_draft_is_compared_by_its_path(run, tmp_path):
    path = tmp_path / "nhap.toml"
    path.write_text(
        'id = "nhap"\nextends = "cao-bang"\ntitle = "Nháp"\nversion = "1"\ndrops = ["A70"]\n',
        encoding="utf-8",
    )
    (difference,) = json.loads(run("diff", "cao-bang", str(path), "--json")[1])
    assert (difference["part"], difference["name"]) == ("Thời hạn", "acceptance_dossier.A70")
    assert (difference["a"], difference["b"]) == ("30 ngày từ «Ngày kết thúc hợp đồng»", "")


def test_the_same_twice_is_no_difference(run):
    assert lines(run("diff", "cao-bang", "cao-bang")[1], "00 điểm khác.")


def test_who_records_is_shown_as_the_departments_own_arrangement(run):
    shown = run("show", "luat-2013")[1]
    assert lines(shown, "Ai được ghi (sắp xếp nội bộ của Sở, không phải luật)")
    assert lines(shown, "  kết quả kết thúc nhiệm vụ: trưởng phòng, lãnh đạo Sở, văn thư")
    assert lines(shown, "    Ghi «Đã công nhận»: trưởng phòng, lãnh đạo Sở, văn thư")
