"""Somebody who can write to the database changes, swaps or replays a grant or a manifest: it is noticed.

A walk: it goes from sending to receiving.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.walks.tampering import flipped, released
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.sealing import manifests
from transition_exchange.sealing.keys import SigningKey, TeamSecret
from transition_exchange.sealing.manifests import Grant as Statement
from transition_exchange.store.models import Grant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def _grant(session: Session, world: World, transfer_id: UUID) -> Grant:
    team = world.college_support.teams[0]
    return session.scalars(
        select(Grant).where(Grant.transfer_id == transfer_id, Grant.grantee_team_id == team.id)
    ).one()


def _change_keyring(grant: Grant) -> None:
    grant.keyring = flipped(grant.keyring or b"")


def _change_signature(grant: Grant) -> None:
    grant.signature = flipped(grant.signature or b"")


def _change_time(grant: Grant) -> None:
    statement = json.loads(grant.statement or "")
    statement["granted_at"] = "2020-01-01T00:00:00.000000+00:00"
    grant.statement = json.dumps(statement, separators=(",", ":"), sort_keys=True)


def _sign_by_a_stranger(grant: Grant) -> None:
    read = json.loads(grant.statement or "")
    fields = {name: value for name, value in read.items() if name not in ("format", "kind")}
    grant.signature = Statement(**fields).sign(SigningKey.generate())


@pytest.mark.parametrize("change", [_change_keyring, _change_signature, _change_time, _sign_by_a_stranger])
def test_a_changed_grant_is_noticed(world: World, sent: SentRecord, change: Callable[[Grant], None]) -> None:
    with world.db.write() as session:
        change(_grant(session, world, sent.transfer_id))
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_grant_of_another_transfer_replayed_is_noticed(world: World, sent: SentRecord) -> None:
    other_id = world.add("Ben", "Stone")
    world.fill(other_id)
    world.send(other_id)
    with world.db.write() as session:
        mine = _grant(session, world, sent.transfer_id)
        other = _grant(session, world, world.transfer_of(other_id))
        mine.keyring, mine.statement, mine.signature = other.keyring, other.statement, other.signature
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


@pytest.mark.parametrize("column", ["manifest", "signature"])
def test_a_changed_manifest_is_noticed(world: World, sent: SentRecord, column: str) -> None:
    with world.db.write() as session:
        revision = released(session, sent.record_id)
        if column == "manifest":
            revision.manifest = (revision.manifest or "").replace('"number":1', '"number":9')
        else:
            revision.signature = flipped(revision.signature or b"")
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_manifest_of_an_earlier_version_replayed_is_noticed(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    with world.db.write() as session:
        old, new = released(session, sent.record_id, 1), released(session, sent.record_id, 2)
        new.manifest, new.signature = old.manifest, old.signature
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_team_that_borrows_anothers_grant_row_opens_nothing(world: World, sent: SentRecord) -> None:
    """Pointing learning support's grant at admissions in the database doesn't help: it was sealed to another key."""
    admissions = world.college_admissions.teams[0]
    with world.db.write() as session:
        mine = session.scalars(
            select(Grant).where(Grant.transfer_id == sent.transfer_id, Grant.grantee_team_id == admissions.id)
        ).one()
        session.delete(mine)
        session.flush()
        grant = _grant(session, world, sent.transfer_id)
        grant.grantee_team_id, grant.grantee_key_id = admissions.id, admissions.key_id
    with pytest.raises(Tampered):
        world.open(sent.transfer_id, world.college_admissions)


def test_a_member_without_the_key_opens_nothing(world: World, sent: SentRecord) -> None:
    team = replace(world.college_support.teams[0], secret=TeamSecret.generate())
    stranger = replace(world.college_support, teams=(team,))
    with pytest.raises(Tampered):
        world.open(sent.transfer_id, stranger)


def _rewritten_by(world: World, place: str, team: str, record_id: UUID, transfer_id: UUID) -> None:
    """Whoever can write to the database and is in some confirmed team signs manifest and grant anew as their own."""
    stranger = world.places[place].teams[team]
    with world.db.write() as session:
        revision, grant = released(session, record_id), _grant(session, world, transfer_id)
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
    world: World, sent: SentRecord, place: str, team: str
) -> None:
    """That a key is confirmed says whose it is, and not that its team may speak for this school."""
    _rewritten_by(world, place, team, sent.record_id, sent.transfer_id)
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)
