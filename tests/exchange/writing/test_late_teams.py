"""A team whose key was confirmed late is told for whom it waits, on its list and at each record."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.exchange.world import World
from tests.exchange.writing.late import LateTeams, add_late_teams, confirm, pass_on, written
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import after_others
from transition_exchange.exchange.writing.late_teams import others, waiting
from transition_exchange.store.models import Grant


@pytest.fixture
def late(world: World) -> LateTeams:
    """Two teams that nobody has confirmed yet."""
    return add_late_teams(world)


def test_it_waits_for_the_teams_that_write_the_same_until_one_has_passed_it_on(
    world: World, late: LateTeams
) -> None:
    written(world)
    confirm(world, late.office, late.second)
    assert waiting(db=world.db, actor=late.clerk).startswith("Waiting for Transition team. Some learners")
    assert waiting(db=world.db, actor=late.deputy).startswith("Waiting for Safeguarding team. Some")
    pass_on(world, world.senco)
    assert waiting(db=world.db, actor=late.clerk) == ""
    assert waiting(db=world.db, actor=late.deputy) != ""
    pass_on(world, world.safeguarding_lead)
    assert waiting(db=world.db, actor=late.deputy) == ""


def test_who_can_open_everything_waits_for_nobody(world: World, late: LateTeams) -> None:
    assert waiting(db=world.db, actor=late.clerk) == "", "there is nothing yet"
    written(world)
    confirm(world, late.office)
    for actor in (world.senco, world.safeguarding_lead, world.other_senco, world.coordinator):
        assert waiting(db=world.db, actor=actor) == ""


def test_it_waits_for_what_was_sent_before(world: World, late: LateTeams) -> None:
    """Drafts that it can open already may have come with the change of another team's key."""
    written(world)
    confirm(world, late.office)
    while after_others.carry_on(db=world.db, actor=world.senco).left:
        pass
    assert waiting(db=world.db, actor=late.clerk) == (
        "Waiting for Transition team. Some learners were sent before your team did this work or was confirmed. "
        "What was sent opens for you after one of them has signed in and opened the list of learners."
    )
    pass_on(world, world.senco)
    assert waiting(db=world.db, actor=late.clerk) == ""


def test_a_safeguarding_team_waits_for_those_who_make_its_list(world: World, late: LateTeams) -> None:
    world.add()
    confirm(world, late.second)
    pass_on(world, world.safeguarding_lead)
    assert waiting(db=world.db, actor=late.deputy) == (
        "Waiting for Transition team. Some learners were added before your team did this work or was confirmed. "
        "They come onto your list after one of them has signed in and opened the list of learners."
    )
    pass_on(world, world.senco)
    assert waiting(db=world.db, actor=late.deputy) == ""


def test_a_withdrawn_keyring_opens_nothing(world: World) -> None:
    written(world)
    assert waiting(db=world.db, actor=world.senco) == ""
    _withdraw(world)
    assert "missing from the database" in waiting(db=world.db, actor=world.senco), "it waits for nobody"


def _withdraw(world: World) -> None:
    with world.db.write() as session:
        session.execute(update(Grant).values(keyring=None))


def test_without_another_team_of_the_same_kind_it_is_said_in_general(world: World, late: LateTeams) -> None:
    confirm(world, late.office)
    with world.db.read() as session:
        for actor, owner, words in (
            (world.senco, "transition", "Second office"),
            (late.clerk, "transition", "Transition team"),
            (world.safeguarding_lead, "school_safeguarding", "a member of a team that can open it"),
        ):
            assert others(session, actor=actor, trust=trust_of(session, actor), owner=owner) == words
