"""Opening a transfer as one of the provider's teams."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.store.models import Record


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


def test_looking_writes_the_receipt_unless_it_is_asked_not_to(world: World, sent: SentRecord) -> None:
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, note=False)
    assert kinds_of(world.db, world.college.id) == []
    received = world.open(sent.transfer_id)
    assert received.state == "sent", "as it stood when it was opened"
    assert kinds_of(world.db, world.college.id) == ["transfer.opened"]
    assert received.seen.revisions == tuple(opening.revision.id for opening in received.openings.values())
    assert world.open(sent.transfer_id).state == "received"


def test_a_team_reads_its_newest_version_of_each_owner_and_knows_of_the_earlier_ones(
    world: World, sent: SentRecord
) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.save(sent.record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    received = world.open(sent.transfer_id, world.college_safeguarding)
    assert {owner: opening.revision.number for owner, opening in received.openings.items()} == {
        "transition": 2,
        "school_safeguarding": 1,
    }
    assert {owner: len(revisions) for owner, revisions in received.revisions.items()} == {
        "transition": 2,
        "school_safeguarding": 1,
    }
    assert received.revisions["transition"][-1] == received.openings["transition"].revision.id
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
