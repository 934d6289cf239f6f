"""What a team keeps of a keyring: its own members open it, in its own place, and a withdrawn grant keeps nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.records.granted import KEYS, NOW, Granted, granted_by
from tests.exchange.world import World
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records.kept_keyrings import keep, keeping_use, opened_with, withdraw
from transition_exchange.sealing import keyrings, manifests
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Grant


@pytest.fixture
def granted(world: World) -> Granted:
    """A grant to the college's learning support, whose key has been changed since."""
    granted = granted_by(world)
    world.new_key("Northway College", "Learning support")
    return granted


def _team(granted: Granted) -> OpenTeam:
    return granted.world.college_support.teams[0]


def _keep(granted: Granted) -> bool:
    opened = granted.open(granted.world.college_support)
    assert opened is not None
    with granted.world.db.write() as session:
        return keep(
            session,
            team=_team(granted),
            grant_id=granted.grant_id,
            keys=opened.keys,
            use=opened.kept_use,
        )


def _row(granted: Granted) -> Grant:
    with granted.world.db.read() as session:
        return session.get_one(Grant, granted.grant_id)


def test_it_gives_the_same_keys_under_the_new_key_alone(granted: Granted) -> None:
    before = granted.open(granted.world.college_support)
    assert _keep(granted)
    team = _team(granted)
    newest = replace(granted.world.college_support, teams=(replace(team, older={}),))
    assert granted.open(newest) == before
    assert before is not None
    assert before.keys == KEYS
    row = _row(granted)
    assert (row.keyring, row.kept_key_id) == (None, team.key_id)
    (older_id, older) = next(iter(team.older.items()))
    leaver = replace(team, key_id=older_id, secret=older.secret, older={})
    assert granted.open(replace(newest, teams=(leaver,))) is None


def test_it_is_kept_once(granted: Granted) -> None:
    assert _keep(granted)
    first = _row(granted).kept
    assert not _keep(granted)
    assert _row(granted).kept == first


def test_it_is_found_by_the_key_that_opens_it_now(granted: Granted) -> None:
    team = _team(granted)

    def found(*key_ids: object) -> bool:
        with granted.world.db.read() as session:
            query = select(Grant.id).where(Grant.id == granted.grant_id, opened_with(list(key_ids)))  # type: ignore[arg-type]
            return session.scalar(query) is not None

    assert (found(*team.older), found(team.key_id), found()) == (True, False, False)
    assert _keep(granted)
    assert (found(*team.older), found(team.key_id), found(uuid4())) == (False, True, False)


def test_what_was_withdrawn_is_kept_for_nobody(granted: Granted) -> None:
    opened = granted.open(granted.world.college_support)
    assert opened is not None
    assert _keep(granted)
    with granted.world.db.write() as session:
        withdraw(session, Grant.id == granted.grant_id, now=NOW)
    row = _row(granted)
    assert (row.keyring, row.kept, row.kept_key_id, row.withdrawn_at) == (None, None, None, NOW)
    assert granted.open(granted.world.college_support) is None
    with granted.world.db.write() as session:
        assert not keep(session, team=_team(granted), grant_id=row.id, keys=opened.keys, use=opened.kept_use)
    assert _row(granted).kept is None


@pytest.mark.parametrize(
    "field",
    ["record", "revision", "transfer", "recipient_team", "recipient_fingerprint", "keyring_digest"],
)
def test_whatever_a_grantor_says_otherwise_of_a_kept_keyring_is_noticed(granted: Granted, field: str) -> None:
    """Even a grantor who really signs it: what was kept is bound to everything that says which keyring it was."""
    assert _keep(granted)
    senco = granted.world.senco.teams[0]
    row = _row(granted)
    said = manifests.Grant.verify(row.statement or "", row.signature or b"", senco.secret.signing.public)
    other = replace(said, **{field: str(uuid4())})  # type: ignore[arg-type]
    assert keeping_use(row.id, other) != keeping_use(row.id, said)
    with granted.world.db.write() as session:
        changed = session.get_one(Grant, granted.grant_id)
        changed.statement, changed.signature = other.text(), other.sign(senco.secret.signing)
    with pytest.raises(Tampered):
        granted.open(granted.world.college_support)


@pytest.mark.parametrize("others", [False, True])
def test_what_somebody_who_left_keeps_in_its_place_is_noticed(granted: Granted, others: bool) -> None:
    """They know the older key, and could leave sections out or choose their keys."""
    assert _keep(granted)
    opened = granted.open(granted.world.college_support)
    assert opened is not None
    ((older_id, older),) = _team(granted).older.items()
    keys = dict.fromkeys(KEYS, bytes(32)) if others else {}
    for kept_keys, right in ((KEYS, True), (keys, False)):
        with granted.world.db.write() as session:
            row = session.get_one(Grant, granted.grant_id)
            row.kept = keyrings.keep(older.secret.kept_key, kept_keys, use=opened.kept_use)
            row.kept_key_id = older_id
        if right:
            assert granted.open(granted.world.college_support) == opened
        else:
            with pytest.raises(Tampered):
                granted.open(granted.world.college_support)


def test_only_the_teams_own_secret_makes_one_that_opens(granted: Granted) -> None:
    """A key that anybody can seal to would let whoever writes to the database choose the part keys."""
    assert _keep(granted)
    opened = granted.open(granted.world.college_support)
    assert opened is not None
    (older,) = _team(granted).older.values()
    for secret in (older.secret, TeamSecret.generate()):
        with granted.world.db.write() as session:
            row = session.get_one(Grant, granted.grant_id)
            row.kept = keyrings.keep(secret.kept_key, KEYS, use=opened.kept_use)
        with pytest.raises(Tampered):
            granted.open(granted.world.college_support)
