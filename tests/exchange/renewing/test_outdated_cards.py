"""Which cards rest on an older key: those that are older than what the key before signed about the newest one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.exchange.renewing.leaver import OFFICE, leave
from tests.exchange.renewing.matters import CARDS
from tests.exchange.world import World
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import TeamKey

due, renew = CARDS.due, CARDS.renew


def test_nothing_is_due_for_others_nor_without_an_older_key(world: World) -> None:
    sent = world.sent()
    assert due(world) == []
    leaver = leave(world)
    for actor in (world.safeguarding_lead, world.other_senco, world.college_support, leaver.actor):
        assert due(world, actor) == []
        assert renew(world, actor, ids=[sent.record_id]) == 0
    assert due(world) == [sent.record_id]


def test_what_the_database_says_of_when_the_key_was_made_changes_nothing(world: World) -> None:
    """A writer dates the new key back, so that no card would be signed anew and every list would lose its entries."""
    sent = world.sent()
    leave(world)
    with world.db.write() as session:
        key = session.get_one(TeamKey, world.school.teams[OFFICE].key_id)
        key.created_at = datetime(2020, 9, 1, tzinfo=UTC)
    assert due(world) == [sent.record_id]
    renew(world)
    assert due(world) == []


def test_without_what_the_key_before_signed_nothing_is_made_anew_for_ever(world: World) -> None:
    world.sent()
    leave(world)
    with world.db.write() as session:
        key = session.get_one(TeamKey, world.school.teams[OFFICE].key_id)
        key.succession_signature = b"x" * 64
    assert due(world) == []


@pytest.mark.parametrize("wrong", [{"version": 3}, {"previous": "0" * 64}])
def test_a_statement_that_nobody_else_follows_makes_no_card_anew(world: World, wrong: dict[str, Any]) -> None:
    """The key before signed it, but others believe no new key by it."""
    world.add()
    team = world.school.teams[OFFICE]
    before = team.secret
    leave(world)
    assert due(world)
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        statement = Succession.verify(
            key.succession or "", key.succession_signature or b"", before.signing.public
        )
        other = replace(statement, **wrong)
        key.succession, key.succession_signature = other.text(), other.sign(before.signing)
    assert due(world) == []
