"""Whom to ring at a team stays known when its key is changed."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import update

from tests.exchange.keys.test_contacts import say, seen
from tests.exchange.renewing.changed_keys import due, noted, only_newest, renew
from tests.exchange.world import World
from transition_exchange.exchange.renewing import contacts
from transition_exchange.store.models import TeamContact


def test_the_new_key_signs_it_again(world: World) -> None:
    team_id = say(world, "senco")
    before = seen(world, team_id)
    assert before is not None
    assert due(world, contacts, world.senco) == []
    world.new_key("Ashdown School", "Transition team")
    assert len(due(world, contacts, world.senco)) == 1
    assert renew(world, contacts, world.senco) == 0
    assert due(world, contacts, world.senco) == []
    assert seen(world, team_id) == before
    assert noted(world, world.senco) == [{"what": "contacts", "count": 1}]


def test_what_the_team_never_signed_is_not_signed_again(world: World) -> None:
    team_id = say(world, "senco")
    with world.db.write() as session:
        session.execute(update(TeamContact).values(signature=bytes(64)))
    world.new_key("Ashdown School", "Transition team", removed=[uuid4()])
    assert renew(world, contacts, world.senco) == 1
    assert seen(world, team_id) is None


def test_whoever_holds_the_new_key_alone_has_nothing_to_do(world: World) -> None:
    say(world, "senco")
    world.new_key("Ashdown School", "Transition team")
    assert due(world, contacts, only_newest(world.senco)) == []
