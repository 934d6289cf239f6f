"""Removing a learner who was added by mistake: all of it is gone, and nothing that was sent can be removed so."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from tests.exchange.chains import events_of
from tests.exchange.coordinators import look, names, signed_in
from tests.exchange.data_protection.test_retention import counts, whole_story
from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.typing_in import type_in
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.data_protection.removing import (
    CHANGED,
    NO_REASON,
    NOT_TOLD,
    REASONS,
    REMOVED_EVENT,
    WHY_NOT,
    removal,
    remove_learner,
    was_removed,
)
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.organisations.activity import activity
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store import chain
from transition_exchange.store.models import Transfer

SAFEGUARDING = "school_safeguarding"


def remove(world: World, record_id: UUID, *, actor: Actor | None = None, **sent: Any) -> None:
    """Press the button of a page that was opened just now, unless `seen` says otherwise."""
    actor = actor or world.senco
    if "seen" not in sent:
        sent["seen"] = removal(db=world.db, actor=actor, record_id=record_id).seen
    remove_learner(db=world.db, actor=actor, record_id=record_id, **{"reason": "twice", **sent})


def test_all_of_a_learner_is_gone_with_ciphertexts_and_cards(world: World) -> None:
    whole_story(world, "Bilal")
    before = counts(world)
    record_id = world.add()
    world.fill(record_id)
    world.attach(record_id)
    type_in(world, record_id, known_as={"pronouns": "she/her"})
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    assert counts(world) != before
    remove(world, record_id, knows=True)
    assert counts(world) == before


def test_the_lists_in_memory_lose_the_entry(world: World) -> None:
    world.add("Ben", "Stone")
    record_id = world.add()
    coordinator, senco = signed_in(world.coordinator), signed_in(world.senco)
    assert names(look(world, actor=coordinator)) == ["Khan, Amina", "Stone, Ben"]
    assert len(learners(db=world.db, actor=senco)) == 2
    remove(world, record_id)
    assert names(look(world, actor=coordinator)) == ["Stone, Ben"]
    assert [row.content["legal_surname"] for row in learners(db=world.db, actor=senco)] == ["Stone"]


def test_the_same_learner_can_be_added_again(world: World) -> None:
    remove(world, world.add())
    again = world.add("Amina", "Khan", date_of_birth="2011-03-14")
    assert [row.record_id for row in learners(db=world.db, actor=world.senco)] == [again]


@pytest.mark.parametrize("reason", [code for code, _ in REASONS])
def test_one_event_names_the_record_and_the_reason_and_nobody(world: World, reason: str) -> None:
    record_id = world.add()
    before = len(events_of(world.db, world.school.id))
    remove(world, record_id, reason=reason)
    (event,) = events_of(world.db, world.school.id)[before:]
    assert (event.kind, event.principal_id) == (REMOVED_EVENT, world.senco.principal_id)
    assert event.about == {"record": str(record_id), "reason": reason}
    with world.db.read() as session:
        assert chain.verify(session, world.school.id).fault is None
    newest = activity(db=world.db, actor=world.senco).actions[0]
    assert newest.what == "removed a learner who had been added by mistake"


def test_the_page_says_what_is_gone(world: World) -> None:
    record_id = world.add()
    shown = removal(db=world.db, actor=world.senco, record_id=record_id)
    assert (shown.pages, shown.documents, shown.safeguarding_wrote) == (0, 0, False)
    world.save(record_id, {"sen": {"provision": "N"}})
    world.attach(record_id)
    type_in(world, record_id, known_as={"pronouns": "she/her"})
    shown = removal(db=world.db, actor=world.senco, record_id=record_id)
    assert (shown.why_not, shown.pages, shown.documents) == (None, 2, 1)
    assert shown.form == "core/2027.1"


def test_what_was_sent_or_taken_back_stays(world: World, sent: SentRecord) -> None:
    with pytest.raises(Refused, match="take it back"):
        remove(world, sent.record_id)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    before = counts(world)
    with pytest.raises(Refused, match="sent and taken back"):
        remove(world, sent.record_id)
    assert counts(world) == before


@pytest.mark.parametrize("back", [False, True], ids=["released", "taken back"])
def test_what_the_safeguarding_team_released_for_nobody_goes_with_the_learner(
    world: World, *, back: bool
) -> None:
    """An answer for many at once reaches a learner who was added by mistake as well. It went nowhere."""
    whole_story(world, "Bilal")
    before, said = counts(world), len(events_of(world.db, world.school.id))
    coordinator, lead = signed_in(world.coordinator), signed_in(world.safeguarding_lead)
    record_id = world.add()
    answer(world, {record_id: "not_disclosed"})
    if back:
        taken_back(world, record_id)
    assert "Khan, Amina" in names(look(world, actor=coordinator))
    shown = removal(db=world.db, actor=world.senco, record_id=record_id)
    assert (shown.why_not, shown.safeguarding_wrote, shown.safeguarding_released) == (None, True, True)
    with pytest.raises(Refused) as refused:
        remove(world, record_id)
    assert refused.value.fields == {"knows": NOT_TOLD}
    remove(world, record_id, knows=True)
    assert counts(world) == before, (
        "releases and drafts are gone with the cards of the school and the council"
    )
    assert "Khan, Amina" not in names(look(world, actor=coordinator))
    rows = learners(db=world.db, actor=lead, purpose=SAFEGUARDING)
    assert record_id not in {row.record_id for row in rows}
    events = events_of(world.db, world.school.id)[said:]
    released = ["record.released", "safeguarding.taken_back"] if back else ["record.released"]
    assert [event.kind for event in events if "saved" not in event.kind][1:] == [*released, REMOVED_EVENT]
    assert "not_disclosed" not in repr([event.about for event in events]), "no answer stands in the log"
    with world.db.read() as session:
        assert chain.verify(session, world.school.id).fault is None


def test_what_the_safeguarding_team_released_for_a_provider_stays(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "no"})
    with pytest.raises(Refused, match="was sent"):
        remove(world, sent.record_id, knows=True)


def test_what_the_safeguarding_team_releases_meanwhile_is_not_thrown_away_unseen(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    seen = removal(db=world.db, actor=world.senco, record_id=record_id).seen
    world.send(record_id, owner=SAFEGUARDING)
    with pytest.raises(Refused, match=CHANGED[:40]):
        remove(world, record_id, seen=seen, knows=True)


def test_a_sending_whose_row_somebody_removed_is_refused_and_named_not_certain(
    world: World, sent: SentRecord
) -> None:
    with world.db.write() as session:
        session.execute(delete(Transfer).where(Transfer.id == sent.transfer_id))
    assert removal(db=world.db, actor=world.senco, record_id=sent.record_id).why_not == "not_certain"
    with pytest.raises(Refused, match="It is not certain"):
        remove(world, sent.record_id)


def test_what_was_sent_after_the_page_was_opened_stays(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    seen = removal(db=world.db, actor=world.senco, record_id=record_id).seen
    world.send(record_id)
    with pytest.raises(Refused, match="was sent"):
        remove(world, record_id, seen=seen)


@pytest.mark.parametrize("change", ["save", "type", "attach", "safeguarding"])
def test_what_a_colleague_does_meanwhile_is_not_thrown_away_unseen(world: World, change: str) -> None:
    record_id = world.add()
    seen = removal(db=world.db, actor=world.senco, record_id=record_id).seen
    match change:
        case "save":
            world.save(record_id, {"sen": {"provision": "K"}})
        case "type":
            type_in(world, record_id, known_as={"pronouns": "she/her"})
        case "attach":
            world.attach(record_id)
        case _:
            world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    before = counts(world)
    with pytest.raises(Refused, match="has changed since this page was opened") as refused:
        remove(world, record_id, seen=seen, knows=True)
    assert refused.value.message == CHANGED
    assert counts(world) == before
    remove(world, record_id, knows=True)


def test_a_reason_is_needed_and_the_safeguarding_team_has_to_know(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)
    with pytest.raises(Refused) as refused:
        remove(world, record_id, reason="")
    assert refused.value.fields == {"reason": NO_REASON, "knows": NOT_TOLD}
    with pytest.raises(Refused) as refused:
        remove(world, record_id, reason="my own words", knows=True)
    assert refused.value.fields == {"reason": NO_REASON}


def test_a_second_press_finds_nothing_and_the_log_tells_why(world: World) -> None:
    record_id = world.add()
    seen = removal(db=world.db, actor=world.senco, record_id=record_id).seen
    assert not was_removed(db=world.db, actor=world.senco, record_id=record_id)
    remove(world, record_id, seen=seen)
    with pytest.raises(NotFound):
        remove(world, record_id, seen=seen)
    assert was_removed(db=world.db, actor=world.senco, record_id=record_id)
    assert not was_removed(db=world.db, actor=world.other_senco, record_id=record_id)
    assert not was_removed(db=world.db, actor=world.senco, record_id=uuid4())


@pytest.mark.parametrize("person", ["safeguarding_lead", "coordinator", "college_support"])
def test_only_the_transition_team_removes(world: World, person: str) -> None:
    record_id = world.add()
    with pytest.raises(NotAllowed):
        remove(world, record_id, actor=world.people[person], seen="")
    with pytest.raises(NotAllowed):
        removal(db=world.db, actor=world.people[person], record_id=record_id)


def test_another_schools_learner_is_not_found(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        remove(world, record_id, actor=world.other_senco, seen="")


def test_every_reason_against_it_says_what_to_do(world: World) -> None:
    assert all("cannot be removed" in words for words in WHY_NOT.values())
