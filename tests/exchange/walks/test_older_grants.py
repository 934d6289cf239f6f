"""Grants of a draft by a key that a leaver knows: no newer key signs them, whatever columns say that they are of."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.world import SentRecord, World
from tests.exchange.writing.late import pass_on
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import plaintext
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.renewing import releases
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sealing.manifests import Manifest
from transition_exchange.store.models import Grant, Record, Revision


def _draft_id(world: World, record_id: UUID) -> UUID:
    with world.db.read() as session:
        return session.scalars(
            select(Revision.id).where(
                Revision.record_id == record_id, Revision.owner == "transition", Revision.number == 0
            )
        ).one()


@pytest.mark.parametrize("to_older", [False, True])
@pytest.mark.parametrize("with_manifest", [False, True])
def test_what_an_older_key_granted_of_the_own_draft_is_not_signed_by_the_new_one(
    world: World, sent: SentRecord, to_older: bool, with_manifest: bool
) -> None:
    """A leaver seals the draft under keys of their own and calls it a version while releases are signed anew."""
    team = world.school.teams["Transition team"]
    older = team.opened
    draft_id = _draft_id(world, sent.record_id)
    world.new_key("Ashdown School", "Transition team")
    newest = team.opened
    with world.db.write() as session:
        binding = parts.binding_of(session.get_one(Record, sent.record_id), draft_id)
        sealed = []
        for name, row in parts.rows_of(session, revision_id=draft_id).items():
            if with_manifest and name == RESTING:
                continue  # no grant of a version may give this key
            part = parts.seal(binding=binding, name=name, plaintext=plaintext({}))
            parts.replace(session, {row.id: part.body})
            sealed.append(part)
        manifest = Manifest(
            area=binding.area,
            record=sent.record_id,
            revision=draft_id,
            owner="transition",
            number=99,
            version=binding.version,
            released_at=datetime.now(UTC),
            parts={part.name: part.digest for part in sealed},
        )
        session.execute(delete(Grant).where(Grant.revision_id == draft_id))
        session.add(
            grants.make(
                grantor=older,
                grantee=older.known if to_older else newest.known,
                record_id=sent.record_id,
                owner="transition",
                keys=parts.keys_of(sealed),
                digests={},
                now=datetime.now(UTC),
                revision_id=draft_id,
                manifest_digest=manifest.digest() if with_manifest else "",
                known_to=None if with_manifest else [(older if to_older else newest).known.fingerprint],
            )
        )
        draft = session.get_one(Revision, draft_id)
        draft.number = 99
        if with_manifest:
            draft.manifest, draft.signature = manifest.text(), manifest.sign(older.secret.signing)
            draft.team_key_id = older.key_id
    with world.db.read() as session:
        due = releases.due(session, actor=world.senco, trust=trust_of(session, world.senco))
    failed = releases.renew(db=world.db, actor=world.senco, ids=due, now=datetime.now(UTC))
    assert failed == (0 if with_manifest else 1)
    with world.db.write() as session:
        session.get_one(Revision, draft_id).number = 0
    if with_manifest:
        with pytest.raises(Tampered):
            open_draft(db=world.db, actor=world.senco, record_id=sent.record_id)
        return
    assert open_draft(db=world.db, actor=world.senco, record_id=sent.record_id).outdated
    with world.db.read() as session:
        (grant,) = session.scalars(select(Grant).where(Grant.revision_id == draft_id))
        assert grant.grantor_key_id == older.key_id


def test_nor_is_it_passed_on_to_another_team_that_writes_it(world: World, sent: SentRecord) -> None:
    """A grant by the other team's newest key would make the chosen keys last."""
    team = world.school.teams["Transition team"]
    older = team.opened
    draft_id = _draft_id(world, sent.record_id)
    world.new_key("Ashdown School", "Transition team")
    with world.db.write() as session:
        names = parts.rows_of(session, revision_id=draft_id)
        session.execute(delete(Grant).where(Grant.revision_id == draft_id))
        session.add(
            grants.make(
                grantor=older,
                grantee=team.opened.known,
                record_id=sent.record_id,
                owner="transition",
                keys={name: bytes([7]) * 32 for name in names},
                known_to=[team.opened.known.fingerprint],
                digests={},
                now=datetime.now(UTC),
                revision_id=draft_id,
            )
        )
    second = world.team("Ashdown School", "Second office", "transition")
    pass_on(world, world.senco)
    with world.db.read() as session:
        held = select(Grant.id).where(Grant.revision_id == draft_id, Grant.grantee_team_id == second.row.id)
        assert session.scalars(held).all() == []
