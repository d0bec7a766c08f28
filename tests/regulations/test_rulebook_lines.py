import tomllib

import pytest

from khcn_workflow.regulations.rulebook_reader import PACKAGED
from khcn_workflow.regulations.toml_lines import line_of, lines_of

TEXT = '''id = "x"  # dòng 1
[stages]
proposal = "Đề xuất"

[[step]]
id = "a"
note = """
[[step]]
id = "trong chuỗi"
"""
[[step.limit]]
id = "L1"
[[step.limit]]
id = "L2"
levels = [
    "tinh",
]
[[step]]
"id" = "b"
[[step.limit]]
id = "L3"
passes.kind = "x"
'''


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("id",), 1),
        (("stages", "proposal"), 3),
        (("step", 0), 5),
        (("step", 0, "limit", 1, "id"), 14),
        (("step", 0, "limit", 1, "levels", 0), 15),
        (("step", 1), 18),
        (("step", 1, "id"), 19),
        (("step", 1, "limit", 0, "id"), 21),
        (("step", 1, "limit", 0, "passes", "kind"), 22),
        (("step", 1, "limit", 0, "amount"), 20),
        (("step", 1, "limit"), 18),
        (("stages", "appraisal"), 2),
        (("khác",), None),
    ],
)
def test_a_place_in_the_data_has_the_line_of_its_key_or_of_the_table_around_it(location, line):
    assert line_of(lines_of(TEXT), location) == line


def test_what_stands_in_a_long_string_is_no_key():
    assert len([at for at in lines_of(TEXT) if at[-1] == "id"]) == 6
    assert len(tomllib.loads(TEXT)["step"]) == 2


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_id_of_a_packaged_rulebook_is_found_on_its_line(path):
    text = path.read_text(encoding="utf-8")
    rows, lines = text.splitlines(), lines_of(text)
    found = 0
    for kind in ("step", "duty", "council", "target", "event", "not_loaded"):
        for number, table in enumerate(tomllib.loads(text).get(kind, ())):
            found += 1
            assert rows[lines[kind, number, "id"] - 1] == f'id = "{table["id"]}"'
    assert found
