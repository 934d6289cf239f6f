"""A key before is retired by the newest key of a team, and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from tests.exchange.world import World
from transition_exchange.exchange.keys.key_rows import retires
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.store.models import TeamKey

SCHOOL, TEAM = "Ashdown School", "Transition team"


def due(world: World) -> Sequence[UUID]:
    with world.db.read() as session:
        return retiring.due(session, actor=world.senco, trust=trust_of(session, world.senco))


def retire(world: World) -> None:
    retiring.retire(db=world.db, actor=world.senco, ids=due(world), now=datetime.now(UTC))


def test_each_newest_key_retires_the_one_before_it(world: World) -> None:
    team = world.school.teams[TEAM]
    first = team.key_id
    assert due(world) == []
    world.new_key(SCHOOL, TEAM)
    second = team.key_id
    assert due(world) == [second]
    retire(world)
    world.new_key(SCHOOL, TEAM)
    assert due(world) == [team.key_id]
    retire(world)
    assert due(world) == []
    with world.db.read() as session:
        trust = trust_of(session, world.college_support)
        counts = [
            trust.known(session, session.get_one(TeamKey, key_id)) is not None
            for key_id in (first, second, team.key_id)
        ]
    assert counts == [False, False, True]


def test_a_retirement_that_another_key_signed_retires_nothing(world: World) -> None:
    team = world.school.teams[TEAM]
    first = team.key_id
    world.new_key(SCHOOL, TEAM)
    retire(world)
    with world.db.write() as session:
        key, before = session.get_one(TeamKey, team.key_id), session.get_one(TeamKey, first)
        assert retires(key, before)
        key.retirement_signature = key.succession_signature
        assert not retires(key, before)
    assert due(world) == [team.key_id]
