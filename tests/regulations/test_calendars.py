import re
import subprocess
import sys
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from runpy import run_path

import pytest
from holidays import country_holidays

from khcn_workflow.domain.calendar import Day, DayKind
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.regulations import calendars
from khcn_workflow.regulations.calendars import (
    BASE_FILE,
    PACKAGED,
    Announcement,
    CalendarFileError,
    announcements,
    calendar_files,
    differences_from_base,
    load_calendar,
    read_folder,
)

ROOT = Path(__file__).parents[2]
DAYS = [date(2016, 1, 1) + timedelta(days=n) for n in range(12 * 365 + 3)]
"""2016 to 2027."""


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def table(on: str, kind: str, reason: str = "lý do", **more: str) -> str:
    lines = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[[day]]\non = {on}\nkind = "{kind}"\nreason = "{reason}"\n{lines}\n'


# --- the packaged data


def test_each_year_has_as_many_working_days_as_it_truly_had():
    calendar = load_calendar()
    counted = {
        year: calendar.count(date(year - 1, 12, 31), date(year, 12, 31))
        for year in range(2016, 2028)
    }
    assert counted == {
        2016: 251,
        2017: 250,
        2018: 250,
        2019: 252,
        2020: 252,
        2021: 250,
        2022: 249,
        2023: 249,
        2024: 251,
        2025: 250,
        2026: 249,
        2027: 249,
    }


def test_the_calendar_knows_1990_to_2100_and_is_official_to_the_end_of_2026():
    calendar = load_calendar()
    assert (calendar.first, calendar.last) == (date(1990, 1, 1), date(2100, 12, 31))
    assert calendar.official_until == date(2026, 12, 31)
    assert not calendar.day(date(2027, 4, 16)).official
    assert not calendar.day(date(2027, 1, 4)).official
    assert calendar.day(date(2026, 11, 24)).official


@pytest.mark.parametrize(
    ("day_off", "saturday", "document"),
    [
        (date(2018, 12, 31), date(2019, 1, 5), "6519/VPCP-KGVX"),
        (date(2019, 4, 29), date(2019, 5, 4), "6519/VPCP-KGVX"),
        (date(2024, 4, 29), date(2024, 5, 4), "2450/VPCP-KGVX"),
        (date(2025, 5, 2), date(2025, 4, 26), "8726/VPCP-KGVX"),
        (date(2026, 1, 2), date(2026, 1, 10), "12729/VPCP-KGVX"),
        (date(2026, 8, 31), date(2026, 8, 22), ""),
    ],
)
def test_each_announced_swap_is_there_with_its_document(day_off, saturday, document):
    calendar = load_calendar()
    off, worked = calendar.day(day_off), calendar.day(saturday)
    assert (off.kind, worked.kind) == (DayKind.SWAPPED_OFF, DayKind.SWAPPED_IN)
    assert f"{saturday:%d/%m/%Y}" in off.reason
    assert f"{day_off:%d/%m/%Y}" in worked.reason
    assert off.source == worked.source == ", ".join(filter(None, (document, "Văn phòng Chính phủ")))


def test_culture_day_is_off_from_2026_on():
    calendar = load_calendar()
    assert calendar.is_working_day(date(2025, 11, 24))
    assert calendar.day(date(2026, 11, 24)) == Day(
        date(2026, 11, 24),
        DayKind.HOLIDAY,
        "Ngày Văn hóa Việt Nam",
        "Nghị quyết 28/2026/QH16, Quốc hội",
        True,
    )


def test_a_day_named_without_a_document_keeps_the_law_it_rests_on():
    assert load_calendar().day(date(2026, 4, 27)) == Day(
        date(2026, 4, 27),
        DayKind.COMPENSATORY,
        "nghỉ bù Ngày Giỗ Tổ Hùng Vương",
        "Bộ luật Lao động 2019, Điều 111 khoản 3",
        True,
    )


