"""Opening an owner's draft: made where it is not there yet, and for its own team only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm, written
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Tampered
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.writing import lost_pieces, new_drafts, opening
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.models import Ciphertext, Part, Revision


def test_two_who_open_a_draft_that_is_not_there_yet_get_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The safeguarding team had no key when the learner was added; two of its members open the page at once."""
    record_id = world.add()
    with world.db.write() as session:
        there = session.scalars(
            select(Revision).where(Revision.record_id == record_id, Revision.owner == "school_safeguarding")
        ).one()
        session.delete(there)
    make = new_drafts.new_draft

    def overtaken(**how: Any) -> Any:
        monkeypatch.setattr(opening, "new_draft", make)
        made = make(**how)
        open_draft(
            db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
        )
        return made

    monkeypatch.setattr(opening, "new_draft", overtaken)
    draft = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
    )
    assert set(draft.answers) == {"safeguarding", "day_one_safety"}


def test_neither_another_school_nor_another_team_opens_a_draft(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        open_draft(db=world.db, actor=world.other_senco, record_id=record_id)
    for actor in (world.safeguarding_lead, world.college_support, world.coordinator):
        with pytest.raises(NotAllowed):
            open_draft(db=world.db, actor=actor, record_id=record_id)
    with pytest.raises(NotAllowed):
        open_draft(db=world.db, actor=world.senco, record_id=record_id, owner="school_safeguarding")


def test_each_owner_opens_its_own_sections_with_what_tells_whether_they_changed(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert draft.answers["health"] == {}
    assert set(draft.tags) == set(draft.answers)
    assert set(draft.row_tags) == set(draft.part_ids) == {*draft.answers, RESTING}
    assert not {"safeguarding", "day_one_safety", "destination"} & set(draft.answers)
    again = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert again.tags == draft.tags


def test_new_keys_of_the_sections_change_no_tag_and_nobody_else_makes_the_same(world: World) -> None:
    """A form that is open meanwhile then knows that nobody has saved anything."""
    record_id = world.add()
    sam, kim = (replace(world.senco, person=PersonKeys(KeyPair.generate())) for _ in range(2))
    before = open_draft(db=world.db, actor=sam, record_id=record_id)
    assert not set(before.tags.values()) & set(
        open_draft(db=world.db, actor=kim, record_id=record_id).tags.values()
    )
    assert len(set(before.tags.values())) == len(before.tags), "sections that are equally empty differ"
    world.new_key("Ashdown School", "Transition team")
    sam = replace(world.senco, person=sam.person)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=sam)
    after = open_draft(db=world.db, actor=sam, record_id=record_id)
    assert not set(after.keys.values()) & set(before.keys.values())
    assert {name for name in after.tags if after.tags[name] != before.tags[name]} == {"known_as"}


def test_a_save_changes_the_tag_of_what_was_written_and_every_rows(world: World) -> None:
    record_id = world.add()
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert {name for name in after.tags if after.tags[name] != before.tags[name]} == {"known_as"}
    assert not set(after.row_tags.values()) & set(before.row_tags.values())
    assert after.keys == before.keys


def test_a_team_that_had_no_key_when_the_learner_was_added_gets_its_draft_when_it_opens_it(
    world: World,
) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition team", "transition")
    clerk = world.person("clerk", "New School", "Transition team")
    record_id = world.add(actor=clerk)
    with world.db.read() as session:
        assert set(session.scalars(select(Revision.owner).where(Revision.record_id == record_id))) == {
            "transition"
        }
    world.team("New School", "Safeguarding team", "school_safeguarding")
    lead = world.person("lead", "New School", "Safeguarding team")
    draft = open_draft(db=world.db, actor=lead, record_id=record_id, owner="school_safeguarding")
    assert draft.answers == {"safeguarding": {}, "day_one_safety": {}}
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding", actor=lead)


@pytest.mark.parametrize("how", ["changed", "swapped"])
def test_a_section_that_is_not_what_the_school_wrote_is_noticed(world: World, how: str) -> None:
    record_id = world.add()
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    with world.db.write() as session:
        one, other = (session.get_one(Ciphertext, draft.part_ids[name]) for name in ("known_as", "numbers"))
        if how == "changed":
            one.body = one.body[:-1] + bytes([one.body[-1] ^ 1])
        else:
            one.body, other.body = other.body, one.body
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=world.senco, record_id=record_id)


def test_who_joined_the_team_without_its_grants_key_is_told_to_wait(world: World) -> None:
    record_id = world.add()
    newer = replace(world.senco.teams[0], key_id=uuid4(), secret=TeamSecret.generate())
    with pytest.raises(NotReady, match="Waiting for a member of a team that can open it"):
        open_draft(db=world.db, actor=replace(world.senco, teams=(newer,)), record_id=record_id)


def test_a_team_that_was_confirmed_late_is_told_for_whom_it_waits(world: World) -> None:
    late = add_late_teams(world)
    record_id = written(world)
    confirm(world, late.office, late.second)
    for actor, owner, who in (
        (late.clerk, "transition", "Transition team"),
        (late.deputy, "school_safeguarding", "Safeguarding team"),
    ):
        with pytest.raises(NotReady, match=f"Waiting for {who}") as told:
            open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner)
        assert "Khan" not in told.value.message


@pytest.mark.parametrize("gone", ["row", "bytes", "moved"])
def test_a_section_that_is_gone_does_not_look_as_if_nobody_had_answered_it(world: World, gone: str) -> None:
    record_id, other_id = world.add(), world.add("Bo", "Lee")
    with world.db.write() as session:
        draft, other = (
            session.scalars(
                select(Revision.id).where(
                    Revision.record_id == one, Revision.owner == "transition", Revision.number == 0
                )
            ).one()
            for one in (record_id, other_id)
        )
        section = session.scalars(
            select(Part).where(Part.revision_id == draft, Part.name == "contacts")
        ).one()
        if gone == "row":
            session.delete(section)
        elif gone == "bytes":
            session.delete(session.get_one(Ciphertext, section.id))
        else:
            section.revision_id = other
    with pytest.raises(Tampered) as caught:
        open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert caught.value.message == lost_pieces.GONE
