"""Somebody in several teams has one list, and opens and acknowledges for all of them."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.receiving.several_teams import one_list, open_for_all, teams_with
from transition_exchange.store.models import Part, Receipt

COLLEGE = "Northway College"


@pytest.fixture
def both(world: World) -> Actor:
    """Somebody in two of the college's teams."""
    return world.person("both", COLLEGE, "Admissions", "Learning support")


def opened(world: World) -> set[UUID]:
    with world.db.read() as session:
        return set(session.scalars(select(Receipt.team_id).where(Receipt.opened_at.is_not(None))))


def test_a_record_is_one_line_with_what_is_left_to_do(world: World, sent: SentRecord, both: Actor) -> None:
    world.open(sent.transfer_id, world.college_admissions)
    (row,) = one_list(db=world.db, actor=both)
    admissions, support = both.teams
    assert (row.state, row.team_ids) == ("new", (support.id, admissions.id))
    assert (row.may_acknowledge, row.content["status"]) == (False, "accepted")
    open_for_all(db=world.db, actor=both, transfer_id=sent.transfer_id, team_id=support.id)
    (row,) = one_list(db=world.db, actor=both)
    assert (row.state, row.may_acknowledge) == ("opened", True)


def test_what_is_opened_and_acknowledged_counts_for_all_their_teams_and_no_other(
    world: World, sent: SentRecord, both: Actor
) -> None:
    assert teams_with(db=world.db, actor=both, transfer_id=sent.transfer_id) == both.teams
    open_for_all(db=world.db, actor=both, transfer_id=sent.transfer_id)
    assert opened(world) == {team.id for team in both.teams}
    assert acknowledge(db=world.db, actor=both, transfer_ids=[sent.transfer_id]) == 1
    for team in both.teams:
        (row,) = inbox(db=world.db, actor=both, team_id=team.id)
        assert row.state == "acknowledged"
    (exams,) = inbox(db=world.db, actor=world.college_exams)
    assert exams.state == "new"


def test_the_list_of_somebody_in_one_team_is_that_teams(world: World, sent: SentRecord) -> None:
    actor = world.college_support
    assert one_list(db=world.db, actor=actor) == inbox(db=world.db, actor=actor)
    with pytest.raises(NotAllowed):
        one_list(db=world.db, actor=world.senco)
    with pytest.raises(NotFound):
        open_for_all(db=world.db, actor=world.coach, transfer_id=sent.transfer_id)
    assert opened(world) == set()


def test_what_is_damaged_for_one_team_keeps_nothing_of_the_other_from_being_opened(
    world: World, sent: SentRecord, both: Actor
) -> None:
    admissions, support = both.teams
    with world.db.write() as session:
        session.execute(
            update(Part).where(Part.name.like("data/%learning_support%")).values(name="data/spoilt")
        )
    open_for_all(db=world.db, actor=both, transfer_id=sent.transfer_id, team_id=admissions.id)
    assert opened(world) == {admissions.id}
    assert support.id not in opened(world)
