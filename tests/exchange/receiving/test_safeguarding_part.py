"""Silence is never "none": who is told that the school's safeguarding team has not answered, and who nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.covers import cover
from transition_exchange.exchange.receiving.downloading import download_data
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import open_transfer, read_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.store.models import OutboxMail, Part, Receipt, Revision, Transfer

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}
SAID: Mapping[str, dict[str, dict[str, Any]]] = {
    "yes": {
        "safeguarding": {
            **LEAD,
            "file_exists": "yes",
            "route": "by_hand",
            "file_sent": False,
            "status": ["CIN"],
        }
    },
    "no": {"safeguarding": {**LEAD, "file_exists": "no"}},
    "not_disclosed": {"safeguarding": {**LEAD, "file_exists": "not_disclosed"}},
}
OTHERS = ("college_admissions", "college_support", "college_exams")


def answer(world: World, sent: SentRecord, said: str, **sections: Any) -> None:
    """The school's safeguarding team answers and releases it."""
    world.save(sent.record_id, {**SAID[said], **sections}, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")


def of(world: World, sent: SentRecord, person: str = "college_safeguarding") -> str:
    """What a list says that was answered."""
    rows = {row.transfer_id: row for row in inbox(db=world.db, actor=world.people[person])}
    return rows[sent.transfer_id].answer


def test_the_safeguarding_team_is_told_what_was_answered_and_that_nothing_was(world: World) -> None:
    records = {said: world.sent("Amina", said.title().replace("_", " ")) for said in (*SAID, "not_answered")}
    for said in SAID:
        answer(world, records[said], said)
    assert {said: of(world, sent) for said, sent in records.items()} == {said: said for said in records}
    for person in OTHERS:
        assert {of(world, sent, person) for sent in records.values()} == {""}
    seen = cover(
        db=world.db, actor=world.college_safeguarding, transfer_id=records["not_answered"].transfer_id
    )
    assert seen.part.unanswered
    assert seen.part.since == seen.newest[0].sent_at


def test_that_nobody_has_answered_is_missing_on_page_and_table(world: World, sent: SentRecord) -> None:
    actor = world.college_safeguarding
    received = open_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id)
    assert [gap["question"] for gap in received.missing] == ["safeguarding.file_exists"]
    (row,) = csv.DictReader(io.StringIO("".join(export_csv(db=world.db, actor=actor)).removeprefix("\ufeff")))
    assert row["safeguarding.file_exists"] == "not_answered"
    assert row["missing"] == "safeguarding.file_exists"
    answer(world, sent, "no")
    (row,) = csv.DictReader(io.StringIO("".join(export_csv(db=world.db, actor=actor)).removeprefix("\ufeff")))
    assert (row["safeguarding.file_exists"], row["missing"]) == ("no", "")
    received = open_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id)
    assert received.missing == ()


@pytest.mark.parametrize("said", [*SAID, ""])
def test_every_other_team_is_told_one_sentence(world: World, sent: SentRecord, said: str) -> None:
    if said:
        answer(world, sent, said)
    for person in OTHERS:
        world.open(sent.transfer_id, world.people[person])
        data = download_data(db=world.db, actor=world.people[person], transfer_id=sent.transfer_id)
        assert b'"safeguarding": "Safeguarding: ask your safeguarding team.' in data
        with pytest.raises(NotFound):
            download_data(
                db=world.db,
                actor=world.people[person],
                transfer_id=sent.transfer_id,
                owner="school_safeguarding",
            )
    theirs = world.open(sent.transfer_id, world.college_safeguarding)
    data = download_data(db=world.db, actor=world.college_safeguarding, transfer_id=sent.transfer_id)
    assert "Safeguarding is not in this data: see the record’s page.".encode() in data
    assert ("school_safeguarding" in theirs.openings) == bool(said)


@pytest.mark.parametrize("said", list(SAID))
def test_an_answer_changes_nothing_for_learning_support(world: World, sent: SentRecord, said: str) -> None:
    """Neither state, nor versions, nor what has to be acknowledged."""
    actor = world.college_support
    world.open(sent.transfer_id, actor)
    acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id])
    before = (
        inbox(db=world.db, actor=actor),
        cover(db=world.db, actor=actor, transfer_id=sent.transfer_id).newest,
    )
    answer(world, sent, said)
    assert before == (
        inbox(db=world.db, actor=actor),
        cover(db=world.db, actor=actor, transfer_id=sent.transfer_id).newest,
    )
    assert read_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id).acknowledged


def test_safety_on_the_first_day_is_for_learning_support(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    answer(world, sent, "yes", day_one_safety={"information": "Carries an auto-injector."})
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert (row.state, row.answer) == ("changed", "")
    assert "day_one_safety" in world.open(sent.transfer_id).answers
    answer(world, sent, "no", day_one_safety={"information": ""})
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert row.state == "changed", "what was there before is not any more, and the team has read it"


def test_receipts_that_are_written_together_are_so_whatever_was_answered(world: World) -> None:
    records = {said: world.sent("Amina", said.title()) for said in ("yes", "no")}
    answer(world, records["yes"], "yes", day_one_safety={"information": "Carries an auto-injector."})
    answer(world, records["no"], "no")
    opened = []
    for sent in records.values():
        world.open(sent.transfer_id)
        with world.db.read() as session:
            opened.append(
                sorted(
                    session.scalars(
                        select(Revision.owner)
                        .join(Receipt, Receipt.revision_id == Revision.id)
                        .where(Receipt.transfer_id == sent.transfer_id, Receipt.opened_at.is_not(None))
                    )
                )
            )
    assert opened == [["school_safeguarding", "transition"]] * 2


def test_a_transfer_waits_for_nobody_but_the_safeguarding_team_about_its_part(
    world: World, sent: SentRecord
) -> None:
    for person in OTHERS:
        world.open(sent.transfer_id, world.people[person])
        acknowledge(db=world.db, actor=world.people[person], transfer_ids=[sent.transfer_id])
    answer(world, sent, "no")
    world.open(sent.transfer_id, world.college_safeguarding)
    acknowledge(db=world.db, actor=world.college_safeguarding, transfer_ids=[sent.transfer_id])
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state == "acknowledged"


def test_a_mail_about_an_answer_goes_to_the_safeguarding_team_alone(world: World, sent: SentRecord) -> None:
    def mailed() -> dict[str, object]:
        with world.db.read() as session:
            rows = session.execute(select(OutboxMail.to_address, OutboxMail.template, OutboxMail.figures))
            return {f"{address} {template}": figures for address, template, figures in rows}

    before = mailed()
    answer(world, sent, "yes", day_one_safety={"information": "Carries an auto-injector."})
    after = mailed()
    changed = {key.split()[0] for key in after if after[key] != before.get(key)}
    assert changed == {world.college.teams["Safeguarding"].row.notification_email}


def test_an_answer_that_cannot_be_opened_is_not_certain(world: World, sent: SentRecord) -> None:
    answer(world, sent, "no")
    with world.db.write() as session:
        session.execute(
            update(Part)
            .where(Part.name == "safeguarding", Part.transfer_id.is_(None), Part.record_id == sent.record_id)
            .values(name=f"x{uuid4()}")
        )
    assert of(world, sent) == "not_certain"
