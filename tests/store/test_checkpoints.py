from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select, update

from tests.store.rows import organisation
from transition_exchange.store import checkpoints, events
from transition_exchange.store.chain import Head
from transition_exchange.store.checkpoints import BadCheckpoint
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, SignedHead

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
NOW = datetime(2027, 6, 3, 2, 0, 0, 123456, tzinfo=UTC)


def verify(signature: bytes, message: bytes) -> bool:
    try:
        KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


def grow(db: Database, *schools: object) -> None:
    with db.write() as session:
        for school in schools:
            events.append(session, organisation_id=school, kind="record.saved")  # type: ignore[arg-type]


def sign(db: Database, now: datetime = NOW) -> int:
    with db.write() as session:
        return checkpoints.sign_heads(session, KEY.sign, now=now)


def test_only_chains_that_grew_are_signed_again(db: Database) -> None:
    one, two = organisation(db, "One"), organisation(db, "Two")
    assert sign(db) == 0
    grow(db, one, two, one)
    assert sign(db) == 2
    assert sign(db, NOW + timedelta(days=1)) == 0
    grow(db, two)
    assert sign(db, NOW + timedelta(days=2)) == 1
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(SignedHead)) == 3
        heads = checkpoints.stored_heads(session, verify).signed
        assert sorted((head.organisation_id == two, head.seq) for head in heads) == [
            (False, 2),
            (True, 1),
            (True, 2),
        ]


def test_a_chain_signed_today_waits_until_tomorrow(db: Database) -> None:
    school = organisation(db)
    grow(db, school)
    sign(db)
    grow(db, school)
    with db.write() as session:
        assert not checkpoints.sign_heads(session, KEY.sign, now=NOW, unless_signed_since=NOW)
        later = NOW + timedelta(days=1)
        assert checkpoints.sign_heads(session, KEY.sign, now=later, unless_signed_since=later)


def test_a_checkpoint_holds_the_newest_head_of_each_and_reads_back(db: Database) -> None:
    one, two = organisation(db, "One"), organisation(db, "Two")
    for _ in range(2):
        grow(db, one, two)
        sign(db)
    with db.read() as session:
        text = checkpoints.export(session, PUBLIC, sign=KEY.sign, verify=verify, now=NOW)
        last = select(Event.organisation_id, Event.hash).where(Event.seq == 2)
        hashes: dict[UUID, str] = dict(session.execute(last).all())
        assert checkpoints.organisations(session, []) == sorted([one, two], key=str)
    checkpoint = checkpoints.parse(text)
    assert checkpoint.public_key == PUBLIC.hex()
    assert set(checkpoints.verified(checkpoint, verify)) == {Head(id, 2, hash) for id, hash in hashes.items()}


def test_a_head_that_somebody_else_signed_is_refused(db: Database) -> None:
    grow(db, organisation(db))
    sign(db)
    with db.write() as session:
        text = checkpoints.export(session, PUBLIC, sign=KEY.sign, verify=verify, now=NOW)
        session.execute(update(SignedHead).values(seq=7))
    with db.read() as session:
        heads = checkpoints.stored_heads(session, verify)
        assert ([head.seq for head in heads.unknown], heads.signed) == ([7], [])
    said = json.loads(text)
    said["heads"][0]["hash"] = "0" * 64
    with pytest.raises(BadCheckpoint, match="not right"):
        checkpoints.verified(checkpoints.parse(json.dumps(said)), verify)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format":"other"}', "null",
     '{"format":"transition-exchange checkpoint 1","public_key":"zz","heads":[]}',
     '{"format":"transition-exchange checkpoint 1","public_key":"00","heads":[{"seq":"1"}]}'],
)  # fmt: skip
def test_another_file_is_no_checkpoint(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        checkpoints.parse(text)
