"""Somebody steals the database, the configuration and every file written: what do they read?

A walk: it goes through writing, sending, receiving and queries.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select

from tests.exchange.walks.unpacking import found_in, layers
from tests.exchange.walks.whole_records import sample, write
from tests.exchange.world import World, rendering
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving import inbox, opening
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import load
from transition_exchange.store.database import Database
from transition_exchange.store.models import Ciphertext

SHORTEST_SECRET = 4
"""Answers shorter than this, and codes, occur in any bytes by chance."""


def texts(value: Any) -> Iterator[str]:
    """Every text somebody typed, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def typed_secrets(world: World, record_ids: list[UUID]) -> set[str]:
    """What must be found nowhere: typed answers, names, dates of birth, identifiers; choices' codes apart."""
    codes = {"core/2027.1"}
    for question in load("core/2027.1").questions:
        for asked in (question, *question.rows):
            codes |= {code for code, _ in asked.choices}
    plain = {world.school.name, world.college.name, "3724001", "123456", str(world.college.id)}
    found: set[str] = set()
    for record_id in record_ids:
        for actor, owner in ((world.senco, "transition"), (world.safeguarding_lead, "school_safeguarding")):
            draft = open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner)
            found |= set(texts(draft.answers))
    return {text for text in found if len(text) >= SHORTEST_SECRET and text not in codes | plain}


def every_value(db: Database) -> Iterator[bytes]:
    """Every value of every column of every table, as bytes."""
    tables = MetaData()
    tables.reflect(db.engine)
    with db.read() as session:
        for table in tables.sorted_tables:
            for row in session.execute(select(table)):
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield bytes(value)
                    elif value is not None:
                        yield (value if isinstance(value, str) else json.dumps(value, default=str)).encode()


def stolen(db: Database, secrets: set[str]) -> set[str]:
    """Which secrets a thief reads in the database, unpacking whatever can be unpacked."""
    return set().union(*(found_in(value, secrets) for value in set(every_value(db))))


def deflated(content: bytes) -> bytes:
    """A stream without the mark of zlib or gzip at its beginning."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def stolen_keys(db: Database, keys: Iterable[bytes]) -> list[bytes]:
    """Which keys a thief finds in the database, as they are, in hexadecimal, in base64, or packed."""
    values = set(every_value(db))
    heap = b"\0".join(layer for value in values for layer in (value, *layers(value)))
    return [key for key in keys if key in heap]


@pytest.fixture
def told(world: World) -> tuple[World, list[UUID]]:
    """Two learners of whom everything is known, sent, opened and asked about."""
    ids = [write(world, sample("E")), write(world, sample("K"))]
    for record_id in ids:
        world.attach(record_id, kind="strategies", name="Zebrafinch strategies")
        world.save(
            record_id,
            {"safeguarding": {"file_exists": "yes", "lead_name": "Quintessa Harbottle", "status": ["CP"]}},
            owner="school_safeguarding",
        )
        world.send(record_id)
        world.send(record_id, owner="school_safeguarding")
    row = inbox.inbox(db=world.db, actor=world.college_support)[0]
    opening.open_transfer(db=world.db, actor=world.college_support, transfer_id=row.transfer_id)
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=row.transfer_id,
        text="Does the walrus still help?",
    )
    return world, ids


def test_no_answer_name_date_or_identifier_stands_in_any_column(told: tuple[World, list[UUID]]) -> None:
    world, ids = told
    secrets = typed_secrets(world, ids) | {"Zebrafinch", "walrus", "Quintessa"}
    assert len(secrets) > 100
    assert not stolen(world.db, secrets)


PACKS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "deflate": deflated,
    "base64": base64.b64encode,
    "hexadecimal": lambda content: content.hex().encode(),
}


def test_the_thief_finds_what_is_planted_packed_in_a_row(told: tuple[World, list[UUID]]) -> None:
    """Otherwise a thief who finds nothing would prove nothing."""
    world, _ = told
    names = {pack: f"Harbottle of {pack}" for pack in PACKS}
    keys = {pack: hashlib.sha256(pack.encode()).digest() for pack in PACKS}
    with world.db.write() as session:
        rows = session.scalars(select(Ciphertext).limit(2 * len(PACKS))).all()
        for position, (pack, wrapped) in enumerate(PACKS.items()):
            rows[2 * position].body = wrapped(f"{names[pack]} knows her since Year 7".encode())
            rows[2 * position + 1].body = wrapped(b"key: " + keys[pack] * 2)
    assert stolen(world.db, {*names.values(), "Zebrafinch"}) == set(names.values())
    assert stolen_keys(world.db, [*keys.values(), bytes(range(32))]) == list(keys.values())


def test_no_key_stands_in_any_column(told: tuple[World, list[UUID]]) -> None:
    world, ids = told
    keys = [
        seed
        for place in world.places.values()
        for team in place.teams.values()
        for seed in (team.secret.kem_seed, team.secret.signing_seed, team.secret.ledger_key)
    ]
    for record_id in ids:
        draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
        keys += draft.keys.values()
    assert len(keys) > 60
    assert not stolen_keys(world.db, keys)


def test_nothing_typed_reaches_a_file_while_a_pack_is_made(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary files, the working folder and the database's own files, after real PDFs were made."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(scratch)
    record_id = write(world, sample("E"))
    with rendering() as renderer:
        world.renderer = renderer
        world.send(record_id)
    secrets = typed_secrets(world, [record_id])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if not world.db.is_postgresql:
        assert files
    for path in files:
        assert not found_in(path.read_bytes(), secrets), path.name
