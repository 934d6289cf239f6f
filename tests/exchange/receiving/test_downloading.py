"""Downloading a pack's PDF, its data and its documents."""

from __future__ import annotations

import json
from csv import DictReader
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of, kinds_of
from tests.exchange.documents import pdf
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotOpened, Tampered
from transition_exchange.exchange.receiving import downloading, receipts
from transition_exchange.exchange.receiving.downloading import (
    download_attachment,
    download_data,
    download_pdf,
)
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.records.part_names import content_part
from transition_exchange.exchange.records.parts import binding_of, digest, reseal
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Ciphertext, Part, Receipt, Record


def test_an_attachment_reaches_its_audience_and_no_one_else(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    content = pdf(pages=2)
    attachment_id = world.attach(record_id, kind="strategies", content=content)
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    for person in (world.college_support, world.college_admissions):
        world.open(transfer_id, person)
    _, body = download_attachment(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        attachment_id=attachment_id,
    )
    assert body == content
    with pytest.raises(NotFound):
        download_attachment(
            db=world.db,
            actor=world.college_admissions,
            transfer_id=transfer_id,
            attachment_id=attachment_id,
        )


def _data(world: World, sent: SentRecord, person: str, **which: Any) -> dict[str, Any]:
    world.open(sent.transfer_id, world.people[person])
    body = download_data(db=world.db, actor=world.people[person], transfer_id=sent.transfer_id, **which)
    data: dict[str, Any] = json.loads(body)
    return data


def test_each_team_downloads_the_pack_that_was_made_for_it(world: World, sent: SentRecord) -> None:
    for person, purpose in (
        ("college_admissions", "admissions"),
        ("college_support", "learning_support"),
        ("college_safeguarding", "safeguarding"),
        ("college_exams", "exams"),
    ):
        data = _data(world, sent, person)
        assert data["for"] == [purpose]
        assert (data["from"], data["to"]) == ("Ashdown School", "Northway College")
        pack = download_pdf(db=world.db, actor=world.people[person], transfer_id=sent.transfer_id)
        assert pack.startswith(b"%PDF-1.7\n")
        assert json.loads(pack.partition(b"\n")[2]) == data


def test_the_data_holds_what_the_team_reads_on_its_page(world: World, sent: SentRecord) -> None:
    received = world.open(sent.transfer_id)
    data = _data(world, sent, "college_support")
    assert {name: values for name, values in data["answers"].items() if values} == {
        name: values for name, values in received.answers.items() if values
    }
    assert data["version_sent"] == 1


def test_the_safeguarding_part_is_a_pack_of_its_own(world: World, sent: SentRecord) -> None:
    with pytest.raises(NotFound):
        _data(world, sent, "college_safeguarding", owner="school_safeguarding")
    day_one = {"day_one_safety": {"information": "Carries an auto-injector."}}
    answers: dict[str, dict[str, Any]] = {"safeguarding": {"file_exists": "yes"}, **day_one}
    world.save(sent.record_id, answers, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    data = _data(world, sent, "college_safeguarding", owner="school_safeguarding")
    assert data["answers"]["safeguarding"]["file_exists"] == "yes"
    assert "safeguarding" not in _data(world, sent, "college_safeguarding")["answers"]
    support = _data(world, sent, "college_support", owner="school_safeguarding")
    assert support["answers"] == day_one
    with pytest.raises(NotFound):
        _data(world, sent, "college_exams", owner="school_safeguarding")


def test_a_new_version_replaces_the_pack(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    data = _data(world, sent, "college_support")
    assert data["version_sent"] == 2
    assert data["answers"]["known_as"] == {"preferred_name": "Mina"}


def test_a_download_is_written_down_each_time_with_what_it_was(world: World, sent: SentRecord) -> None:
    revision = world.open(sent.transfer_id).openings["transition"].revision.id
    download_pdf(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    download_data(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    events = events_of(world.db, world.college.id)
    assert [event.kind for event in events] == ["transfer.opened", "pack.downloaded", "pack.downloaded"]
    assert events[1].about == {
        "team": str(world.college_support.teams[0].id),
        "transfer": str(sent.transfer_id),
        "transfers": 1,
        "revision1": str(revision),
    }
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert row.state == "opened", "a file taken by hand is opened too"
    assert row.given_out_at is not None
    with world.db.read() as session:
        receipt = session.scalars(select(Receipt).where(Receipt.given_out_at.is_not(None))).one()
    assert receipt.given_out_by == receipt.opened_by == world.college_support.principal_id


@pytest.mark.parametrize("newer", [False, True])
def test_nothing_of_a_version_is_downloaded_before_it_is_opened(world: World, newer: bool) -> None:
    record_id = world.add()
    world.fill(record_id)
    attachment_id = world.attach(record_id)
    world.send(record_id)
    asked: dict[str, Any] = {
        "db": world.db,
        "actor": world.college_support,
        "transfer_id": world.transfer_of(record_id),
    }
    for download in (download_pdf, download_data):
        with pytest.raises(NotOpened):
            download(**asked)
    with pytest.raises(NotOpened):
        download_attachment(**asked, attachment_id=attachment_id)
    assert kinds_of(world.db, world.college.id) == []
    if newer:
        world.open(asked["transfer_id"])
        world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
        world.send(record_id)
        assert json.loads(download_data(**asked))["version_sent"] == 1
        world.send(record_id, owner="school_safeguarding")
        with pytest.raises(NotFound):
            download_data(**asked, owner="school_safeguarding")


def test_what_is_taken_back_before_it_is_handed_out_stays(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.open(sent.transfer_id)

    def taken_back_first(**arguments: Any) -> frozenset[UUID]:
        recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
        return receipts.note_given_out(**arguments)

    monkeypatch.setattr(downloading, "note_given_out", taken_back_first)
    with pytest.raises(NotFound):
        download_pdf(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert kinds_of(world.db, world.college.id) == ["transfer.opened"]


def test_nobody_downloads_what_is_not_theirs(world: World, sent: SentRecord) -> None:
    for actor, refusal in (
        (world.coach, NotFound),
        (world.senco, NotAllowed),
        (world.coordinator, NotAllowed),
    ):
        for download in (download_pdf, download_data):
            with pytest.raises(refusal):
                download(db=world.db, actor=actor, transfer_id=sent.transfer_id)
    with pytest.raises(NotFound):
        download_pdf(
            db=world.db,
            actor=world.college_support,
            transfer_id=sent.transfer_id,
            team_id=world.college_exams.teams[0].id,
        )
    assert kinds_of(world.db, world.college.id) == []


@pytest.mark.parametrize("kind", ["pdf", "data"])
def test_a_pack_that_is_not_what_was_granted_is_not_handed_out(
    world: World, sent: SentRecord, kind: str
) -> None:
    for person in (world.college_support, world.college_admissions):
        world.open(sent.transfer_id, person)
    with world.db.write() as session:
        part = session.scalars(
            select(Part).where(Part.name == f"{kind}/{sent.transfer_id}/learning_support")
        ).one()
        session.get_one(Ciphertext, part.id).body += b"\0"
    with pytest.raises(Tampered):
        download_pdf(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    download_pdf(db=world.db, actor=world.college_admissions, transfer_id=sent.transfer_id)


def test_a_document_that_was_changed_is_not_handed_out_and_a_stranger_is_none(world: World) -> None:
    record_id, attached = world.add(), pdf()
    world.fill(record_id)
    attachment_id = world.attach(record_id, content=attached)
    world.send(record_id)
    given: dict[str, Any] = {
        "db": world.db,
        "actor": world.college_admissions,
        "transfer_id": world.transfer_of(record_id),
    }
    world.open(given["transfer_id"], world.college_admissions)
    with pytest.raises(NotFound):
        download_attachment(**given, attachment_id=uuid4())
    about, content = download_attachment(**given, attachment_id=attachment_id)
    assert (about.kind, content) == ("qualifications", attached)
    with world.db.write() as session:
        part = session.scalars(select(Part).where(Part.name == content_part(attachment_id))).one()
        session.get_one(Ciphertext, part.id).body += b"\0"
    with pytest.raises(Tampered):
        download_attachment(**given, attachment_id=attachment_id)
    assert kinds_of(world.db, world.college.id) == ["transfer.opened", "attachment.downloaded"]


@pytest.mark.parametrize("kind", ["pdf", "data"])
def test_a_team_that_can_open_its_pack_cannot_put_another_in_its_place(
    world: World, sent: SentRecord, kind: str
) -> None:
    """Somebody of learning support, who holds the key and can write to the database, seals something else under it."""
    opening = world.open(sent.transfer_id).openings["transition"]
    name = f"{kind}/{sent.transfer_id}/learning_support"
    with world.db.write() as session:
        place = binding_of(session.get_one(Record, sent.record_id), opening.revision.id)
        part = session.scalars(select(Part).where(Part.name == name)).one()
        forged = reseal(
            binding=place, name=name, key=opening.keys[name], plaintext=b'{"missing": [], "for": []}'
        )
        session.get_one(Ciphertext, part.id).body, part.digest = forged, digest(forged)
    with pytest.raises(Tampered):
        download_pdf(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)


@pytest.mark.parametrize("person", ["college_admissions", "college_support", "college_exams"])
def test_page_data_and_table_of_a_pack_tell_the_same(world: World, sent: SentRecord, person: str) -> None:
    actor = getattr(world, person)
    page = world.open(sent.transfer_id, actor).answers
    data = _data(world, sent, person)["answers"]
    assert {name: values for name, values in page.items() if name in data} == data
    assert not any(values for name, values in page.items() if name not in data)
    table = next(DictReader(export_csv(db=world.db, actor=actor)))
    assert table["destination.course"] == data["destination"]["course"] == "Animal care"
    if person == "college_admissions":
        assert data["application"] == {
            "preference": 1,
            "status": "accepted",
            "offer_date": "2026-10-01",
            "offer_suitable": True,
        }
        assert table["application.status"] == "accepted"
