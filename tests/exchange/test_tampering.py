"""Somebody who can write to the database changes, swaps or replays a piece of what was released: it is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.receiving import downloading, opening
from transition_exchange.proforma import Access, load
from transition_exchange.sealing.keys import SigningKey, TeamSecret
from transition_exchange.store.models import (
    Ciphertext,
    Grant,
    KeyPin,
    Organisation,
    Part,
    Revision,
    Team,
    TeamKey,
    Transfer,
)


@pytest.fixture
def sent(world: World) -> tuple[World, UUID, UUID]:
    """A record sent to the college: the world, the record and its transfer."""
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    return world, record_id, _transfer(world, record_id)


def _transfer(world: World, record_id: UUID) -> UUID:
    with world.db.read() as session:
        return session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)).one()


def _open(world: World, transfer_id: UUID, actor: Actor | None = None) -> opening.Received:
    return opening.open_transfer(db=world.db, actor=actor or world.college_support, transfer_id=transfer_id)


def _flipped(body: bytes, place: int = -1) -> bytes:
    changed = bytearray(body)
    changed[place] ^= 1
    return bytes(changed)


def _released(session: Session, record_id: UUID, number: int = 1) -> Revision:
    return session.scalars(
        select(Revision).where(
            Revision.record_id == record_id, Revision.owner == "transition", Revision.number == number
        )
    ).one()


def _part(session: Session, record_id: UUID, name: str, number: int = 1) -> Part:
    revision = _released(session, record_id, number)
    return session.scalars(
        select(Part).where(Part.revision_id == revision.id, Part.name == name, Part.transfer_id.is_(None))
    ).one()


def _grant(session: Session, world: World, transfer_id: UUID) -> Grant:
    team = world.college_support.teams[0]
    return session.scalars(
        select(Grant).where(Grant.transfer_id == transfer_id, Grant.grantee_team_id == team.id)
    ).one()


def test_an_untouched_pack_opens(sent: tuple[World, UUID, UUID]) -> None:
    world, _, transfer_id = sent
    assert _open(world, transfer_id).answers["learner"]["legal_surname"] == "Khan"


@pytest.mark.parametrize("name", ["learner", "contacts", "attendance", "health"])
def test_a_changed_part_is_noticed(sent: tuple[World, UUID, UUID], name: str) -> None:
    world, record_id, transfer_id = sent
    with world.db.write() as session:
        body = session.get_one(Ciphertext, _part(session, record_id, name).id)
        body.body = _flipped(body.body)
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_parts_of_two_sections_swapped_are_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, record_id, transfer_id = sent
    with world.db.write() as session:
        one = session.get_one(Ciphertext, _part(session, record_id, "learner").id)
        other = session.get_one(Ciphertext, _part(session, record_id, "contacts").id)
        one.body, other.body = other.body, one.body
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_a_part_of_another_learner_is_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, record_id, transfer_id = sent
    other_id = world.add("Ben", "Stone")
    world.fill(other_id)
    world.send(other_id)
    with world.db.write() as session:
        mine = session.get_one(Ciphertext, _part(session, record_id, "attendance").id)
        mine.body = session.get_one(Ciphertext, _part(session, other_id, "attendance").id).body
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_a_part_of_an_earlier_version_replayed_is_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, record_id, transfer_id = sent
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    with world.db.write() as session:
        new = session.get_one(Ciphertext, _part(session, record_id, "known_as", number=2).id)
        new.body = session.get_one(Ciphertext, _part(session, record_id, "known_as", number=1).id).body
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_a_removed_part_is_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, record_id, transfer_id = sent
    with world.db.write() as session:
        session.delete(_part(session, record_id, "attendance"))
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def _change_keyring(grant: Grant) -> None:
    grant.keyring = _flipped(grant.keyring or b"")


def _change_signature(grant: Grant) -> None:
    grant.signature = _flipped(grant.signature or b"")


def _change_time(grant: Grant) -> None:
    statement = json.loads(grant.statement or "")
    statement["granted_at"] = "2020-01-01T00:00:00.000000+00:00"
    grant.statement = json.dumps(statement, separators=(",", ":"), sort_keys=True)


def _sign_by_a_stranger(grant: Grant) -> None:
    from transition_exchange.sealing.manifests import Grant as Statement

    read = json.loads(grant.statement or "")
    fields = {name: value for name, value in read.items() if name not in ("format", "kind")}
    grant.signature = Statement(**fields).sign(SigningKey.generate())


@pytest.mark.parametrize("change", [_change_keyring, _change_signature, _change_time, _sign_by_a_stranger])
def test_a_changed_grant_is_noticed(sent: tuple[World, UUID, UUID], change: Callable[[Grant], None]) -> None:
    world, _, transfer_id = sent
    with world.db.write() as session:
        change(_grant(session, world, transfer_id))
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_a_grant_of_another_transfer_replayed_is_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, _, transfer_id = sent
    other_id = world.add("Ben", "Stone")
    world.fill(other_id)
    world.send(other_id)
    with world.db.write() as session:
        mine = _grant(session, world, transfer_id)
        other = _grant(session, world, _transfer(world, other_id))
        mine.keyring, mine.statement, mine.signature = other.keyring, other.statement, other.signature
    with pytest.raises(Tampered):
        _open(world, transfer_id)


@pytest.mark.parametrize("column", ["manifest", "signature"])
def test_a_changed_manifest_is_noticed(sent: tuple[World, UUID, UUID], column: str) -> None:
    world, record_id, transfer_id = sent
    with world.db.write() as session:
        revision = _released(session, record_id)
        if column == "manifest":
            revision.manifest = (revision.manifest or "").replace('"number":1', '"number":9')
        else:
            revision.signature = _flipped(revision.signature or b"")
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_a_manifest_of_an_earlier_version_replayed_is_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, record_id, transfer_id = sent
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    with world.db.write() as session:
        old, new = _released(session, record_id, 1), _released(session, record_id, 2)
        new.manifest, new.signature = old.manifest, old.signature
    with pytest.raises(Tampered):
        _open(world, transfer_id)


def test_a_pdf_swapped_for_the_other_teams_is_noticed(sent: tuple[World, UUID, UUID]) -> None:
    world, _, transfer_id = sent
    with world.db.write() as session:
        pdfs = session.scalars(
            select(Part)
            .where(Part.transfer_id == transfer_id, Part.name.startswith("pdf/"))
            .order_by(Part.name)
        ).all()
        assert len(pdfs) == 4
        first, second = (session.get_one(Ciphertext, part.id) for part in pdfs[1:3])
        first.body, second.body = second.body, first.body
    with pytest.raises(Tampered):
        downloading.download_pdf(db=world.db, actor=world.college_support, transfer_id=transfer_id)


def test_a_team_key_swapped_in_the_database_is_not_sealed_to(world: World) -> None:
    """A thief who writes their own key over a college team's gets nothing: the school's pins don't confirm it."""
    record_id = world.add()
    world.fill(record_id)
    thief = TeamSecret.generate()
    team = world.college.teams["Learning support"]
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == team.key_id)
            .values(kem_public=thief.kem.public, signing_public=thief.signing.public)
        )
    from transition_exchange.exchange.sending.planning import plan

    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=world.today)
    assert [each.state for each in planned.providers] == ["not_ready"]


