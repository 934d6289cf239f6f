"""Releases: an owner's sections sealed afresh under new keys, their digests signed, each naming the one before."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.answers import written_sections
from transition_exchange.exchange.records.revisions import OpenRevision, manifest_digest, open_revision
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import load
from transition_exchange.sealing import manifests
from transition_exchange.sealing.parts import digest
from transition_exchange.store.models import Ciphertext, Part, Record, Revision

VERSION = load("core/2027.1")


def _revisions(world: World, record_id: UUID, owner: str = "transition") -> list[Revision]:
    """What an owner released, oldest first."""
    with world.db.read() as session:
        return list(
            session.scalars(
                select(Revision)
                .where(Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0)
                .order_by(Revision.number)
            )
        )


def _manifest(world: World, revision: Revision) -> manifests.Manifest:
    team = {"transition": "Transition team", "school_safeguarding": "Safeguarding team"}[revision.owner]
    secret = world.school.teams[team].secret
    return manifests.Manifest.verify(
        revision.manifest or "", revision.signature or b"", secret.signing.public
    )


def _opened(world: World, record_id: UUID, actor: Actor, revision: Revision) -> OpenRevision:
    with world.db.read() as session:
        return open_revision(
            session,
            actor=actor,
            trust=trust_of(session, actor),
            record=session.get_one(Record, record_id),
            revision=revision,
        )


def test_a_release_is_signed_by_its_owners_team_and_says_what_it_is(world: World, sent: SentRecord) -> None:
    (revision,) = _revisions(world, sent.record_id)
    manifest = _manifest(world, revision)
    assert (manifest.area, manifest.record) == (str(world.area_id), str(sent.record_id))
    assert (manifest.revision, manifest.owner) == (str(revision.id), "transition")
    assert (manifest.number, manifest.previous, manifest.version) == (1, None, "core/2027.1")
    assert revision.team_key_id == world.school.teams["Transition team"].key_id
    assert revision.released_by == world.senco.principal_id


def test_its_manifest_names_the_digest_of_every_section_that_goes_into_a_pack(
    world: World, sent: SentRecord
) -> None:
    (revision,) = _revisions(world, sent.record_id)
    with world.db.read() as session:
        stored = {
            name: digest(body)
            for name, body in session.execute(
                select(Part.name, Ciphertext.body)
                .join(Ciphertext, Ciphertext.id == Part.id)
                .where(Part.revision_id == revision.id, Part.transfer_id.is_(None))
            )
        }
    assert _manifest(world, revision).parts == stored
    assert set(stored) == {
        section.name for section in written_sections(VERSION, "transition") if section.in_pack
    }


def test_versions_are_numbered_and_each_names_the_one_before(world: World, sent: SentRecord) -> None:
    for name in ("Mina", "Amy"):
        world.save(sent.record_id, {"known_as": {"preferred_name": name}})
        world.send(sent.record_id)
    revisions = _revisions(world, sent.record_id)
    chain = [_manifest(world, revision) for revision in revisions]
    assert [manifest.number for manifest in chain] == [1, 2, 3]
    assert [manifest.previous for manifest in chain] == [
        None,
        *(manifest_digest(revision) for revision in revisions[:-1]),
    ]


def test_the_owners_count_their_versions_apart(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.send(sent.record_id, owner="school_safeguarding")
    (safeguarding,) = _revisions(world, sent.record_id, "school_safeguarding")
    manifest = _manifest(world, safeguarding)
    assert (manifest.number, manifest.previous) == (1, None)
    assert set(manifest.parts) == {"safeguarding", "day_one_safety"}


def test_no_key_serves_two_versions_nor_the_draft(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    first, second = (
        set(_opened(world, sent.record_id, world.senco, revision).keys.values())
        for revision in _revisions(world, sent.record_id)
    )
    draft = set(open_draft(db=world.db, actor=world.senco, record_id=sent.record_id).keys.values())
    assert len(first) == len(second) > 20
    assert not first & second
    assert not (first | second) & draft


def test_a_documents_key_and_digests_go_along_unchanged(world: World) -> None:
    """It is encrypted once; several versions may grant its key."""
    record_id = world.add()
    world.fill(record_id)
    attachment_id = world.attach(record_id)
    for name in ("Mina", "Amy"):
        world.save(record_id, {"known_as": {"preferred_name": name}})
        world.send(record_id)
    revisions = _revisions(world, record_id)
    names = {f"attachment/{attachment_id}/{piece}" for piece in ("about", "content")}
    assert all(names <= set(_manifest(world, revision).parts) for revision in revisions)
    first, second = (_opened(world, record_id, world.senco, revision).keys for revision in revisions)
    assert {name: first[name] for name in names} == {name: second[name] for name in names}


def test_who_completed_it_and_when_is_written_into_it_and_not_into_the_draft(
    world: World, sent: SentRecord
) -> None:
    (revision,) = _revisions(world, sent.record_id)
    assurance = _opened(world, sent.record_id, world.senco, revision).answers["assurance"]
    assert assurance == {
        "completed_by": "Senco (we cannot check this name)",
        "completed_on": world.today.isoformat(),
        "completed_role": "Transition team",
        "version": "core/2027.1",
    }
    draft = open_draft(db=world.db, actor=world.senco, record_id=sent.record_id)
    assert draft.answers["assurance"] == {}


def test_what_is_not_asked_of_this_learner_is_released_empty(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    world.save(record_id, {"own_words": {"hopes": "To work with animals"}})
    world.save(record_id, {"sen": {"provision": "N"}})
    world.send(record_id)
    (revision,) = _revisions(world, record_id)
    answers = _opened(world, record_id, world.senco, revision).answers
    assert answers["own_words"] == {}
    assert "destinations" not in answers
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert draft.answers["own_words"], "it stays in the draft"


def test_its_owners_team_holds_a_grant_of_all_of_it_and_the_other_owner_none(
    world: World, sent: SentRecord
) -> None:
    (revision,) = _revisions(world, sent.record_id)
    opening = _opened(world, sent.record_id, world.senco, revision)
    assert set(opening.keys) == set(_manifest(world, revision).parts)
    with pytest.raises(NotFound):
        _opened(world, sent.record_id, world.safeguarding_lead, revision)


def test_an_unchanged_version_is_granted_again_and_not_released_again(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(record_id)
    assert [revision.number for revision in _revisions(world, record_id)] == [1]
