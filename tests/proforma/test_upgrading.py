"""Last year's record on this year's form."""

from __future__ import annotations

import copy

import pytest

from tests.proforma.records import (
    PLAN,
    TODAY,
    V2026,
    V2027,
    Answers,
    as_2026,
    ehc_plan,
    merged,
    sen_support,
    without_sen,
)
from transition_exchange.proforma import UnknownVersion, check, load
from transition_exchange.proforma.model import Upgraded
from transition_exchange.proforma.upgrading import NoWay, upgrade


def carried(record: Answers) -> Upgraded:
    return upgrade(record, to=V2027, from_=V2026)


@pytest.mark.parametrize("record", [without_sen(), sen_support(), ehc_plan()], ids=["N", "K", "E"])
def test_a_right_record_stays_right_and_the_old_one_stays_as_it_was(record: Answers) -> None:
    old = as_2026(record)
    before = copy.deepcopy(old)
    found = carried(old)
    assert old == before
    report = check(load(V2027), found.answers, today=TODAY, attachments=PLAN)
    assert not report.errors
    new_questions = {
        "waiting.waiting",
        "contributions.contributions",
        "adulthood.outcomes",
        "destinations.destinations",
    }
    assert {gap.question for gap in report.counting_gaps} <= new_questions


def test_only_what_this_learner_is_asked_is_asked_again() -> None:
    assert carried(as_2026(without_sen())).ask_again == ("waiting.waiting", "destinations.destinations")


def test_changes_are_named_without_values() -> None:
    found = carried(merged(as_2026(ehc_plan())))
    assert any("sex" in change for change in found.changes)
    assert any("consent" in change for change in found.changes)
    assert "Amina" not in " ".join(found.changes)


def test_there_is_no_way_back_and_none_from_nowhere() -> None:
    with pytest.raises(NoWay):
        upgrade({}, to=V2026, from_=V2027)
    with pytest.raises(UnknownVersion):
        upgrade({}, to=V2027, from_="core/1999.1")
    assert upgrade({"learner": {}}, to=V2027, from_=V2027).answers == {"learner": {}}
