from datetime import date

import pytest

from khcn_workflow.domain.council import ByMinutes, CouncilRule
from khcn_workflow.domain.rules import (
    ExtensionRule,
    Force,
    LimitStatus,
    NoRulebookInForceError,
    Outcome,
    Rulebook,
    Stage,
    Step,
    TimeLimit,
    Unit,
    UnreadNorm,
    rulebook_in_force,
)
from khcn_workflow.domain.science_task import Level

LAW_2013 = date(2014, 1, 1)
LAW_2025 = date(2025, 10, 1)


def a_limit(limit_id: str = "A1", **more) -> TimeLimit:
    return TimeLimit(
        limit_id, 10, Unit.CALENDAR_DAYS, "opened", more.pop("force", Force.STATUTORY), "", **more
    )


def a_rulebook(rulebook_id: str = "b", *limits: TimeLimit, **more) -> Rulebook:
    step = Step(
        "call", "proposal", "Thông báo", "Sở", "Thông báo", (Outcome("ok", "Xong"),), limits
    )
    return Rulebook(rulebook_id, rulebook_id, "1", (Stage("proposal", "Đề xuất", (step,)),), **more)


BOOKS = (
    a_rulebook("luat-2013", family="khcn", effective_from=LAW_2013, effective_to=date(2025, 9, 30)),
    a_rulebook("luat-2025", family="khcn", effective_from=LAW_2025),
    a_rulebook("dmst", family="dmst", effective_from=date(2025, 10, 14)),
    a_rulebook(
        "cao-bang",
        family="khcn",
        province="cao-bang",
        effective_from=LAW_2013,
        effective_to=date(2025, 9, 30),
    ),
)


@pytest.mark.parametrize(
    ("family", "approved_on", "province", "found"),
    [
        ("khcn", date(2014, 1, 1), "", "luat-2013"),
        ("khcn", date(2025, 9, 30), "", "luat-2013"),
        ("khcn", date(2025, 10, 1), "", "luat-2025"),
        ("khcn", date(2019, 5, 2), "cao-bang", "cao-bang"),
        ("khcn", date(2019, 5, 2), "lang-son", "luat-2013"),
        ("khcn", date(2026, 5, 2), "cao-bang", "luat-2025"),
        ("dmst", date(2025, 10, 14), "cao-bang", "dmst"),
    ],
)
def test_the_deciding_date_finds_the_rulebook(family, approved_on, province, found):
    assert rulebook_in_force(BOOKS, family, approved_on, province).id == found


@pytest.mark.parametrize(
    ("family", "on"), [("khcn", date(2013, 12, 31)), ("dmst", date(2025, 10, 13))]
)
def test_before_the_first_law_of_a_family_there_is_no_rulebook(family, on):
    with pytest.raises(NoRulebookInForceError, match=f"{on:%d/%m/%Y}"):
        rulebook_in_force(BOOKS, family, on)


def test_of_two_rulebooks_in_force_the_later_one_is_taken_whatever_their_order():
    newer = a_rulebook("ban-sua-doi", family="khcn", effective_from=date(2026, 1, 1))
    for books in ((*BOOKS, newer), (newer, *BOOKS)):
        assert rulebook_in_force(books, "khcn", date(2026, 6, 1)).id == "ban-sua-doi"


UNREAD = UnreadNorm("tt08", "Thông tư 08/2017", steps=("call",), in_force_until=date(2023, 11, 26))


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2023, 11, 26), LimitStatus.NOT_LOADED),
        (date(2023, 11, 27), LimitStatus.LOADED),
    ],
)
def test_a_limit_is_not_loaded_while_an_unread_norm_was_the_law(on, status):
    rulebook = a_rulebook("b", a_limit(in_force_from=date(2023, 11, 27)), not_loaded=(UNREAD,))
    assert rulebook.limit_status("call", Level.PROVINCIAL, on) is status


def test_a_step_that_no_unread_norm_names_has_no_limit_in_law():
    rulebook = a_rulebook("b", not_loaded=(UNREAD,))
    assert rulebook.limit_status("call", Level.PROVINCIAL, LAW_2025) is LimitStatus.NO_LIMIT
    assert LimitStatus.NO_LIMIT.label != LimitStatus.NOT_LOADED.label


def test_an_internal_target_is_no_limit_of_the_law():
    rulebook = a_rulebook("b", a_limit(force=Force.INTERNAL))
    assert rulebook.limit_status("call", Level.PROVINCIAL, LAW_2025) is LimitStatus.NO_LIMIT


def test_a_norm_without_steps_bears_on_every_step_of_its_levels():
    norm = UnreadNorm("tt09", "Thông tư 09/2024", levels=frozenset({Level.PROVINCIAL}))
    rulebook = a_rulebook("b", not_loaded=(norm,))
    assert rulebook.unread_norms("call", Level.PROVINCIAL, LAW_2025) == (norm,)
    assert rulebook.unread_norms("call", Level.NATIONAL, LAW_2025) == ()


def test_the_council_made_for_the_level_goes_before_the_general_one():
    general = CouncilRule("chung", "call", "Hội đồng", "", ByMinutes())
    rural = CouncilRule(
        "ntmn", "call", "Hội đồng", "", ByMinutes(), levels=frozenset({Level.RURAL_CENTRAL})
    )
    rulebook = a_rulebook("b", councils=(general, rural))
    assert rulebook.council_of("call", Level.RURAL_CENTRAL, LAW_2025) is rural
    assert rulebook.council_of("call", Level.PROVINCIAL, LAW_2025) is general
    assert rulebook.council_of("khác", Level.PROVINCIAL, LAW_2025) is None


@pytest.mark.parametrize(
    ("ends_on", "longest"), [(date(2020, 1, 2), 6), (date(2020, 1, 3), 12), (date(2019, 1, 2), 6)]
)
def test_a_task_of_exactly_twenty_four_months_has_the_short_extension(ends_on, longest):
    rule = ExtensionRule("Điều 12", 1, 1, 24, 6, 12)
    assert rule.longest(date(2018, 1, 2), ends_on) == longest
