"""Who reports, who signs, who receives."""

import pytest

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.regulations.agency import PACKAGED, AgencyFileError, load_agency, read_agency


def test_the_department_of_cao_bang_is_packaged():
    agency = load_agency("cao-bang")
    assert (agency.name, agency.report_symbol) == ("Sở Khoa học và Công nghệ", "BC-SKHCN")
    assert agency.recipients[-1] == "Lưu: VT, VP"


def test_the_departments_own_folder_goes_first(tmp_path):
    own = (PACKAGED / "cao-bang.toml").read_text().replace("Đoàn Hải Triều", "Nguyễn Thị B")
    (tmp_path / "cao-bang.toml").write_text(own)
    assert load_agency("cao-bang", tmp_path).signer_name == "Nguyễn Thị B"


def test_an_unknown_agency_is_refused_with_those_there_are():
    with pytest.raises(NotFoundError, match="cao-bang"):
        load_agency("ha-noi")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name = ", "không phải TOML"),
        ('name = "Sở"', "parent"),
        ('ten = "Sở"', "không có khóa «ten»"),
    ],
)
def test_a_file_that_cannot_be_used_names_the_key(tmp_path, text, named):
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(AgencyFileError, match=named):
        read_agency(path)


def test_a_signature_begins_as_the_decree_lets_it(tmp_path):
    own = (PACKAGED / "cao-bang.toml").read_text()
    path = tmp_path / "x.toml"
    path.write_text(own.replace("KT. GIÁM ĐỐC", "TL. GIÁM ĐỐC"))
    assert read_agency(path).signer_prefix == "TL. GIÁM ĐỐC"
    path.write_text(own.replace("KT. GIÁM ĐỐC", "THAY MẶT GIÁM ĐỐC"))
    with pytest.raises(AgencyFileError, match="phải bắt đầu bằng TM., Q., KT., TL., TUQ."):
        read_agency(path)
