"""The teams that lack the newest version, as the page of what was sent names them."""

from __future__ import annotations

from uuid import UUID

from tests.exchange.rows_put_there import SAFEGUARDING, stay_behind
from tests.exchange.world import World
from transition_exchange.exchange.sending.lacking import Lacking, lacking

PART = {"safeguarding": {"file_exists": "no", "lead_name": "Sam Lead", "lead_phone": "01709 382121"}}


def _lacking(world: World, record_id: UUID) -> list[Lacking]:
    found = lacking(db=world.db, actor=world.senco, record_id=record_id)
    return [team for teams in found.values() for team in teams]


def test_nobody_lacks_what_all_were_sent(world: World) -> None:
    record_id = world.sent().record_id
    assert _lacking(world, record_id) == []
    world.save(record_id, PART, owner=SAFEGUARDING)
    world.send(record_id, owner=SAFEGUARDING)
    assert _lacking(world, record_id) == []


def test_a_team_that_stays_at_the_version_before_is_named(world: World) -> None:
    record_id = stay_behind(world)
    assert _lacking(world, record_id) == [Lacking("Learning support", "transition", 2)]


def test_the_safeguarding_part_is_lacking_wherever_it_has_not_followed(world: World) -> None:
    record_id = world.add()
    world.save(record_id, PART, owner=SAFEGUARDING)
    world.send(record_id, owner=SAFEGUARDING)
    world.fill(record_id)
    world.send(record_id)
    assert {(team.team, team.number) for team in _lacking(world, record_id)} == {
        ("Learning support", 1),
        ("Safeguarding", 1),
    }
