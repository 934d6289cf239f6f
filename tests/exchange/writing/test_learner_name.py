"""The name on the school's own pages: from a card, or else from the draft that the transition team opens."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm, written
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady
from transition_exchange.exchange.writing.learner_name import UNCHECKED, learner_name
from transition_exchange.store.models import Card


def test_it_comes_from_the_card_of_any_of_the_persons_teams(world: World) -> None:
    record_id = world.add()
    for actor in (world.senco, world.safeguarding_lead):
        assert learner_name(db=world.db, actor=actor, record_id=record_id) == "Amina Khan"


@pytest.mark.parametrize("how", ["damaged", "deleted"])
def test_without_a_card_it_comes_from_the_draft_or_is_said_to_be_unchecked(world: World, how: str) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with world.db.write() as session:
        if how == "damaged":
            session.execute(update(Card).values(sealed=b"x" * 2100))
        else:
            session.execute(delete(Card))
    assert learner_name(db=world.db, actor=world.senco, record_id=record_id) == "Mina Khan"
    assert learner_name(db=world.db, actor=world.safeguarding_lead, record_id=record_id) == UNCHECKED


def test_nobody_else_learns_a_name_or_that_there_is_a_record(world: World) -> None:
    record_id = written(world)
    with pytest.raises(NotFound):
        learner_name(db=world.db, actor=world.other_senco, record_id=record_id)
    administrator = world.person("administrator", "Ashdown School", administrator=True)
    for actor in (world.coach, administrator):
        with pytest.raises(NotAllowed):
            learner_name(db=world.db, actor=actor, record_id=record_id)


def test_a_team_that_was_confirmed_late_is_told_for_whom_it_waits(world: World) -> None:
    late = add_late_teams(world)
    record_id = written(world)
    confirm(world, late.office, late.second)
    for actor, who in ((late.clerk, "Transition team"), (late.deputy, "Safeguarding team")):
        with pytest.raises(NotReady, match=f"Waiting for {who}"):
            learner_name(db=world.db, actor=actor, record_id=record_id)
