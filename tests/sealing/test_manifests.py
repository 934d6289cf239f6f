"""Signed statements: any changed or swapped manifest or grant is noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import UnknownFormat, parts
from transition_exchange.sealing.encoding import canonical, framed
from transition_exchange.sealing.keys import BadSignature, SigningKey
from transition_exchange.sealing.manifests import Grant, Manifest

OWNER, OTHER = SigningKey.generate(), SigningKey.generate()
SEALED = b"a ciphertext"
MANIFEST = Manifest(
    area=uuid4(),
    record=uuid4(),
    revision=uuid4(),
    owner="transition",
    number=1,
    version="core/2027.1",
    released_at=datetime(2027, 6, 3, 9, 30, tzinfo=UTC),
    parts={"learner": parts.digest(SEALED), "sen": parts.digest(b"another")},
)
GRANT = Grant(
    manifest_digest=MANIFEST.digest(),
    record=MANIFEST.record,
    revision=MANIFEST.revision,
    transfer=None,
    recipient_fingerprint="ab" * 32,
    recipient_team=uuid4(),
    keyring_digest=parts.digest(b"a keyring"),
    granted_at=datetime(2027, 6, 3, 9, 30, tzinfo=UTC),
    parts={"destination": parts.digest(SEALED)},
)
STATEMENTS = pytest.mark.parametrize("statement", [MANIFEST, GRANT], ids=["manifest", "grant"])


@STATEMENTS
def test_a_statement_comes_back_from_its_text(statement: Manifest | Grant) -> None:
    assert type(statement).verify(statement.text(), statement.sign(OWNER), OWNER.public) == statement


@STATEMENTS
def test_a_statement_signed_by_somebody_else_is_refused(statement: Manifest | Grant) -> None:
    with pytest.raises(BadSignature):
        type(statement).verify(statement.text(), statement.sign(OTHER), OWNER.public)


@STATEMENTS
@given(data=st.data())
def test_any_changed_character_is_noticed(statement: Manifest | Grant, data: st.DataObject) -> None:
    text, signature = statement.text(), statement.sign(OWNER)
    place = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    instead = data.draw(st.characters(exclude_characters=text[place], codec="utf-8"))
    with pytest.raises(BadSignature):
        type(statement).verify(text[:place] + instead + text[place + 1 :], signature, OWNER.public)


@STATEMENTS
@given(data=st.data())
def test_any_flipped_bit_of_the_signature_is_noticed(
    statement: Manifest | Grant, data: st.DataObject
) -> None:
    signature = bytearray(statement.sign(OWNER))
    place = data.draw(st.integers(min_value=0, max_value=len(signature) * 8 - 1))
    signature[place // 8] ^= 1 << place % 8
    with pytest.raises(BadSignature):
        type(statement).verify(statement.text(), bytes(signature), OWNER.public)


def test_a_grant_never_passes_for_a_manifest() -> None:
    with pytest.raises(BadSignature):
        Manifest.verify(GRANT.text(), GRANT.sign(OWNER), OWNER.public)
    with pytest.raises(BadSignature):
        Grant.verify(MANIFEST.text(), MANIFEST.sign(OWNER), OWNER.public)


@pytest.mark.parametrize(
    "text",
    [
        MANIFEST.text() + " ",
        MANIFEST.text().replace(",", ", "),
        canonical({**json.loads(MANIFEST.text()), "more": 1}),
        canonical({name: value for name, value in json.loads(MANIFEST.text()).items() if name != "owner"}),
        "[]",
        "null",
        "not JSON",
        '{"format":1}',
    ],
)
def test_a_signed_text_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(BadSignature):
        Manifest.verify(text, OWNER.sign(framed("manifest", text)), OWNER.public)


def test_a_signed_statement_of_an_unknown_version_is_refused_by_name() -> None:
    text = canonical({**json.loads(MANIFEST.text()), "format": 2})
    with pytest.raises(UnknownFormat, match="manifest: 2"):
        Manifest.verify(text, OWNER.sign(framed("manifest", text)), OWNER.public)


@given(name=st.sampled_from(["area", "record", "revision", "owner", "version", "previous"]), value=st.text())
def test_manifests_that_differ_have_different_digests(name: str, value: str) -> None:
    changed: dict[str, Any] = {name: value}
    assert replace(MANIFEST, **changed).digest() != MANIFEST.digest()


def test_one_moment_is_written_one_way() -> None:
    at = datetime(2027, 6, 3, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert replace(MANIFEST, released_at=at) == MANIFEST
    with pytest.raises(ValueError, match="time zone"):
        replace(MANIFEST, released_at=datetime(2027, 6, 3, 10, 30))  # noqa: DTZ001 - what must be refused