def test_a_pin_swapped_in_the_database_makes_no_root(world: World) -> None:
    """A thief who confirms their own key and points the school's pin at it is not believed."""
    from transition_exchange.exchange.keys.readiness import believed_key
    from transition_exchange.exchange.keys.trust import trust_of
    from transition_exchange.sealing import confirmation

    thief, root = TeamSecret.generate(), TeamSecret.generate()
    team = world.college.teams["Learning support"]
    assert world.root is not None
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == world.root.key_id)
            .values(kem_public=root.kem.public, signing_public=root.signing.public)
        )
        session.execute(update(KeyPin).values(fingerprint=root.fingerprint.hex()))
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == team.key_id)
            .values(
                kem_public=thief.kem.public,
                signing_public=thief.signing.public,
                confirmation=confirmation.sign(
                    root.signing,
                    confirmation.Confirmed(
                        team=team.row.id,
                        organisation=world.college.id,
                        organisation_name=world.college.name,
                        purposes=team.row.purposes,
                        fingerprint=thief.fingerprint,
                    ),
                ),
            )
        )
    with world.db.read() as session:
        assert believed_key(session, trust_of(session, world.senco), team.row.id) is None


def _moved_in(session: Session, world: World) -> None:
    """A confirmed team of another provider, put into the college's place."""
    mine, theirs = (
        world.college.teams["Learning support"],
        world.places["Riverside Boxing"].teams["Riverside Boxing"],
    )
    session.execute(
        update(Team).where(Team.id == mine.row.id).values(organisation_id=world.places["Riverside Boxing"].id)
    )
    session.execute(update(Team).where(Team.id == theirs.row.id).values(organisation_id=world.college.id))


def _given_a_purpose(session: Session, world: World) -> None:
    team = world.college.teams["Exams office"]
    session.execute(update(Team).where(Team.id == team.row.id).values(purposes=["exams", "learning_support"]))


