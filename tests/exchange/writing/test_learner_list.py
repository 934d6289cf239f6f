"""A school's list of learners."""

from __future__ import annotations

import pytest

from tests.exchange.typing_in import type_in
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.due_cards import write_typed
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Record


def test_the_list_says_how_much_is_missing_and_who_has_it(world: World) -> None:
    record_id = world.add()
    [row] = learners(db=world.db, actor=world.senco)
    assert row.gaps > 10
    assert row.transfers == ()
    world.fill(record_id)
    world.send(record_id)
    [row] = learners(db=world.db, actor=world.senco)
    assert (row.gaps, row.complete, row.transfers) == (0, True, ("sent",))
    assert not row.safeguarding_released


def test_learners_come_by_last_name_and_may_be_narrowed_to_a_year(world: World) -> None:
    for forename, surname in (("Zoe", "adams"), ("Ben", "Khan"), ("Amy", "Khan")):
        world.add(forename, surname)
    with world.db.write() as session:
        record_id = learners(db=world.db, actor=world.senco)[0].record_id
        session.get_one(Record, record_id).leaving_year -= 1
    rows = learners(db=world.db, actor=world.senco)
    assert [row.content["legal_forename"] for row in rows] == ["Zoe", "Amy", "Ben"]
    narrowed = learners(db=world.db, actor=world.senco, leaving_year=rows[0].leaving_year)
    assert [row.content["legal_forename"] for row in narrowed] == ["Zoe"]


def test_each_schools_list_is_its_own_and_each_teams(world: World) -> None:
    world.add()
    assert learners(db=world.db, actor=world.other_senco) == []
    assert len(learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")) == 1
    for actor, purpose in (
        (world.senco, "school_safeguarding"),
        (world.safeguarding_lead, "transition"),
        (world.coordinator, "transition"),
    ):
        with pytest.raises(NotAllowed):
            learners(db=world.db, actor=actor, purpose=purpose)


def test_a_colleges_safeguarding_team_has_no_list_of_a_schools_learners(world: World) -> None:
    world.sent()
    with pytest.raises(NotAllowed):
        learners(db=world.db, actor=world.college_safeguarding, purpose="school_safeguarding")


def test_what_was_taken_back_is_no_longer_on_its_way(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(record_id)
    [row] = learners(db=world.db, actor=world.senco)
    assert row.transfers == ("sent", "sent")
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=world.transfer_of(record_id))
    [row] = learners(db=world.db, actor=world.senco)
    assert row.transfers == ("sent",)


def test_the_list_says_how_many_answers_are_typed_and_not_saved(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    [row] = learners(db=world.db, actor=world.senco)
    assert (row.gaps, row.not_saved) == (0, 0)
    wrong = {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "14.3.2111"}
    type_in(world, record_id, learner=wrong)
    write_typed(db=world.db, actor=world.senco)
    [row] = learners(db=world.db, actor=world.senco)
    assert (row.gaps, row.not_saved) == (0, 1)
    [theirs] = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert theirs.not_saved == 0, "it is nobody else's matter"
    assert "not_saved" not in theirs.content
    type_in(world, record_id, learner={**wrong, "date_of_birth": "2011-03-15"})
    write_typed(db=world.db, actor=world.senco)
    [row] = learners(db=world.db, actor=world.senco)
    assert row.not_saved == 0


def test_only_a_release_of_the_safeguarding_team_counts_as_one(world: World) -> None:
    record_id = world.sent().record_id
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    [row] = learners(db=world.db, actor=world.senco)
    assert not row.safeguarding_released
    world.send(record_id, owner="school_safeguarding")
    [row] = learners(db=world.db, actor=world.senco)
    assert row.safeguarding_released
    assert "Mina" not in repr(row)
