"""What a second confirmer signed keeps counting after its key was changed; what its older key signs later does not."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.changing import member, sign_in
from tests.exchange.members import Member, actor_of
from tests.exchange.renewing.changed_keys import due, noted, renew
from tests.exchange.seconding import believed, confirmer_team, named, require, second, second_all, sign_second
from tests.exchange.world import World
from transition_exchange.exchange.keys import seconding
from transition_exchange.exchange.renewing import progress, seconded
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import TeamKey

CONFIRMER = "Riverside Boxing"


@pytest.fixture
def sam(world: World) -> Member:
    """A SENCO who has signed in since the area requires a second confirmer, which has confirmed every team."""
    person = member(world, "Sam", world.school.teams["Transition team"])
    require(world, named(confirmer_team(world)))
    second_all(world)
    sign_in(world, person)
    return person


def change_key(world: World) -> TeamSecret:
    """The second confirmer gets a new key because somebody has left. Returns the one that they know."""
    before = confirmer_team(world).secret
    world.new_key(CONFIRMER, CONFIRMER, removed=[uuid4()])
    return before


def finish(world: World) -> None:
    """Make everything of the second confirmer anew, until the key before is retired."""
    for _ in range(20):
        if not progress.carry_on(db=world.db, actor=world.coach).left:
            return
    raise AssertionError


def _not_believed(world: World, person: Member) -> list[str]:
    actor = actor_of(world, person)
    every = [team for place in world.places.values() for team in place.teams.values()]
    asked = [team for team in every if team is not world.root and team is not confirmer_team(world)]
    return [team.identity.name for team in asked if not believed(world, actor, team)]


def test_every_team_stays_believed_when_the_second_confirmers_key_is_changed(
    world: World, sam: Member
) -> None:
    with world.db.read() as session:
        texts = set(session.scalars(select(TeamKey.second_confirmation)))
    assert _not_believed(world, sam) == []
    change_key(world)
    assert len(due(world, seconded, world.coach)) == 8
    assert _not_believed(world, sam) == [], "until the work is done, what the key before signed counts"
    finish(world)
    assert _not_believed(world, sam) == []
    (own,) = actor_of(world, sam).teams
    assert own.confirmed
    assert due(world, seconded, world.coach) == []
    with world.db.read() as session:
        assert set(session.scalars(select(TeamKey.second_confirmation))) == texts, "they say what they said"
    assert {"what": "second_confirmations", "count": 8} in noted(world, world.coach)
    assert seconding.to_confirm(db=world.db, actor=world.coach).waiting == ()


def test_it_goes_on_confirming_with_its_new_key(world: World, sam: Member) -> None:
    change_key(world)
    finish(world)
    inserted = world.team("Northway College", "Inclusion", "learning_support")
    assert not believed(world, actor_of(world, sam), inserted)
    second(world, inserted)
    assert believed(world, actor_of(world, sam), inserted)


def test_whoever_left_it_confirms_nobody_any_more(world: World, sam: Member) -> None:
    """With the council's operator: a team of theirs, signed with the key that the leaver knows."""
    older_id, inserted = (
        confirmer_team(world).key_id,
        world.team("Northway College", "Inclusion", "exams"),
    )
    before = change_key(world)
    sign_second(world, inserted, before, older_id)
    assert believed(world, actor_of(world, sam), inserted), "else the test proves nothing"
    with world.db.write() as session:
        session.get_one(TeamKey, inserted.key_id).second_key_id = None
    finish(world)
    sign_second(world, inserted, before, older_id)
    assert not believed(world, actor_of(world, sam), inserted)


def test_what_a_retired_key_signs_is_not_signed_anew_at_the_next_change(world: World, sam: Member) -> None:
    inserted, older_id = world.team("Northway College", "Inclusion", "exams"), confirmer_team(world).key_id
    before = change_key(world)
    finish(world)
    sign_second(world, inserted, before, older_id)
    world.new_key(CONFIRMER, CONFIRMER)
    assert renew(world, seconded, world.coach) == 1
    with world.db.read() as session:
        assert session.get_one(TeamKey, inserted.key_id).second_key_id == older_id
    assert not believed(world, actor_of(world, sam), inserted)


def test_what_it_did_not_sign_is_counted_left_and_shown_as_waiting(world: World, sam: Member) -> None:
    exams = world.college.teams["Exams office"]
    sign_second(world, exams, TeamSecret.generate(), confirmer_team(world).key_id)
    change_key(world)
    assert renew(world, seconded, world.coach) == 1
    assert due(world, seconded, world.coach) == [exams.key_id]
    finish(world)
    assert _not_believed(world, sam) == ["Exams office"]
    waiting = seconding.to_confirm(db=world.db, actor=world.coach).waiting
    assert [one.team.name for one in waiting] == ["Exams office"]
    second(world, exams)
    assert _not_believed(world, sam) == []


def test_nobody_else_signs_them_anew(world: World, sam: Member) -> None:
    change_key(world)
    world.new_key("Ashdown School", "Transition team")
    every = due(world, seconded, world.coach)
    for actor in (world.senco, world.coordinator):
        assert due(world, seconded, actor) == []
        assert renew(world, seconded, actor, every) == 0
    assert due(world, seconded, world.coach) == every