def _names_swapped(session: Session, world: World) -> None:
    session.execute(
        update(Organisation).where(Organisation.id == world.college.id).values(name="Riverside Boxing")
    )


@pytest.mark.parametrize("change", [_moved_in, _given_a_purpose, _names_swapped])
def test_a_team_made_into_another_than_was_confirmed_is_not_sealed_to(
    world: World, change: Callable[[Session, World], None]
) -> None:
    """Somebody in one confirmed team, who can write to the database, makes it the team of another college."""
    from transition_exchange.exchange.sending.planning import plan

    record_id = world.add()
    world.fill(record_id)
    with world.db.write() as session:
        change(session, world)
    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=world.today)
    assert [each.state for each in planned.providers] == ["not_ready"]


def test_each_team_gets_the_sections_of_its_audience_and_no_other(sent: tuple[World, UUID, UUID]) -> None:
    world, _, transfer_id = sent
    version = load("core/2027.1")
    for actor, purpose in (
        (world.college_admissions, "admissions"),
        (world.college_support, "learning_support"),
        (world.college_safeguarding, "safeguarding"),
        (world.college_exams, "exams"),
    ):
        received = _open(world, transfer_id, actor)
        allowed = {
            name
            for name in Access(version, frozenset({purpose})).sections
            if version.section(name).owner == "transition"
        }
        assert set(received.answers) == allowed
        opened = {name.split("/")[0] for name in received.openings["transition"].keys}
        assert opened - {"pdf", "data", "attachment"} == allowed


def test_a_team_that_borrows_anothers_grant_row_opens_nothing(sent: tuple[World, UUID, UUID]) -> None:
    """Pointing learning support's grant at admissions in the database doesn't help: it was sealed to another key."""
    world, _, transfer_id = sent
    admissions = world.college_admissions.teams[0]
    with world.db.write() as session:
        mine = session.scalars(
            select(Grant).where(Grant.transfer_id == transfer_id, Grant.grantee_team_id == admissions.id)
        ).one()
        session.delete(mine)
        session.flush()
        grant = _grant(session, world, transfer_id)
        grant.grantee_team_id, grant.grantee_key_id = admissions.id, admissions.key_id
    with pytest.raises(Tampered):
        _open(world, transfer_id, world.college_admissions)


def test_a_member_without_the_key_opens_nothing(sent: tuple[World, UUID, UUID]) -> None:
    world, _, transfer_id = sent
    team = replace(world.college_support.teams[0], secret=TeamSecret.generate())
    stranger = replace(world.college_support, teams=(team,))
    with pytest.raises(Tampered):
        _open(world, transfer_id, stranger)


def test_another_providers_transfer_looks_like_none(sent: tuple[World, UUID, UUID]) -> None:
    world, record_id, transfer_id = sent
    for missing in (transfer_id, record_id):
        with pytest.raises(NotFound) as caught:
            _open(world, missing, world.coach)
        assert caught.value.message == NotFound().message


def _rewritten_by(world: World, place: str, team: str, record_id: UUID, transfer_id: UUID) -> None:
    """Whoever can write to the database and is in some confirmed team signs manifest and grant anew as their own."""
    from transition_exchange.sealing import manifests

    stranger = world.places[place].teams[team]
    with world.db.write() as session:
        revision, grant = _released(session, record_id), _grant(session, world, transfer_id)
        read = json.loads(revision.manifest or "")
        fields = {name: value for name, value in read.items() if name not in ("format", "kind")}
        manifest = manifests.Manifest(**fields)
        revision.team_key_id, revision.signature = stranger.key_id, manifest.sign(stranger.secret.signing)
        read = json.loads(grant.statement or "")
        fields = {name: value for name, value in read.items() if name not in ("format", "kind")}
        statement = manifests.Grant(**fields)
        grant.grantor_team_id, grant.grantor_key_id = stranger.row.id, stranger.key_id
        grant.signature = statement.sign(stranger.secret.signing)


@pytest.mark.parametrize(
    ("place", "team"),
    [
        ("Beech Lane School", "Transition team"),
        ("Northway College", "Admissions"),
        ("Ashdown School", "Safeguarding team"),
    ],
)
def test_a_version_signed_by_another_confirmed_team_is_noticed(
    sent: tuple[World, UUID, UUID], place: str, team: str
) -> None:
    """That a key is confirmed says whose it is, and not that its team may speak for this school."""
    world, record_id, transfer_id = sent
    _rewritten_by(world, place, team, record_id, transfer_id)
    with pytest.raises(Tampered):
        _open(world, transfer_id)
