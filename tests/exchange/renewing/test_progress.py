"""The work after a change of a key ends with the key before retired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.renewing import progress
from transition_exchange.store.database import Database
from transition_exchange.store.models import TeamKey

SCHOOL, TEAM = "Ashdown School", "Transition team"


def counts_for(world: World, actor: Actor, key_id: UUID) -> bool:
    with world.db.read() as session:
        return trust_of(session, actor).known(session, session.get_one(TeamKey, key_id)) is not None


def matter(ids: list[UUID], damaged: set[UUID], step: int) -> progress.Matter:
    """Something to make anew in steps, of which some is damaged."""

    def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
        return list(ids)

    def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
        for done in set(ids) - damaged:
            everything.remove(done)
        return len(set(ids) & damaged)

    everything = ids
    return cast(progress.Matter, SimpleNamespace(STEP=step, due=due, renew=renew))


def test_nothing_is_left_where_no_key_was_changed(world: World) -> None:
    assert progress.progress(db=world.db, actor=world.senco) == progress.Progress(0)


def test_when_nothing_is_left_the_key_before_is_retired_for_everybody(world: World) -> None:
    before = world.school.teams[TEAM].key_id
    world.new_key(SCHOOL, TEAM)
    assert progress.progress(db=world.db, actor=world.senco).left == 1
    assert counts_for(world, world.senco, before)
    assert counts_for(world, world.college_support, before)
    assert progress.carry_on(db=world.db, actor=world.senco) == progress.Progress(0)
    assert not counts_for(world, world.senco, before)
    assert not counts_for(world, world.college_support, before)
    assert counts_for(world, world.college_support, world.school.teams[TEAM].key_id)
    assert progress.progress(db=world.db, actor=world.senco).left == 0


def test_it_goes_on_in_steps_past_what_is_damaged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [uuid4() for _ in range(7)]
    damaged = {ids[0], ids[4]}
    monkeypatch.setattr(progress, "MATTERS", (matter(ids, damaged, 3),))
    world.new_key(SCHOOL, TEAM)
    steps = [progress.progress(db=world.db, actor=world.senco).left]
    while steps[-1]:
        step = progress.carry_on(db=world.db, actor=world.senco)
        steps.append(step.left)
        assert len(steps) < 10
    assert steps[0] == 8
    assert steps == sorted(steps, reverse=True)
    assert set(ids) == damaged
    assert step.failed == 2