def test_what_was_announced_wins_over_the_library():
    assert [
        (d.on, d.base.kind, d.ours.kind, d.document)
        for d in differences_from_base()
        if d.moves_terms
    ] == [
        (date(2026, 1, 2), DayKind.WORKING, DayKind.SWAPPED_OFF, "12729/VPCP-KGVX"),
        (date(2026, 1, 10), DayKind.WEEKEND, DayKind.SWAPPED_IN, "12729/VPCP-KGVX"),
    ]


def test_a_day_off_for_another_reason_moves_no_term():
    assert [(d.on, d.ours.kind) for d in differences_from_base() if not d.moves_terms] == [
        (date(2016, 2, 12), DayKind.COMPENSATORY),
        (date(2017, 1, 31), DayKind.COMPENSATORY),
        (date(2017, 2, 1), DayKind.COMPENSATORY),
    ]


@pytest.mark.parametrize(
    ("on", "reason", "source"),
    [
        (
            date(2016, 2, 12),
            "nghỉ bù Giao thừa Tết Nguyên Đán",
            "4659/TB-LĐTBXH, Bộ Lao động - Thương binh và Xã hội",
        ),
        (
            date(2017, 2, 1),
            "nghỉ bù Mùng hai Tết Nguyên Đán",
            "9794/VPCP-KGVX, Văn phòng Chính phủ",
        ),
        (
            date(2016, 5, 3),
            "nghỉ bù Ngày Quốc tế Lao động",
            "Bộ luật Lao động 2012, Điều 115",
        ),
    ],
)
def test_the_first_years_name_their_paper_or_the_law(on, reason, source):
    assert load_calendar().day(on) == Day(on, DayKind.COMPENSATORY, reason, source, True)


def test_what_is_announced_keeps_its_paper():
    told = announcements(calendar_files())[date(2026, 1, 2)]
    assert told == Announcement(
        Day(
            date(2026, 1, 2),
            DayKind.SWAPPED_OFF,
            "nghỉ hoán đổi, làm bù ngày 10/01/2026",
            "12729/VPCP-KGVX, Văn phòng Chính phủ",
            False,
        ),
        "12729/VPCP-KGVX",
        "Văn phòng Chính phủ",
        date(2025, 12, 25),
        "SEEN",
    )


def test_each_year_file_speaks_for_the_year_it_is_named_after():
    files = read_folder(PACKAGED)
    assert [(f.path.stem, f.status) for f in files] == [
        (str(f.year), "provisional" if f.year == 2027 else "announced") for f in files
    ]
    assert [f.year for f in files] == list(range(2016, 2028))
    assert all(f.note for f in files)


def test_each_announced_day_says_how_surely_it_is_known():
    for path in PACKAGED.glob("*.toml"):
        for day in tomllib.loads(path.read_text(encoding="utf-8")).get("day", []):
            assert day["confidence"] in calendars.CONFIDENCES
            assert {"on", "kind", "reason", "document", "issuer"} <= day.keys()


def test_every_exception_changes_its_day_or_says_why():
    assert all(day.reason for day in load_calendar().exceptions.values())


def test_the_baked_base_is_what_the_installed_library_gives():
    baked = run_path(str(ROOT / "scripts" / "bake_calendar.py"))["baked"]
    assert BASE_FILE.read_text(encoding="utf-8") == baked()


def test_each_day_of_2016_to_2027_is_what_the_library_says_but_for_one_swap():
    library = country_holidays("VN", years=range(2015, 2029))
    wrong = [on for on in DAYS if load_calendar().is_working_day(on) != library.is_working_day(on)]
    assert wrong == [date(2026, 1, 2), date(2026, 1, 10)]


# --- loading


