"""A key before is retired by the newest key of a team, and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.exchange.team_rows import confirm_key
from tests.exchange.world import World
from tests.web.spoiling import written_to
from transition_exchange.exchange.keys.key_rows import retires
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.sealing.keys import TeamSecret
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


def test_a_retired_key_was_known_once_though_nobody_confirms_it_any_more(world: World) -> None:
    """For what was checked before it was put into a ledger. The keys after it say that it was the team's."""
    team = world.school.teams[TEAM]
    first = team.key_id
    for _ in range(2):
        world.new_key(SCHOOL, TEAM)
        retire(world)
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)
        session.get_one(TeamKey, first).confirmation = None
    with world.db.read() as session:
        key, trust = session.get_one(TeamKey, first), trust_of(session, world.college_support)
        assert trust.known(session, key) is None
        once = trust.known_once(session, key)
        assert once is not None
        assert (once.id, once.signing_public) == (team.row.id, key.signing_public)


def test_a_key_that_somebody_puts_in_an_older_one_s_place_was_never_known(world: World) -> None:
    team = world.school.teams[TEAM]
    first = team.key_id
    world.new_key(SCHOOL, TEAM)
    retire(world)
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)
        session.get_one(TeamKey, first).signing_public = TeamSecret.generate().signing.public
    with world.db.read() as session:
        trust = trust_of(session, world.college_support)
        assert trust.known_once(session, session.get_one(TeamKey, team.key_id)) is not None
        assert trust.known_once(session, session.get_one(TeamKey, first)) is None


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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_is_retired_although_its_row_is_damaged(world: World) -> None:
    """The row may be put right again by whoever has left."""
    team = world.school.teams[TEAM]
    first = team.key_id
    world.new_key(SCHOOL, TEAM)
    with written_to(world.db) as file:
        file.execute("UPDATE team_keys SET created_at = 'soon' WHERE id = ?", (first.hex,))
    assert due(world) == [team.key_id]
    retire(world)
    assert due(world) == []
    with written_to(world.db) as file:
        file.execute(
            "UPDATE team_keys SET created_at = '2027-01-01 00:00:00.000000' WHERE id = ?", (first.hex,)
        )
    with world.db.read() as session:
        trust = trust_of(session, world.college_support)
        assert trust.known(session, session.get_one(TeamKey, first)) is None


def test_what_was_left_behind_is_told_until_the_key_is_changed_again(world: World) -> None:
    world.new_key(SCHOOL, TEAM)
    assert retiring.left_behind(db=world.db, actor=world.senco) == ()
    retiring.retire(db=world.db, actor=world.senco, ids=due(world), now=datetime.now(UTC), failed=2)
    (left,) = retiring.left_behind(db=world.db, actor=world.senco)
    assert (left.teams, left.count) == ((TEAM,), 2)
    assert retiring.left_behind(db=world.db, actor=world.safeguarding_lead) == (), "of another team"
    world.new_key(SCHOOL, TEAM)
    retire(world)
    assert retiring.left_behind(db=world.db, actor=world.senco) == ()
