"""The manifest of a released version: signed by its owner's team, and the one that the grant names."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import released_manifests
from transition_exchange.exchange.records.revisions import manifest_digest
from transition_exchange.sealing import manifests
from transition_exchange.sealing.parts import digest
from transition_exchange.store.models import Revision


def _manifest(world: World, sent: SentRecord, expected: str | None = None) -> manifests.Manifest:
    with world.db.read() as session:
        revision = session.scalars(
            select(Revision).where(
                Revision.record_id == sent.record_id, Revision.owner == "transition", Revision.number == 1
            )
        ).one()
        return released_manifests.manifest_of(
            session,
            trust=trust_of(session, world.college_support),
            revision=revision,
            expected_digest=manifest_digest(revision) if expected is None else expected,
        )


def test_a_manifest_names_the_revision_and_the_digest_of_every_part(world: World, sent: SentRecord) -> None:
    manifest = _manifest(world, sent)
    assert (manifest.record, manifest.owner, manifest.number) == (str(sent.record_id), "transition", 1)
    assert {"learner", "contacts", "health"} <= set(manifest.parts)


def test_a_manifest_that_the_grant_did_not_name_is_noticed(world: World, sent: SentRecord) -> None:
    for expected in ("", digest(b"another")):
        with pytest.raises(Tampered):
            _manifest(world, sent, expected)


@pytest.mark.parametrize(
    "stands_in",
    [
        {"number": 2},
        {"owner": "school_safeguarding"},
        {"id": uuid4()},
        {"team_key_id": None},
        {"manifest": None},
        {"signature": None},
    ],
    ids=lambda changed: str(next(iter(changed))),
)
def test_a_revision_that_is_not_what_its_manifest_says_is_noticed(
    world: World, sent: SentRecord, stands_in: dict[str, object]
) -> None:
    with world.db.read() as session:
        revision = session.scalars(
            select(Revision).where(Revision.record_id == sent.record_id, Revision.number == 1)
        ).one()
        expected = manifest_digest(revision)
        session.expunge(revision)
        for name, value in stands_in.items():
            setattr(revision, name, value)
        with pytest.raises(Tampered):
            released_manifests.manifest_of(
                session,
                trust=trust_of(session, world.college_support),
                revision=revision,
                expected_digest=expected,
            )


def test_a_manifest_signed_by_the_other_owners_team_is_noticed(world: World, sent: SentRecord) -> None:
    """The safeguarding team is of the school and believed, and may not speak for the transition team."""
    stranger = world.school.teams["Safeguarding team"]
    with world.db.write() as session:
        revision = session.scalars(
            select(Revision).where(Revision.record_id == sent.record_id, Revision.number == 1)
        ).one()
        read = json.loads(revision.manifest or "")
        manifest = manifests.Manifest(**{k: v for k, v in read.items() if k not in ("format", "kind")})
        revision.team_key_id, revision.signature = stranger.key_id, manifest.sign(stranger.secret.signing)
    with pytest.raises(Tampered):
        _manifest(world, sent)
