"""The coordinator's list: found, filtered, sorted and paged, for the council's teams alone."""

from __future__ import annotations

import pytest

from tests.exchange.coordinators import UPN, look, names, only, waits
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.listing import Wanted, one_learner
from transition_exchange.exchange.errors import NotAllowed, NotFound


def test_a_learner_is_there_from_the_moment_a_school_adds_them(world: World) -> None:
    world.add()
    line = only(world)
    assert (line.name, line.school, line.state) == ("Khan, Amina", "Ashdown School", "not_started")
    assert waits(line) == ["School to start the form"]
    assert line.no_destination
    assert line.no_offer


def test_search_takes_names_in_any_order_and_numbers(world: World) -> None:
    first = world.add("Amina", "Khan")
    world.add("Ben", "Adams")
    world.save(first, {"pupil_number": {"upn": UPN}})
    for text in ("khan", "KHAN, amina", "amina khan", UPN, UPN.lower(), "372400114001"):
        assert names(look(world, search=text)) == ["Khan, Amina"], text
    assert look(world, search="khan ben").total == 0
    assert look(world, search="").total == 2


def test_a_list_is_sorted_as_asked(world: World) -> None:
    started = world.add("Zoe", "Young")
    world.add("Ben", "Adams", actor=world.other_senco)
    world.save(started, {"pupil_number": {"upn": UPN}})
    assert names(look(world)) == ["Adams, Ben", "Young, Zoe"]
    assert names(look(world, sort="school")) == ["Young, Zoe", "Adams, Ben"]
    assert names(look(world, sort="waiting")) == ["Adams, Ben", "Young, Zoe"]
    assert len(look(world, sort="missing").lines) == 2


def test_nobody_outside_the_councils_teams_sees_any_of_it(world: World) -> None:
    world.add()
    for person in ("senco", "safeguarding_lead", "college_admissions", "coach"):
        with pytest.raises(NotAllowed):
            look(world, actor=world.people[person])
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    with pytest.raises(NotAllowed):
        look(world, actor=administrator)


def test_past_the_last_page_the_last_page_is_shown(world: World) -> None:
    world.add()
    assert names(look(world, page=2)) == ["Khan, Amina"]


def test_a_record_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        one_learner(db=world.db, actor=world.coordinator, record_id=world.school.id)


def test_an_address_of_a_list_never_holds_what_was_searched_for() -> None:
    wanted = Wanted(search="Khan", state="complete", no_offer=True, page=3)
    assert wanted.query(sort="school") == "state=complete&no_offer=yes&sort=school"
