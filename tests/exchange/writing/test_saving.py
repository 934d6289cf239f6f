"""Drafts: saved with gaps, never with errors, and never over somebody else's work."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.chains import kinds_of
from tests.exchange.statements import counted
from tests.exchange.world import World
from transition_exchange.exchange.errors import Conflict, NotFound
from transition_exchange.exchange.records import ledgers, parts
from transition_exchange.exchange.writing import school_cards
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import ATTEMPTS, Saved, save_sections
from transition_exchange.proforma import check
from transition_exchange.store.models import Card, Record

MOST_STATEMENTS = 60
"""What a save may ask of the database, with the opening that the page does before."""


def test_what_is_typed_is_saved_with_its_gaps(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert draft.report(world.today).gaps


def test_nothing_is_saved_where_something_is_wrong(world: World) -> None:
    record_id = world.add()
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    saved = save_sections(
        db=world.db,
        actor=world.senco,
        draft=draft,
        raw={"pupil_number": {"upn": "A801200005001"}, "enrolment": {"town": "Ashdown"}},
    )
    assert [finding.field for finding in saved.errors] == ["upn"]
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["enrolment"] == {}


def test_two_people_on_different_sections_never_lose_each_others_work(world: World) -> None:
    record_id = world.add()
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    save_sections(
        db=world.db,
        actor=world.senco,
        draft=before,
        raw={"numbers": {"uln_not_known": True}},
    )
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert (after.answers["known_as"], after.answers["numbers"]) == (
        {"preferred_name": "Mina"},
        {"uln_not_known": True},
    )


def test_a_save_that_was_overtaken_makes_no_card_of_the_record_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parent's objection, saved while somebody else saves another section, stays on the council's card."""
    record_id = world.add()
    prepare = school_cards.prepare

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(school_cards, "prepare", prepare)
        prepared = prepare(*args, **kwargs)
        world.save(record_id, {"objection": {"objection": "by_parent"}})
        return prepared

    monkeypatch.setattr(school_cards, "prepare", overtaken)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert draft.answers["objection"] == {"objection": "by_parent"}
    opened = ledgers.open_ledger(db=world.db, actor=world.coordinator, team=world.coordinator.teams[0])
    assert opened[record_id, None].content["objection"] is True
    assert "upn" not in opened[record_id, None].content


def test_a_second_save_of_the_same_section_is_a_conflict_and_changes_nothing(world: World) -> None:
    record_id = world.add()
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with pytest.raises(Conflict) as caught:
        save_sections(
            db=world.db,
            actor=world.senco,
            draft=before,
            raw={"known_as": {"preferred_name": "Amy"}},
        )
    assert caught.value.sections == ("known_as",)
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert after.answers["known_as"] == {"preferred_name": "Mina"}


def test_a_section_of_the_other_owner_is_not_there_to_be_saved(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        save_sections(
            db=world.db,
            actor=world.senco,
            draft=open_draft(db=world.db, actor=world.senco, record_id=record_id),
            raw={"safeguarding": {"file_exists": "yes"}},
        )


def _save(world: World, record_id: UUID, raw: dict[str, dict[str, Any]]) -> Saved:
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    return save_sections(db=world.db, actor=world.senco, draft=draft, raw=raw, today=world.today)


def test_a_save_says_how_complete_the_record_is_and_when_it_changed(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        before = session.get_one(Record, record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with world.db.read() as session:
        begun = session.get_one(Record, record_id)
    assert (begun.started, begun.complete) == (True, False)
    assert begun.changed_at > before.changed_at
    world.fill(record_id)
    with world.db.read() as session:
        filled = session.get_one(Record, record_id)
    assert (filled.complete, filled.everybody_gaps) == (True, 0)


def test_the_safeguarding_teams_save_says_nothing_of_it_in_the_record(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        before = session.get_one(Record, record_id)
        cards = set(session.scalars(select(Card.sealed).where(Card.record_id == record_id)))
    world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    with world.db.read() as session:
        after = session.get_one(Record, record_id)
        assert set(session.scalars(select(Card.sealed).where(Card.record_id == record_id))) == cards
    assert (after.complete, after.everybody_gaps, after.started) == (
        before.complete,
        before.everybody_gaps,
        before.started,
    )


def test_saving_what_stands_there_already_writes_nothing(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    saved = _save(world, record_id, {"known_as": {"preferred_name": "Mina"}})
    assert saved.errors == ()
    assert saved.draft.row_tags == before.row_tags
    assert kinds_of(world.db, world.school.id) == ["learner.added", "record.saved"]


def test_two_who_save_the_same_answer_agree(world: World) -> None:
    record_id = world.add()
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    answer = {"known_as": {"preferred_name": "Mina"}}
    world.save(record_id, answer)
    saved = save_sections(db=world.db, actor=world.senco, draft=before, raw=answer)
    assert saved.errors == ()


def test_answers_that_contradict_one_another_are_not_saved(world: World) -> None:
    record_id = world.add()
    numbers = {"sessions_possible": 100, "sessions_attended": 120}
    saved = _save(world, record_id, {"attendance": numbers})
    assert saved.errors
    assert {finding.section for finding in saved.errors} == {"attendance"}
    assert saved.draft.answers["attendance"] == {}


def test_one_who_is_overtaken_again_and_again_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    tries = []

    def never_the_same(*args: Any) -> dict[str, str]:
        tries.append(args)
        return {}

    monkeypatch.setattr(parts, "locked_tags", never_the_same)
    with pytest.raises(Conflict) as caught:
        _save(world, record_id, {"known_as": {"preferred_name": "Mina"}})
    assert caught.value.sections == ("known_as",)
    assert len(tries) == ATTEMPTS
    monkeypatch.undo()
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["known_as"] == {}


def test_a_save_opens_and_checks_once_and_asks_little_of_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the opening that the page does before. However many sections a form has, they are written together."""
    record_id = world.add()
    checked = Mock(wraps=check)
    monkeypatch.setattr("transition_exchange.exchange.records.answers.check", checked)
    with counted(world.db) as asked:
        draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
        saved = save_sections(
            db=world.db, actor=world.senco, draft=draft, raw={"known_as": {"preferred_name": "Mina"}}
        )
    assert len(asked) <= MOST_STATEMENTS
    assert len([statement for statement in asked if statement.startswith("UPDATE parts ")]) == 1
    assert checked.call_count == 1
    again = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert (again.answers, again.tags, again.row_tags) == (
        saved.draft.answers,
        saved.draft.tags,
        saved.draft.row_tags,
    )


def test_the_draft_that_a_save_returns_can_be_saved_again(world: World) -> None:
    record_id = world.add()
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    for name in ("Mina", "Mo"):
        raw = {"known_as": {"preferred_name": name}}
        draft = save_sections(db=world.db, actor=world.senco, draft=draft, raw=raw).draft
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers == draft.answers
