"""A plan says what goes, for which readers, and shows nothing of the record where it is printed."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.sending.plans import ProviderPlan, TeamPlan
from transition_exchange.proforma import Access, load


@pytest.mark.parametrize(
    ("purposes", "readers"),
    [
        ({"exams"}, "exams"),
        ({"exams", "admissions"}, "admissions+exams"),
        ({"safeguarding", "learning_support", "admissions"}, "admissions+learning_support+safeguarding"),
    ],
)
def test_the_readers_of_a_pack_are_one_word_whatever_the_team_is_called(
    purposes: set[str], readers: str
) -> None:
    access = Access(load("core/2027.1"), frozenset(purposes))
    teams = [TeamPlan(team_id=uuid4(), name=name, team=None, access=access) for name in ("Office", "Clerks")]
    assert [team.readers for team in teams] == [readers, readers]


@pytest.mark.parametrize(
    ("state", "goes"),
    [
        ("new", True),
        ("again", True),
        ("added", True),
        ("current", False),
        ("status", False),
        ("not_ready", False),
    ],
)
def test_only_what_a_team_does_not_hold_yet_goes(state: str, goes: bool) -> None:
    assert ProviderPlan(uuid4(), "Northway College", state, {}).goes is goes


@pytest.mark.parametrize(
    ("state", "named", "chosen"),
    [
        ("new", True, True),
        ("again", True, False),
        ("added", True, False),
        ("current", True, False),
        ("status", True, False),
        ("again", False, True),
        ("added", False, True),
        ("current", False, False),
        ("not_ready", False, False),
    ],
)
def test_what_goes_for_the_first_time_or_to_a_place_that_is_not_named_is_chosen(
    state: str, named: bool, chosen: bool
) -> None:
    assert ProviderPlan(uuid4(), "Northway College", state, {}, named=named).chosen is chosen


def test_a_plan_that_is_printed_shows_nothing_of_the_record(world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    world.save(record_id, {"sharing": {"agreed": "some", "withheld": ["health"]}})
    world.attach(record_id, kind="form_8", name="Form 8 of Amina")
    printed = repr(world.plan(record_id))
    assert "Northway College" in printed
    for telling in ("Amina", "Khan", "Animal care", "Form 8 of", "1 High Street"):
        assert telling not in printed, "a label, an answer or a destination is printed"