def test_loading_does_not_import_the_holiday_library():
    code = (
        "import sys; from khcn_workflow.regulations.calendars import load_calendar;"
        "load_calendar(); print('holidays' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.stdout.strip(), run.stderr) == ("False", "")


def test_a_cold_load_takes_well_under_50_ms():
    assert min(_cold_load() for _ in range(5)) < 0.05


def _cold_load() -> float:
    for cached in (calendars._packaged, calendars._packaged_calendar, calendars._base):
        cached.cache_clear()
    start = time.perf_counter()
    load_calendar()
    return time.perf_counter() - start


def test_the_packaged_calendar_is_built_once():
    assert load_calendar() is load_calendar()


def test_the_version_names_the_data(tmp_path):
    same = write(tmp_path / "none", "a.toml", "# nothing\n")
    other = write(tmp_path / "one", "a.toml", table("2026-03-03", "closure"))
    assert re.fullmatch(r"[0-9a-f]{12}", load_calendar().version)
    assert load_calendar([same]).version == load_calendar().version
    assert load_calendar([other]).version != load_calendar().version


# --- a Department's own folder


def test_a_closure_of_the_departments_own_is_a_day_off(tmp_path):
    folder = write(
        tmp_path,
        "so-khcn.toml",
        table("2026-03-03", "closure", "Ngày truyền thống", document="12/TB", issuer="Sở KH&CN"),
    )
    calendar = load_calendar([folder])
    assert calendar.day(date(2026, 3, 3)) == Day(
        date(2026, 3, 3), DayKind.CLOSURE, "Ngày truyền thống", "12/TB, Sở KH&CN", True
    )
    assert calendar.add(date(2026, 3, 2), 1) == date(2026, 3, 4)


def test_the_later_folder_wins(tmp_path):
    first = write(tmp_path / "1", "a.toml", table("2026-03-03", "closure", "một"))
    second = write(tmp_path / "2", "a.toml", table("2026-03-03", "working", "hai"))
    assert load_calendar([first, second]).day(date(2026, 3, 3)).reason == "hai"
    assert load_calendar([second, first]).day(date(2026, 3, 3)).reason == "một"
    told = announcements(calendar_files([first, second]))
    assert told[date(2026, 3, 3)].day.reason == "hai"


def test_a_late_announcement_can_be_laid_over_without_a_release(tmp_path):
    head = 'year = 2027\nstatus = "announced"\nnote = ""\n'
    swap = table("2027-12-31", "swapped-off") + table("2027-12-25", "swapped-in")
    calendar = load_calendar([write(tmp_path, "2027.toml", head + swap)])
    assert calendar.official_until == date(2027, 12, 31)
    assert calendar.day(date(2027, 4, 16)).official
    assert calendar.is_working_day(date(2027, 12, 25))
    moved = [d.on.year for d in differences_from_base([tmp_path]) if d.moves_terms]
    assert moved == [2026, 2026, 2027, 2027]


def test_a_year_announced_after_a_provisional_one_does_not_make_it_official(tmp_path):
    folder = write(tmp_path, "2028.toml", 'year = 2028\nstatus = "announced"\n')
    assert load_calendar([folder]).official_until == date(2026, 12, 31)


def test_a_closure_in_a_provisional_year_is_official_by_itself(tmp_path):
    calendar = load_calendar([write(tmp_path, "a.toml", table("2027-03-03", "closure"))])
    assert calendar.day(date(2027, 3, 3)).official
    assert calendar.is_provisional(date(2027, 3, 3))


# --- files that cannot be used

GOOD = table("2026-03-03", "closure")
YEAR = 'year = 2026\nstatus = "announced"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("year = = 1\n", "dòng 1: không đúng cú pháp TOML"),
        (GOOD + table("2026-02-30", "closure"), "dòng 7: ngày không có thật"),
        (table('"2026-03-03"', "closure"), "dòng 2, khóa «on»: «2026-03-03» không dùng được: cần"),
        (table("2026-03-03T08:00:00", "closure"), "dòng 2, khóa «on»: «2026-03-03 08:00:00» không"),
        (YEAR + table("2025-03-03", "closure"), "dòng 4, khóa «on»: ngày 03/03/2025 không thuộc"),
        (table("2101-03-03", "closure"), "dòng 2, khóa «on»: ngày 03/03/2101 ngoài lịch làm việc"),
        (GOOD + table("2026-03-04", "nghi"), "dòng 8, khóa «kind»: không có loại ngày «nghi»"),
        (GOOD + GOOD, "dòng 7, khóa «on»: ngày 03/03/2026 đã có trong tệp này"),
        (GOOD + "[[day]]\non = 2026-03-04\n", "dòng 6, khóa «kind»: còn thiếu"),
        (table("2026-03-03", "closure", ""), "dòng 4, khóa «reason»: còn thiếu"),
        (table("2026-03-03", "swapped-in"), "thứ Ba 03/03/2026 không thể là ngày «swapped-in»"),
        (table("2026-03-07", "swapped-off"), "thứ Bảy 07/03/2026 không thể là ngày «swapped-off»"),
        (table("2026-03-03", "closure", sourc="x"), "dòng 5, khóa «sourc»: không có khóa này"),
        (table("2026-03-03", "closure", confidence="x"), "dòng 5, khóa «confidence»: cần một"),
        (table("2026-03-03", "closure", decided_on="x"), "dòng 5, khóa «decided_on»: «x» không"),
        ('status = "announced"\n', "khóa «year»: còn thiếu"),
        ('year = 2026\nstatus = "done"\n', "dòng 2, khóa «status»: «done» không dùng được"),
        ('year = "2026"\n', "dòng 1, khóa «year»: «2026» không dùng được"),
        ("year = true\n", "dòng 1, khóa «year»: «True» không dùng được"),
        ("day = [1]\n", "dòng 1, khóa «day»: không dùng được: cần các bảng [[day]]"),
        ("yaer = 2026\n", "dòng 1, khóa «yaer»: không có khóa này"),
    ],
)
def test_a_bad_file_is_named_with_its_line_and_key(tmp_path, text, sentence):
    folder = write(tmp_path, "xau.toml", text)
    with pytest.raises(CalendarFileError) as refusal:
        load_calendar([folder])
    assert str(refusal.value).startswith(f"Tệp lịch {folder / 'xau.toml'}")
    assert sentence in str(refusal.value)
    assert isinstance(refusal.value, KhcnError)
    assert isinstance(refusal.value, ValueError)


