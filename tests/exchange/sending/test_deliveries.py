"""What a sending makes for each team: the planned sections, documents and packs, and nothing else."""

from __future__ import annotations

import io
import json
from uuid import UUID

import pikepdf
from sqlalchemy import select

from tests.exchange.answers import destination
from tests.exchange.world import SentRecord, World, rendering
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.downloading import download_data, download_pdf
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.records import grants, transfers
from transition_exchange.proforma import Access, load
from transition_exchange.sealing.transfers import TransferStatement
from transition_exchange.store.models import (
    Card,
    Grant,
    Part,
    Receipt,
    Record,
    Revision,
    Team,
    Transfer,
)


def test_what_was_planned_is_what_each_team_opens(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    (college,) = world.plan(record_id).providers
    world.send(record_id)
    for person, name in (
        (world.college_admissions, "Admissions"),
        (world.college_support, "Learning support"),
        (world.college_exams, "Exams office"),
    ):
        (planned,) = [team for team in college.teams if team.name == name]
        received = world.open(world.transfer_of(record_id), person)
        assert set(received.answers) == set(planned.access.sections)


def test_each_team_gets_the_sections_of_its_audience_and_no_other(world: World, sent: SentRecord) -> None:
    version = load("core/2027.1")
    for actor, purpose in (
        (world.college_admissions, "admissions"),
        (world.college_support, "learning_support"),
        (world.college_safeguarding, "safeguarding"),
        (world.college_exams, "exams"),
    ):
        received = world.open(sent.transfer_id, actor)
        allowed = {
            name
            for name in Access(version, frozenset({purpose}), place=frozenset({"with_ukprn"})).sections
            if version.section(name).owner == "transition"
        }
        assert set(received.answers) == allowed
        opened = {name.split("/")[0] for name in received.openings["transition"].keys}
        assert opened - {"pdf", "data", "attachment"} == allowed


def _packs(world: World, sent: SentRecord) -> dict[str, UUID]:
    """The transfer's own pieces, with the ids of their rows."""
    with world.db.read() as session:
        rows = session.execute(select(Part.name, Part.id).where(Part.transfer_id == sent.transfer_id))
        return {row.name.replace(str(sent.transfer_id), "-"): row.id for row in rows}


def test_each_set_of_readers_gets_one_pack_and_its_data(world: World) -> None:
    world.team("Northway College", "Second support team", "learning_support")
    sent = world.sent()
    packs = _packs(world, sent)
    readers = ("admissions", "exams", "learning_support", "safeguarding")
    assert {name for name in packs if name.startswith(("pdf", "data"))} == {
        f"{kind}/-/{reader}" for kind in ("pdf", "data") for reader in readers
    }
    tutor = world.person("tutor", "Northway College", "Second support team")
    for actor in (world.college_support, tutor):
        world.open(sent.transfer_id, actor)
    of_both = [
        download_pdf(db=world.db, actor=actor, transfer_id=sent.transfer_id)
        for actor in (world.college_support, tutor)
    ]
    assert of_both[0] == of_both[1]


def test_a_team_with_several_purposes_gets_one_pack_for_all_of_them(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Riverside Boxing"])
    world.send(record_id)
    transfer_id = world.transfer_of(record_id, "Riverside Boxing")
    world.open(transfer_id, world.coach)
    pack = download_pdf(db=world.db, actor=world.coach, transfer_id=transfer_id)
    assert json.loads(pack.partition(b"\n")[2])["for"] == [
        "admissions",
        "exams",
        "learning_support",
        "safeguarding",
    ]


def test_each_provider_reads_its_own_destination_and_no_other(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rows = [
        destination(world.college.id, "Northway College", course="Animal care"),
        destination(world.places["Riverside Boxing"].id, "Riverside Boxing", course="Boxing", preference=2),
    ]
    world.save(record_id, {"destinations": {"destinations": rows}})
    world.send(record_id)
    for place, actor, course in (
        ("Northway College", world.college_admissions, "Animal care"),
        ("Riverside Boxing", world.coach, "Boxing"),
    ):
        received = world.open(world.transfer_of(record_id, place), actor)
        assert received.answers["destination"]["course"] == course
        assert "destinations" not in received.answers


def test_a_changed_version_keeps_each_teams_card(world: World, sent: SentRecord) -> None:
    with world.db.read() as session:
        cards = set(session.scalars(select(Card.id).where(Card.transfer_id == sent.transfer_id)))
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    with world.db.read() as session:
        assert set(session.scalars(select(Card.id).where(Card.transfer_id == sent.transfer_id))) == cards
        assert len(session.scalars(select(Transfer.id)).all()) == 1
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert row.content["preferred_name"] == "Mina"


def test_the_safeguarding_part_brings_no_card_and_goes_to_its_readers_only(
    world: World, sent: SentRecord
) -> None:
    with world.db.read() as session:
        before = session.scalars(select(Card.sealed).where(Card.transfer_id == sent.transfer_id)).all()
    world.save(sent.record_id, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    with world.db.read() as session:
        assert (
            session.scalars(select(Card.sealed).where(Card.transfer_id == sent.transfer_id)).all() == before
        )
        granted = session.scalars(
            select(Team.name)
            .join(Receipt, Receipt.team_id == Team.id)
            .join(Revision, Revision.id == Receipt.revision_id)
            .where(Revision.owner == "school_safeguarding")
        ).all()
    assert sorted(granted) == ["Learning support", "Safeguarding"]
    assert world.open(sent.transfer_id, world.college_safeguarding).answers["safeguarding"]
    support = world.open(sent.transfer_id).answers
    assert not {"day_one_safety", "safeguarding"} & support.keys(), "there is nothing for the first day"


def test_the_school_keeps_a_grant_of_its_own_to_see_what_went_out(world: World, sent: SentRecord) -> None:
    with world.db.read() as session:
        (grant,) = session.scalars(
            select(Grant).where(
                Grant.transfer_id == sent.transfer_id, Grant.grantee_team_id == Grant.grantor_team_id
            )
        )
        opened = grants.open_grant(
            session, actor=world.senco, trust=trust_of(session, world.senco), grant=grant
        )
    assert opened is not None
    names = {name.replace(str(sent.transfer_id), "-") for name in opened.keys}
    assert names == set(_packs(world, sent))


def test_the_real_pdf_says_whose_it_is_and_carries_its_data(world: World) -> None:
    with rendering() as renderer:
        world.renderer = renderer
        sent = world.sent()
    world.open(sent.transfer_id)
    body = download_pdf(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    with pikepdf.open(io.BytesIO(body)) as document:
        (name,) = document.attachments
        attached = json.loads(document.attachments[name].get_file().read_bytes())
    data = download_data(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert attached == json.loads(data)


def _statements(world: World, record_id: UUID) -> dict[UUID, TransferStatement]:
    """What the safeguarding team believes of a record's transfers, by provider."""
    with world.db.read() as session:
        trust = trust_of(session, world.safeguarding_lead)
        record = session.get_one(Record, record_id)
        rows = session.scalars(select(Transfer).where(Transfer.record_id == record_id)).all()
        stated = {
            row.provider_id: transfers.statement_of(session, trust=trust, record=record, transfer=row)
            for row in rows
        }
    return {provider_id: statement for provider_id, statement in stated.items() if statement is not None}


def test_each_first_delivery_is_signed_and_a_further_version_signs_nothing_anew(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(record_id)
    first = _statements(world, record_id)
    assert set(first) == {world.places[name].id for name in ("Northway College", "Riverside Boxing")}
    for provider_id, statement in first.items():
        assert (statement.state, statement.provider) == ("sent", str(provider_id))
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    world.send(record_id, owner="school_safeguarding")
    assert _statements(world, record_id) == first
