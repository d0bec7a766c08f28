import unicodedata

import pytest

from khcn_workflow.domain.science_task import Kind, Level, Role, Source, Way
from khcn_workflow.register.cells import UnreadableError
from khcn_workflow.register.vocabulary import (
    cause_reader,
    outcome_reader,
    read_kind,
    read_level,
    read_role,
    read_source,
    read_way,
    says_delay,
    step_reader,
)
from tests.register.office_workbook import RULEBOOK


@pytest.mark.parametrize(
    ("read", "words", "meant"),
    [
        (read_level, "cấp tỉnh", Level.PROVINCIAL),
        (read_level, "Tỉnh", Level.PROVINCIAL),
        (read_level, "CẤP QUỐC GIA", Level.NATIONAL),
        (read_level, "Cấp nhà nước", Level.NATIONAL),
        (read_level, "cap-thiet", Level.URGENT_LOCAL),
        (read_level, "NTMN (TW)", Level.RURAL_CENTRAL),
        (read_level, "NTMN - Trung ương trực tiếp quản lý", Level.RURAL_CENTRAL),
        (read_level, "Nông thôn miền núi, TW ủy quyền địa phương", Level.RURAL_DELEGATED),
        (read_kind, "ĐT", Kind.TOPIC),
        (read_kind, "Đề tài", Kind.TOPIC),
        (read_kind, "DA", Kind.PROJECT),
        (read_kind, "ĐA", Kind.SCHEME),
        (read_kind, "Dự án SXTN", Kind.PROJECT),
        (read_source, "đặt hàng", Source.ORDERED),
        (read_source, "bo-sung", Source.SUPPLEMENTARY),
        (read_way, "Tuyển chọn", Way.SELECTION),
        (read_way, "Giao trực tiếp", Way.DIRECT),
        (read_way, "Xét giao trực tiếp", Way.DIRECT),
        (read_role, "Phó Giám đốc Sở", Role.DIRECTOR),
        (read_role, "chuyen-vien", Role.OFFICER),
    ],
)
def test_ids_labels_and_what_offices_write_mean_the_same(read, words, meant):
    assert read(words) is meant
    assert read(unicodedata.normalize("NFD", words)) is meant


@pytest.mark.parametrize("enum", [Level, Kind, Source, Way, Role])
def test_every_id_and_every_label_is_understood(enum):
    readers = {Level: read_level, Kind: read_kind, Source: read_source, Way: read_way}
    read = readers.get(enum, read_role)
    for member in enum:
        assert read(member.value) is member
        assert read(member.label.upper()) is member


def test_ntmn_must_say_who_manages_it():
    with pytest.raises(UnreadableError, match="không đọc được «NTMN»; cần một trong: Cấp quốc gia"):
        read_level("NTMN")


def test_every_step_is_understood_by_id_title_and_noun():
    read = step_reader(RULEBOOK)
    for step in RULEBOOK.steps():
        assert read(step.id) is step
        assert read(step.title.upper()) is step
        assert read(step.noun) is step


def test_every_outcome_is_understood_by_id_and_title():
    for step in RULEBOOK.steps():
        read = outcome_reader(step)
        for outcome in step.outcomes:
            assert read(outcome.id) is outcome
            assert read(outcome.title.lower()) is outcome


def test_an_outcome_of_another_step_is_refused_with_those_allowed():
    with pytest.raises(UnreadableError, match="Đã hoàn thiện; hoặc «Giải trình chậm»"):
        outcome_reader(RULEBOOK.step("dossier_completion"))("Đạt")


def test_a_delay_is_told_in_the_outcome_column():
    assert says_delay("giải trình chậm")
    assert says_delay("Chậm")
    assert not says_delay("Đạt")


def test_a_cause_of_the_rulebook_becomes_its_id_and_other_words_stay():
    read = cause_reader(RULEBOOK)
    assert read("xin-y-kien") == "xin-y-kien"
    assert read("Do yêu cầu của cấp trên") == "yeu-cau-cap-tren"
    assert read("yêu cầu của cấp trên nên phải rà soát, chỉnh sửa lại hồ sơ") == "yeu-cau-cap-tren"
    assert read("Dịch bệnh ") == "Dịch bệnh"
