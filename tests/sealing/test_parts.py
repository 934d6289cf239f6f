"""Parts open in their own place only, and show the class of their size only."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, parts
from transition_exchange.sealing.padding import ROOMY, SMALLEST, padme
from transition_exchange.sealing.parts import PartName

KEY, OTHER_KEY = parts.new_key(), parts.new_key()
NAME = PartName("area", "record", "revision", "learner", "core/2027.1")
TEXTS = st.binary(max_size=3000)
PIECES = st.lists(st.text(max_size=8), min_size=5, max_size=5)


@given(st.sampled_from(["area", "record", "revision", "part", "version"]), st.text(max_size=60))
def test_a_part_opens_only_where_every_piece_of_its_name_is_right(piece: str, instead: str) -> None:
    sealed = parts.seal(KEY, NAME, b"answers")
    if instead == getattr(NAME, piece):
        return
    with pytest.raises(CannotOpen):
        parts.open(KEY, replace(NAME, **{piece: instead}), sealed)


@given(PIECES, PIECES)
def test_no_two_names_are_bound_alike(one: list[str], other: list[str]) -> None:
    """Not even where the pieces of one, written together, read like those of the other."""
    assert (PartName(*one).bound() == PartName(*other).bound()) == (one == other)


@given(TEXTS)
def test_a_part_of_any_content_comes_back(plaintext: bytes) -> None:
    assert parts.open(KEY, NAME, parts.seal(KEY, NAME, plaintext)) == plaintext


@given(TEXTS, TEXTS)
def test_sizes_show_the_class_only(one: bytes, other: bytes) -> None:
    same_class = max(SMALLEST, padme(4 + len(one))) == max(SMALLEST, padme(4 + len(other)))
    assert (len(parts.seal(KEY, NAME, one)) == len(parts.seal(KEY, NAME, other))) == same_class


def test_what_cannot_be_opened_says_nothing_of_its_content() -> None:
    sealed = parts.seal(KEY, NAME, b"a secret answer")
    with pytest.raises(CannotOpen) as refusal:
        parts.open(OTHER_KEY, NAME, sealed)
    assert "secret" not in repr(refusal.value)
    assert refusal.value.__cause__ is None


def test_the_smallest_size_of_a_part_may_be_raised() -> None:
    little, much = (parts.seal(KEY, NAME, b"x" * length, least=ROOMY) for length in (1, 4000))
    assert len(little) == len(much) > ROOMY
    assert parts.open(KEY, NAME, little) == b"x"


def test_an_id_is_bound_alike_as_uuid_and_as_text() -> None:
    id = UUID(int=1)
    assert replace(NAME, record=id).bound() == replace(NAME, record=str(id)).bound()


def test_keys_are_random_and_32_bytes_long() -> None:
    keys = {parts.new_key() for _ in range(50)}
    assert len(keys) == 50
    assert {len(key) for key in keys} == {32}


@given(TEXTS, TEXTS)
def test_a_tag_tells_who_holds_the_key_whether_the_content_is_the_same(one: bytes, other: bytes) -> None:
    assert (parts.content_tag(KEY, NAME, one) == parts.content_tag(KEY, NAME, other)) == (one == other)
    assert parts.content_tag(KEY, NAME, one) != parts.content_tag(OTHER_KEY, NAME, one)
    elsewhere = replace(NAME, part="elsewhere")
    assert parts.content_tag(KEY, NAME, one) != parts.content_tag(KEY, elsewhere, one)


def test_a_digest_is_that_of_the_ciphertext() -> None:
    """FIPS 180-2, appendix B.1: SHA-256 of "abc"."""
    # pragma: allowlist nextline secret
    assert parts.digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
