import pytest

from khcn_workflow.domain.anchors import Anchor, AnchorUnreadableError
from khcn_workflow.storage.anchor_file import NAME, AnchorFileError, add_anchor, read_anchors

FIRST, SECOND = Anchor(1, "a" * 64), Anchor(2, "b" * 64)


def test_anchors_are_read_in_the_order_they_were_added(tmp_path):
    home = tmp_path / "moi"
    assert read_anchors(home) == []
    add_anchor(home, FIRST)
    add_anchor(home, SECOND)
    assert read_anchors(home) == [FIRST, SECOND]


def test_a_line_that_a_crash_cut_off_hides_no_other(tmp_path):
    add_anchor(tmp_path, FIRST)
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write("2:bbb")
    assert read_anchors(tmp_path) == [FIRST]
    add_anchor(tmp_path, SECOND)
    assert read_anchors(tmp_path) == [FIRST, SECOND]


def test_a_line_that_is_no_anchor_is_named(tmp_path):
    add_anchor(tmp_path, FIRST)
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write("x\n")
    with pytest.raises(AnchorUnreadableError, match=r"anchors\.txt, dòng 2"):
        read_anchors(tmp_path)


def test_a_file_that_cannot_be_is_told_in_vietnamese(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(AnchorFileError, match="Không đọc hoặc ghi được tệp mốc"):
        add_anchor(tmp_path, FIRST)
    with pytest.raises(AnchorFileError):
        read_anchors(tmp_path)
