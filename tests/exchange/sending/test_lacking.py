"""The teams that lack the newest version, as the page of what was sent names them."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete

from tests.exchange.rows_put_there import SAFEGUARDING, stay_behind, version_of
from tests.exchange.world import World
from transition_exchange.exchange.sending.lacking import Lacking, lacking
from transition_exchange.store.models import Grant, Receipt

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


@pytest.mark.parametrize("versions", [1, 2])
def test_a_provider_whose_teams_have_all_lost_what_they_were_sent_is_named(
    world: World, versions: int
) -> None:
    """The school's log says that the version went there, though no grant and no receipt does any more."""
    record_id = world.add()
    world.fill(record_id, going_to=("Riverside Boxing", "Northway College"))
    world.send(record_id)
    if versions == 2:
        world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
        world.send(record_id)
    assert _lacking(world, record_id) == []
    newest = version_of(world, record_id, owner="transition")
    with world.db.write() as session:
        for rows, team in ((Grant, Grant.grantee_team_id), (Receipt, Receipt.team_id)):
            lost = (team == world.coach.teams[0].id, rows.revision_id == newest)
            session.execute(delete(rows).where(*lost))
    assert _lacking(world, record_id) == [Lacking("Riverside Boxing", "transition", versions)]


def test_a_provider_that_was_not_sent_the_newer_version_on_purpose_is_not_named(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Riverside Boxing", "Northway College"))
    world.send(record_id)
    world.fill(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    assert _lacking(world, record_id) == []


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
