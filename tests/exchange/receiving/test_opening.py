"""Opening a transfer as one of the provider's teams."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of, kinds_of
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotOpened, Tampered
from transition_exchange.exchange.receiving import opening, receipts
from transition_exchange.exchange.receiving.opening import open_transfer, read_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.store import events
from transition_exchange.store.models import Ciphertext, Part, Receipt, Record, Revision, Transfer


def test_an_untouched_pack_opens(world: World, sent: SentRecord) -> None:
    assert world.open(sent.transfer_id).answers["learner"]["legal_surname"] == "Khan"


def test_another_providers_transfer_looks_like_none(world: World, sent: SentRecord) -> None:
    for missing in (sent.transfer_id, sent.record_id):
        with pytest.raises(NotFound) as caught:
            world.open(missing, world.coach)
        assert caught.value.message == NotFound().message


def test_what_is_received_says_whose_it_is_and_how_long_it_is_kept(world: World, sent: SentRecord) -> None:
    received = world.open(sent.transfer_id)
    assert (received.record_id, received.school) == (sent.record_id, "Ashdown School")
    assert received.team.id == world.college_support.teams[0].id
    assert (received.version.name, received.acknowledged) == ("core/2027.1", False)
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
    assert (received.leaving_year, received.delete_on) == (record.leaving_year, record.delete_on)
    assert "Khan" not in repr(received)


def test_opening_writes_the_receipt_and_its_event_and_reading_writes_nothing(
    world: World, sent: SentRecord
) -> None:
    received = world.open(sent.transfer_id)
    assert received.state == "sent", "as it stood when it was opened"
    (event,) = events_of(world.db, world.college.id)
    assert event.kind == "transfer.opened"
    assert event.about == {
        "team": str(received.team.id),
        "transfer": str(sent.transfer_id),
        "revision1": str(received.seen.revisions[0]),
    }
    for _ in range(2):
        again = read_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
        assert (again.state, again.answers) == ("received", received.answers)
    assert kinds_of(world.db, world.college.id) == ["transfer.opened"]


def test_nothing_is_read_before_the_team_has_opened_it(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id, world.college_admissions)
    with pytest.raises(NotOpened):
        read_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert _opened_by(world) == {world.college_admissions.principal_id}


def test_a_newer_version_waits_while_the_one_before_stays_readable(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    _change(world, sent, "Mina")
    before = read_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert before.openings["transition"].revision.number == 1
    assert "known_as" not in before.answers or not before.answers["known_as"]
    after = world.open(sent.transfer_id)
    assert after.openings["transition"].revision.number == 2
    assert after.opened_before == {"transition": before.openings["transition"].revision.id}
    assert read_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id).answers == (
        after.answers
    )


def test_a_version_that_was_passed_over_is_never_opened(world: World, sent: SentRecord) -> None:
    first = world.open(sent.transfer_id).openings["transition"].revision.id
    for name in ("Mina", "Amy"):
        _change(world, sent, name)
    assert world.open(sent.transfer_id).opened_before == {"transition": first}
    with world.db.read() as session:
        numbers = session.scalars(
            select(Revision.number)
            .join(Receipt, Receipt.revision_id == Revision.id)
            .where(Receipt.opened_at.is_not(None))
        )
        assert sorted(numbers) == [1, 3]


def test_the_other_owners_part_waits_too_and_the_part_before_stays_readable(
    world: World, sent: SentRecord
) -> None:
    lead = world.college_safeguarding
    world.open(sent.transfer_id, lead)
    world.send(sent.record_id, owner="school_safeguarding")
    assert set(read_transfer(db=world.db, actor=lead, transfer_id=sent.transfer_id).openings) == {
        "transition"
    }
    assert set(world.open(sent.transfer_id, lead).openings) == {"transition", "school_safeguarding"}
    assert kinds_of(world.db, world.college.id) == ["transfer.opened", "transfer.opened"]


@pytest.mark.parametrize(
    "openers", [("college_support", "college_support"), ("college_support", "colleague")]
)
def test_two_who_open_at_once_write_one_receipt_and_one_event(
    world: World, sent: SentRecord, openers: tuple[str, str]
) -> None:
    """A double click, and two members of the team."""
    world.person("colleague", "Northway College", "Learning support")
    both_read = Barrier(2)
    written = receipts.note_opened

    def at_once(**arguments: Any) -> None:
        both_read.wait(10)
        written(**arguments)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as threads:
        patch.setattr(opening, "note_opened", at_once)
        running = [threads.submit(world.open, sent.transfer_id, world.people[name]) for name in openers]
        assert all(thread.result(20).answers for thread in running)
    assert kinds_of(world.db, world.college.id) == ["transfer.opened"]
    (event,) = events_of(world.db, world.college.id)
    assert _opened_by(world) == {event.principal_id}


def test_what_fails_its_check_leaves_no_receipt(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        for part_id in session.scalars(select(Part.id).where(Part.name == "learner")):
            session.get_one(Ciphertext, part_id).body += b"\0"
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)
    assert kinds_of(world.db, world.college.id) == []
    assert _opened_by(world) == set()


def test_a_receipt_without_its_event_is_not_written(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "append", _broken)
    with pytest.raises(RuntimeError):
        world.open(sent.transfer_id)
    monkeypatch.undo()
    assert _opened_by(world) == set()
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state == "sent"


def _broken(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError


def _change(world: World, sent: SentRecord, name: str) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": name}})
    world.send(sent.record_id)


def _opened_by(world: World) -> set[UUID | None]:
    with world.db.read() as session:
        return set(session.scalars(select(Receipt.opened_by).where(Receipt.opened_at.is_not(None))))


def test_a_team_reads_its_newest_version_of_each_owner(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.save(sent.record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    received = world.open(sent.transfer_id, world.college_safeguarding)
    assert {owner: opening.revision.number for owner, opening in received.openings.items()} == {
        "transition": 2,
        "school_safeguarding": 1,
    }
    assert received.opened_before == {}, "the team never opened version 1"
    assert received.seen_of("school_safeguarding").revisions == (
        received.openings["school_safeguarding"].revision.id,
    )
    assert received.answers["safeguarding"]["file_exists"] == "yes"


def test_what_is_missing_is_said_of_sections_that_the_team_reads(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"health": {}, "exams": {}})
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    missing = {
        person: {gap["question"] for gap in world.open(transfer_id, world.people[person]).missing}
        for person in ("college_support", "college_exams", "college_admissions")
    }
    assert missing == {
        "college_support": {"health.medical", "exams.approved"},
        "college_exams": {"exams.approved"},
        "college_admissions": set(),
    }


def test_the_first_of_a_persons_teams_that_got_anything_opens_it(world: World, sent: SentRecord) -> None:
    world.team("Northway College", "Archive", "admissions")
    clerk = world.person("clerk", "Northway College", "Archive", "Exams office")
    assert world.open(sent.transfer_id, clerk).team.name == "Exams office"
    with pytest.raises(NotFound):
        open_transfer(db=world.db, actor=clerk, transfer_id=sent.transfer_id, team_id=clerk.teams[0].id)


def test_who_is_in_no_receiving_team_is_told_so(world: World, sent: SentRecord) -> None:
    for actor in (world.senco, world.coordinator):
        with pytest.raises(NotAllowed):
            world.open(sent.transfer_id, actor)


def test_a_teams_acknowledgement_shows(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
    assert world.open(sent.transfer_id).acknowledged
    assert not world.open(sent.transfer_id, world.college_admissions).acknowledged


def test_data_that_were_not_made_for_the_team_are_not_there(world: World, sent: SentRecord) -> None:
    """A team whose purposes were changed in the database has no pack made for them."""
    team = replace(world.college_support.teams[0], purposes=frozenset({"learning_support", "exams"}))
    with pytest.raises(NotFound):
        world.open(sent.transfer_id, replace(world.college_support, teams=(team,)))
