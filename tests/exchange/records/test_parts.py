"""Sealed pieces: each opens in its own place only, and its row says nothing of it but a class of size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.parts import Binding
from transition_exchange.sealing import padding
from transition_exchange.store.models import Ciphertext, Part, Record, Revision

PLACE = Binding(area=uuid4(), record=uuid4(), revision=uuid4(), version="core/2027.1")


def test_a_part_opens_in_its_place_with_its_key() -> None:
    sealed = parts.seal(binding=PLACE, name="needs", plaintext=b"dyslexia")
    assert parts.open_part(binding=PLACE, name="needs", key=sealed.key, body=sealed.body) == b"dyslexia"
    assert b"dyslexia" not in sealed.body
    assert sealed.digest == parts.digest(sealed.body)


@pytest.mark.parametrize(
    "elsewhere",
    [{"area": uuid4()}, {"record": uuid4()}, {"revision": uuid4()}, {"version": "core/2026.1"}],
    ids=lambda changed: str(next(iter(changed))),
)
def test_it_opens_in_no_other_place(elsewhere: dict[str, Any]) -> None:
    sealed = parts.seal(binding=PLACE, name="needs", plaintext=b"dyslexia")
    with pytest.raises(Tampered):
        parts.open_part(binding=replace(PLACE, **elsewhere), name="needs", key=sealed.key, body=sealed.body)


def test_it_opens_under_no_other_name_with_no_other_key_and_not_changed() -> None:
    sealed = parts.seal(binding=PLACE, name="needs", plaintext=b"dyslexia")
    changed = sealed.body[:-1] + bytes([sealed.body[-1] ^ 1])
    for name, key, body in (
        ("health", sealed.key, sealed.body),
        ("needs", parts.seal(binding=PLACE, name="needs", plaintext=b"").key, sealed.body),
        ("needs", sealed.key, changed),
        ("needs", sealed.key, b""),
    ):
        with pytest.raises(Tampered):
            parts.open_part(binding=PLACE, name=name, key=key, body=body)


def test_each_sealing_makes_a_key_of_its_own_and_each_resealing_other_bytes() -> None:
    one, other = (parts.seal(binding=PLACE, name="needs", plaintext=b"dyslexia") for _ in range(2))
    assert one.key != other.key
    again = parts.reseal(binding=PLACE, name="needs", key=one.key, plaintext=b"dyscalculia")
    assert again != parts.reseal(binding=PLACE, name="needs", key=one.key, plaintext=b"dyscalculia")
    assert parts.open_part(binding=PLACE, name="needs", key=one.key, body=again) == b"dyscalculia"


def test_a_key_shows_in_no_repr() -> None:
    sealed = parts.seal(binding=PLACE, name="needs", plaintext=b"dyslexia")
    assert repr(sealed.key) not in repr(sealed)
    assert "key=" not in repr(sealed)


def test_size_shows_the_class_only() -> None:
    sizes = {
        len(parts.seal(binding=PLACE, name="needs", plaintext=b"x" * length).body) for length in (0, 1, 900)
    }
    assert len(sizes) == 1
    roomy = {
        len(parts.seal(binding=PLACE, name="needs", plaintext=b"x" * length, least=padding.ROOMY).body)
        for length in (0, 900, 3000)
    }
    assert len(roomy) == 1
    assert min(roomy) > max(sizes)


def test_a_content_tag_says_that_nothing_changed_to_whoever_has_the_key_alone() -> None:
    key, other = bytes(32), bytes([1]) * 32
    tags = [
        parts.content_tag(one, binding=PLACE, name=name, plaintext=plaintext)
        for one, name, plaintext in (
            (key, "needs", b"dyslexia"),
            (key, "needs", b"dyscalculia"),
            (key, "results", b"dyslexia"),
            (other, "needs", b"dyslexia"),
        )
    ]
    assert len(set(tags)) == 4
    assert tags[0] == parts.content_tag(key, binding=PLACE, name="needs", plaintext=b"dyslexia")


def _draft(world: World, record_id: UUID) -> UUID:
    with world.db.read() as session:
        return session.scalars(
            select(Revision.id).where(
                Revision.record_id == record_id, Revision.owner == "school_safeguarding"
            )
        ).one()


def test_what_is_stored_comes_back_by_name_with_its_digest_and_size(world: World) -> None:
    record_id = world.add()
    with world.db.write() as session:
        record = session.get_one(Record, record_id)
        revision = Revision(id=uuid4(), record_id=record_id, owner="transition", number=7)
        session.add(revision)
        session.flush()
        place = parts.binding_of(record, revision.id)
        sealed = [
            parts.seal(binding=place, name=name, plaintext=name.encode()) for name in ("needs", "health")
        ]
        for part in sealed:
            part.store(session, record_id=record_id, revision_id=revision.id)
    keys = parts.keys_of(sealed)
    with world.db.read() as session:
        rows = parts.rows_of(session, revision_id=revision.id)
        assert set(rows) == set(keys) == {"needs", "health"}
        for part in sealed:
            row = rows[part.name]
            assert (row.digest, row.size) == (part.digest, len(part.body))
            body = session.get_one(Ciphertext, row.id).body
            assert (
                parts.open_part(binding=place, name=part.name, key=keys[part.name], body=body)
                == part.name.encode()
            )


def test_rows_of_a_transfer_are_apart_from_the_revisions_own(world: World) -> None:
    sent = world.sent()
    with world.db.read() as session:
        revision = session.scalars(
            select(Revision).where(Revision.record_id == sent.record_id, Revision.number == 1)
        ).one()
        own = parts.rows_of(session, revision_id=revision.id)
        transferred = parts.rows_of(session, revision_id=revision.id, transfer_id=sent.transfer_id)
    assert "learner" in own
    assert not any(name.startswith(("pdf/", "data/", "destination/")) for name in own)
    assert all(str(sent.transfer_id) in name for name in transferred)


def test_a_replaced_part_has_a_new_tag_digest_and_body_and_its_old_time(world: World) -> None:
    record_id = world.add()
    revision_id = _draft(world, record_id)
    with world.db.read() as session:
        before = parts.rows_of(session, revision_id=revision_id)["safeguarding"]
    with world.db.write() as session:
        parts.replace(session, {before.id: b"another"})
    with world.db.read() as session:
        after = session.get_one(Part, before.id)
        assert session.get_one(Ciphertext, before.id).body == b"another"
    assert after.tag != before.tag
    assert (after.digest, after.size) == (parts.digest(b"another"), len(b"another"))
    assert after.stored_at == before.stored_at, "when a section was written would tell who has a plan"


def test_the_tags_of_a_draft_are_read_under_a_lock_by_name(world: World) -> None:
    revision_id = _draft(world, world.add())
    with world.db.write() as session:
        tags = parts.locked_tags(session, revision_id)
        rows = parts.rows_of(session, revision_id=revision_id)
    assert tags == {name: row.tag for name, row in rows.items()}
    assert len(set(tags.values())) == len(tags) == 3


def test_a_part_that_was_made_for_some_purposes_names_them() -> None:
    word = parts.readers_word({"exams", "admissions"})
    assert parts.readers_in(f"pdf/{uuid4()}/{word}") == {"exams", "admissions"}
