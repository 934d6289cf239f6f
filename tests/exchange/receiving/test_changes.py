"""What changed between two versions of a pack, as far as one team could read both."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.exchange.answers import destination
from tests.exchange.safeguarding_answers import LEAD, answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.receiving.changes import Change, changes_since_last, differences
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.writing.attaching import remove
from transition_exchange.proforma import load

VERSION = load("core/2027.1")


def _changes(world: World, sent: SentRecord, actor: Actor | None = None) -> dict[str, tuple[Any, Any]]:
    """What an answer said before and says now, by its label."""
    received = world.open(sent.transfer_id, actor)
    changes = changes_since_last(db=world.db, actor=actor or world.college_support, received=received)
    return {change.label: (_text(change.before), _text(change.after)) for change in changes}


def _text(item: Any) -> str | None:
    return None if item is None else item.text


def _label(path: str) -> str:
    question = VERSION.question(path)
    return question.pack_label or question.label


def test_the_first_version_has_no_changes(world: World, sent: SentRecord) -> None:
    assert _changes(world, sent) == {}


def test_what_is_new_different_or_gone_is_named_before_and_after(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina", "pronouns": "she/her"}})
    world.send(sent.record_id)
    assert _changes(world, sent)[_label("known_as.preferred_name")][1] == "Mina"
    world.save(sent.record_id, {"known_as": {"preferred_name": "Amy"}})
    world.send(sent.record_id)
    changes = _changes(world, sent)
    assert changes[_label("known_as.preferred_name")] == ("Mina", "Amy")
    assert changes[_label("known_as.pronouns")][0] == "she/her"


def test_a_team_learns_of_no_change_in_what_it_cannot_read(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    enrolment = world.open(sent.transfer_id, world.college_admissions).answers["enrolment"]
    moved = {name: value for name, value in enrolment.items() if name != "_reasons"} | {"town": "Elsewhere"}
    world.save(sent.record_id, {"enrolment": moved})
    world.send(sent.record_id)
    assert _changes(world, sent, world.college_admissions)[_label("enrolment.town")] == (
        "Ashdown",
        "Elsewhere",
    )
    assert _changes(world, sent) == {}


def test_what_is_new_is_new_since_the_team_last_looked(world: World, sent: SentRecord) -> None:
    """A version that nobody of the team opened is passed over, also as what an answer was before."""
    for name in ("Mina", "Amy"):
        world.save(sent.record_id, {"known_as": {"preferred_name": name}})
        world.send(sent.record_id)
    assert _changes(world, sent) == {}, "the first version that it opens is new as a whole"
    for name in ("Mimi", "Ami"):
        world.save(sent.record_id, {"known_as": {"preferred_name": name}})
        world.send(sent.record_id)
    assert _changes(world, sent)[_label("known_as.preferred_name")] == ("Amy", "Ami")


def test_another_course_is_a_change_of_the_teams_own_destination(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    joinery = destination(world.college.id, "Northway College", course="Joinery")
    world.save(sent.record_id, {"destinations": {"destinations": [joinery]}})
    world.send(sent.record_id)
    assert _changes(world, sent)[_label("destination.course")] == ("Animal care", "Joinery")


def test_each_owners_versions_are_compared_with_its_own(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    assert _changes(world, sent, world.college_safeguarding) == {}
    world.save(
        sent.record_id,
        {"safeguarding": {"file_exists": "yes", "lead_name": "Sam Lead", "lead_phone": "01709 382121"}},
        owner="school_safeguarding",
    )
    world.send(sent.record_id, owner="school_safeguarding")
    assert _label("safeguarding.lead_name") in _changes(world, sent, world.college_safeguarding)


def _between(before: Answers, after: Answers) -> list[Change]:
    return differences(VERSION, before, after)


def test_who_completed_the_form_and_when_is_no_change() -> None:
    assert _between({"assurance": {"completed_by": "Sam"}}, {"assurance": {"completed_by": "Alex"}}) == []


def test_changes_come_in_the_order_in_which_a_reader_wants_the_sections() -> None:
    names = ["known_as", "attendance", "health", "contacts"]
    after: Answers = {
        "attendance": {"sessions_possible": 100},
        "contacts": {"contacts": [{"name": "Farah Khan"}]},
        "health": {"medical": False},
        "known_as": {"preferred_name": "Mina"},
    }
    changes = _between({name: {} for name in names}, after)
    order = sorted(names, key=lambda name: VERSION.section(name).reader_order)
    assert list(dict.fromkeys(change.section for change in changes)) == order
    assert all(change.title == VERSION.section(change.section).title for change in changes)


def test_a_section_that_came_or_went_whole_is_changed_answer_by_answer() -> None:
    after: Answers = {"known_as": {"preferred_name": "Mina"}}
    (came,) = [change for change in _between({}, after) if change.after and change.after.text == "Mina"]
    assert came.before is None
    (went,) = [change for change in _between(after, {}) if change.before and change.before.text == "Mina"]
    assert went.after is None
    assert "Mina" not in repr(went)


def test_a_row_that_changed_is_a_change_and_one_that_stayed_is_none() -> None:
    def contacts(*names: str) -> Answers:
        return {"contacts": {"contacts": [{"name": name} for name in names]}}

    assert _between(contacts("Farah", "Omar"), contacts("Farah", "Omar")) == []
    assert len(_between(contacts("Farah"), contacts("Farah", "Omar"))) == 1
    unknown = {"destination": {"organisation": str(uuid4())}}
    assert _between({"destination": {}}, unknown) == [], "ids of this exchange are shown to nobody"


def test_a_first_answer_of_the_safeguarding_team_is_new_to_whoever_had_read_the_rest(
    world: World, sent: SentRecord
) -> None:
    actor = world.college_safeguarding
    world.open(sent.transfer_id, actor)
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    received = world.open(sent.transfer_id, actor)
    changes = changes_since_last(db=world.db, actor=actor, received=received)
    assert {change.section for change in changes} == {"safeguarding"}
    assert all(change.new_section and change.before is None for change in changes)
    again = open_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id)
    assert changes_since_last(db=world.db, actor=actor, received=again) == changes, "it can be shown again"


def test_documents_that_came_or_went_are_named(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id, world.college_admissions)
    document = world.attach(sent.record_id, name="Sleeping certificate")
    world.send(sent.record_id)
    (came,) = _documents(world, sent)
    assert (came.document, came.label) == ("new", "Sleeping certificate")
    remove(db=world.db, actor=world.senco, record_id=sent.record_id, attachment_id=document)
    world.send(sent.record_id)
    (went,) = _documents(world, sent)
    assert (went.document, went.label) == ("gone", "Sleeping certificate")


def _documents(world: World, sent: SentRecord) -> list[Change]:
    actor = world.college_admissions
    received = world.open(sent.transfer_id, actor)
    changes = changes_since_last(db=world.db, actor=actor, received=received)
    return [change for change in changes if change.document]


def test_a_table_of_many_is_no_look(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    "".join(export_csv(db=world.db, actor=world.college_support))
    world.save(sent.record_id, {"known_as": {"preferred_name": "Amy"}})
    world.send(sent.record_id)
    assert _changes(world, sent)[_label("known_as.preferred_name")] == (None, "Amy")


def _told(world: World, sent: SentRecord, actor: Actor) -> dict[str, str]:
    """What is said of each answer instead of what it was, where it was taken back."""
    received = world.open(sent.transfer_id, actor)
    changes = changes_since_last(db=world.db, actor=actor, received=received)
    assert not any(change.before for change in changes if change.withdrawn)
    return {change.label: change.withdrawn for change in changes}


def _release(world: World, sent: SentRecord, **sections: Any) -> None:
    world.save(sent.record_id, sections, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")


def test_what_was_taken_back_is_withdrawn_and_never_nothing(world: World, sent: SentRecord) -> None:
    first_day = {"information": "Met on arrival."}
    _release(world, sent, safeguarding={"file_exists": "no", **LEAD}, day_one_safety=first_day)
    for actor in (world.college_safeguarding, world.college_support):
        world.open(sent.transfer_id, actor)
    taken_back(world, sent.record_id)
    file_exists, to_know = _label("safeguarding.file_exists"), _label("day_one_safety.information")
    assert _told(world, sent, world.college_safeguarding) == {file_exists: "now", to_know: "now"}
    assert _told(world, sent, world.college_support) == {to_know: "now"}
    _release(world, sent, safeguarding={"file_exists": "not_disclosed", **LEAD}, day_one_safety={})
    told = _told(world, sent, world.college_safeguarding)
    assert told[file_exists] == "before"
    assert [label for label, withdrawn in told.items() if not withdrawn] == ["Whom to ring"], (
        "which it could read"
    )


def test_an_answer_after_one_that_was_taken_back_unread_is_compared_with_what_was_withdrawn(
    world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    taken_back(world, sent.record_id)
    answer(world, {sent.record_id: "yes"})
    told = _told(world, sent, world.college_safeguarding)
    assert told[_label("safeguarding.file_exists")] == "before"
    assert set(told.values()) == {"before"}


def test_what_was_taken_back_is_no_change_for_whoever_could_read_nothing_of_it(
    world: World, sent: SentRecord
) -> None:
    world.open(sent.transfer_id)
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id)
    taken_back(world, sent.record_id)
    assert _told(world, sent, world.college_support) == {}
