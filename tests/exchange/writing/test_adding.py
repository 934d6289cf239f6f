"""Adding a learner: every section sealed at once, and nobody added twice unnoticed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.writing.adding import add_learner
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Card, Part, Revision

LEARNER = {"learner": {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "2011-03-14"}}


def test_every_section_of_both_owners_becomes_a_part_at_once_empty_or_not(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        owners = session.scalars(select(Revision.owner).where(Revision.record_id == record_id)).all()
        names = session.scalars(select(Part.name).where(Part.record_id == record_id)).all()
    assert sorted(owners) == ["safeguarding", "transition"]
    assert {"learner", "needs", "safeguarding", "day_one_safety", "destinations"} <= set(names)


def test_coordinators_and_both_school_teams_get_a_card_at_once(world: World) -> None:
    world.add()
    with world.db.read() as session:
        states = session.scalars(select(Card.state)).all()
    assert sorted(states) == ["ledger", "post", "post"]
    assert [row.content["legal_surname"] for row in learners(db=world.db, actor=world.senco)] == ["Khan"]
    safeguarding = learners(db=world.db, actor=world.safeguarding_lead, purpose="safeguarding")
    assert [row.content["legal_surname"] for row in safeguarding] == ["Khan"]


def test_a_learner_needs_a_name_and_a_date_of_birth(world: World) -> None:
    added = add_learner(db=world.db, actor=world.senco, answers={"learner": {"legal_forename": "Amina"}})
    assert added.record_id is None
    assert {finding.field for finding in added.errors} == {"legal_surname", "date_of_birth"}


def test_a_twin_is_pointed_out_and_added_only_on_purpose(world: World) -> None:
    first = world.add(date_of_birth="2011-03-14")
    again = add_learner(db=world.db, actor=world.senco, answers=LEARNER)
    assert again.record_id is None
    assert again.twins == (first,)
    assert add_learner(db=world.db, actor=world.senco, answers=LEARNER, although_twins=True).record_id


def test_another_schools_learner_is_no_twin(world: World) -> None:
    world.add(actor=world.other_senco, date_of_birth="2011-03-14")
    added = add_learner(db=world.db, actor=world.senco, answers=LEARNER)
    assert added.record_id
    assert added.twins == ()


def test_who_is_in_no_transition_team_adds_nobody(world: World) -> None:
    for actor in (world.safeguarding_lead, world.college_support, world.coordinator):
        with pytest.raises(NotAllowed):
            add_learner(db=world.db, actor=actor, answers=LEARNER)
