"""A member says whom to ring at their team."""

from __future__ import annotations

import pytest

from tests.exchange.chains import events_of
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations.contacts import contact, contacts, set_contact, to_ask


def test_a_team_that_sends_says_whom_to_ring_and_says_it_anew(world: World) -> None:
    actor = world.senco
    (team,) = to_ask(actor)
    assert contact(db=world.db, actor=actor, team_id=team.id) == (team, None)
    for name in ("The office", "Sam Lead"):
        said = set_contact(
            db=world.db, actor=actor, team_id=team.id, name=f" {name} ", phone="01709 38 21 21"
        )
    assert (said.name, said.phone) == ("Sam Lead", "01709 382121")
    assert contact(db=world.db, actor=actor, team_id=team.id) == (team, said)
    assert contacts(db=world.db, actor=actor) == {
        team.id: said,
        world.school.teams["Safeguarding team"].row.id: None,
    }
    events = events_of(world.db, world.school.id)
    assert [event.kind for event in events[-2:]] == ["team.contact_set"] * 2
    assert "Lead" not in str([event.about for event in events])


def test_what_is_missing_or_wrong_is_named(world: World) -> None:
    with pytest.raises(Refused) as refused:
        set_contact(
            db=world.db, actor=world.senco, team_id=world.senco.teams[0].id, name=" ", phone="ring Sam"
        )
    assert list(refused.value.fields) == ["name", "phone"]
    assert contacts(db=world.db, actor=world.senco)[world.senco.teams[0].id] is None


def test_nobody_says_it_for_another_team_or_for_one_that_receives(world: World) -> None:
    for actor, team_id in (
        (world.senco, world.safeguarding_lead.teams[0].id),
        (world.coordinator, world.senco.teams[0].id),
        (world.college_support, world.college_support.teams[0].id),
    ):
        with pytest.raises(NotFound):
            set_contact(db=world.db, actor=actor, team_id=team_id, name="Sam", phone="01709 382121")
