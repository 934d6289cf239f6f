"""The work after a change of a key ends with the key before retired."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.exchange.world import World
from tests.web.spoiling import written_to
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.renewing import progress, retiring
from transition_exchange.store.database import Database
from transition_exchange.store.models import TeamKey

SCHOOL, TEAM = "Ashdown School", "Transition team"


def counts_for(world: World, actor: Actor, key_id: UUID) -> bool:
    with world.db.read() as session:
        return trust_of(session, actor).known(session, session.get_one(TeamKey, key_id)) is not None


def matter(
    ids: list[UUID], damaged: set[UUID], step: int, *, refused: Collection[UUID] = (), told: bool = True
) -> progress.Matter:
    """Something to make anew in steps, of which some is damaged.

    Args:
        refused: what the database refuses to store, and everything in the same transaction.
        told: whether the matter notices what is damaged.
    """

    def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
        return list(ids)

    def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
        if not set(ids).isdisjoint(refused):
            raise IntegrityError("", {}, Exception())
        for done in set(ids) - damaged:
            everything.remove(done)
        return len(set(ids) & damaged) if told else 0

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


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("refused", [True, False])
def test_it_goes_on_in_steps_past_what_is_damaged(
    world: World, monkeypatch: pytest.MonkeyPatch, told: bool, refused: bool
) -> None:
    ids = [uuid4() for _ in range(7)]
    damaged = {ids[0], ids[4]}
    made = matter(ids, damaged, 3, refused=damaged if refused else (), told=told)
    monkeypatch.setattr(progress, "MATTERS", (made,))
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


ONE_VALUE = (
    "UPDATE records SET version = 'core/1999.1' WHERE id = ?",
    "UPDATE records SET delete_on = 'not a day' WHERE id = ?",
    "UPDATE revisions SET released_at = 'soon' WHERE record_id = ?",
    "UPDATE grants SET created_at = 'soon' WHERE record_id = ?",
    "UPDATE parts SET size = 'large' WHERE record_id = ?",
    "UPDATE attachments SET created_at = 'soon' WHERE record_id = ?",
    "UPDATE transfers SET sent_at = 'soon' WHERE record_id = ?",
    "UPDATE cards SET sealed = 7 WHERE record_id = ?",
    "UPDATE grants SET transfer_id = '11111111111111111111111111111111' WHERE record_id = ? AND transfer_id > ''",
)
"""One falsified value of each kind that stopped a step, or kept it going for ever."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", ONE_VALUE)
def test_one_falsified_record_keeps_nothing_else_from_the_new_key(world: World, change: str) -> None:
    damaged, whole = world.sent(), world.sent("Ben", "Adams")
    world.attach(damaged.record_id)
    before = world.school.teams[TEAM].key_id
    world.new_key(SCHOOL, TEAM)
    with written_to(world.db) as file:
        assert file.execute(change, (damaged.record_id.hex,)).rowcount
    steps = [progress.carry_on(db=world.db, actor=world.senco)]
    while steps[-1].left:
        steps.append(progress.carry_on(db=world.db, actor=world.senco))
        assert len(steps) < 20, "it ends"
    assert steps[-1].failed
    assert not counts_for(world, world.senco, before), "whoever left signs nothing any more"
    world.save(whole.record_id, {"contacts": {}})
    assert world.open(whole.transfer_id).openings
    (left,) = retiring.left_behind(db=world.db, actor=world.senco)
    assert (left.teams, left.count) == ((TEAM,), steps[-1].failed)