def test_a_day_in_two_files_of_one_folder_is_refused(tmp_path):
    write(tmp_path, "a.toml", GOOD)
    write(tmp_path, "b.toml", GOOD)
    with pytest.raises(CalendarFileError, match=r"b\.toml.*03/03/2026 đã có trong tệp a\.toml"):
        load_calendar([tmp_path])


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CalendarFileError, match=r"khong-co.*không có thư mục này"):
        load_calendar([tmp_path / "khong-co"])


def test_a_file_saved_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "cu.toml").write_bytes('note = "nghỉ"'.encode("utf-16"))
    with pytest.raises(
        CalendarFileError, match=r"cu\.toml: không đọc được chữ: hãy lưu ở dạng UTF-8"
    ):
        load_calendar([tmp_path])


def test_a_file_saved_by_notepad_is_read(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8-sig", newline="\r\n")
    assert not load_calendar([tmp_path]).is_working_day(date(2026, 3, 3))


def test_a_damaged_base_is_named_with_its_line(tmp_path, monkeypatch):
    damaged = tmp_path / "base.csv"
    damaged.write_text("on,kind,reason,source\n2026-01-01,holiday,Tết,\n2026-13-01,x,,\n", "utf-8")
    monkeypatch.setattr(calendars, "BASE_FILE", damaged)
    with pytest.raises(CalendarFileError, match=r"base\.csv, dòng 3: dòng không đọc được"):
        calendars._base.__wrapped__(date(2026, 12, 31))
