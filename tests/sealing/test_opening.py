"""Parts, keyrings, cards and messages open with their own key in their own place, and in no other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, UnknownFormat, hpke, keyrings, ledger, parts, personal
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.padding import SMALLEST, padme
from transition_exchange.sealing.parts import PartName

PAIR, OTHER = KeyPair.generate(), KeyPair.generate()
KEY, OTHER_KEY = parts.new_key(), parts.new_key()
NAME = PartName("area", "record", "revision", "learner", "core/2027.1")
TEXTS = st.binary(max_size=3000)
KEYS = st.dictionaries(st.text(max_size=40), st.binary(min_size=32, max_size=32), max_size=30)


@dataclass(frozen=True)
class Kind:
    """One sealed format: how to seal a sample, open it, and open it wrongly."""

    what: str
    sealed: bytes
    open: Callable[[bytes], object]
    wrongly: tuple[Callable[[bytes], object], ...]


RING = {"learner": KEY, "address": OTHER_KEY}
KINDS = [
    Kind(
        "part",
        parts.seal(KEY, NAME, b"answers"),
        lambda sealed: parts.open(KEY, NAME, sealed),
        (
            lambda sealed: parts.open(OTHER_KEY, NAME, sealed),
            lambda sealed: parts.open(KEY[:31], NAME, sealed),
            lambda sealed: parts.open(KEY, replace(NAME, part="address"), sealed),
        ),
    ),
    Kind(
        "keyring",
        keyrings.seal(PAIR.public, RING, use="record revision"),
        lambda sealed: keyrings.open(PAIR, sealed, use="record revision"),
        (
            lambda sealed: keyrings.open(OTHER, sealed, use="record revision"),
            lambda sealed: keyrings.open(PAIR, sealed, use="record another"),
            lambda sealed: hpke.open(PAIR, sealed, info="record revision"),
        ),
    ),
    Kind(
        "card",
        ledger.seal(KEY, "card", b"answers"),
        lambda sealed: ledger.open(KEY, "card", sealed),
        (
            lambda sealed: ledger.open(OTHER_KEY, "card", sealed),
            lambda sealed: ledger.open(KEY, "another", sealed),
        ),
    ),
    Kind(
        "personal secret",
        personal.seal(PAIR, b"answers", use="membership"),
        lambda sealed: personal.open(PAIR, sealed, use="membership"),
        (
            lambda sealed: personal.open(OTHER, sealed, use="membership"),
            lambda sealed: personal.open(PAIR, sealed, use="second factor"),
        ),
    ),
    Kind(
        "sealed message",
        hpke.seal(PAIR.public, b"answers", info="use"),
        lambda sealed: hpke.open(PAIR, sealed, info=b"use"),
        (
            lambda sealed: hpke.open(OTHER, sealed, info="use"),
            lambda sealed: hpke.open(PAIR, sealed, info="other"),
        ),
    ),
]
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.what)


@EACH
def test_another_key_or_place_opens_nothing(kind: Kind) -> None:
    assert kind.open(kind.sealed) in (b"answers", RING)
    for wrongly in kind.wrongly:
        with pytest.raises(CannotOpen):
            wrongly(kind.sealed)


@EACH
@given(data=st.data())
def test_any_flipped_bit_is_noticed(kind: Kind, data: st.DataObject) -> None:
    place = data.draw(st.integers(min_value=0, max_value=len(kind.sealed) * 8 - 1))
    changed = bytearray(kind.sealed)
    changed[place // 8] ^= 1 << place % 8
    with pytest.raises(CannotOpen):
        kind.open(bytes(changed))


@EACH
@given(data=st.data())
def test_anything_cut_off_or_added_is_noticed(kind: Kind, data: st.DataObject) -> None:
    end = data.draw(st.integers(min_value=0, max_value=len(kind.sealed) - 1))
    with pytest.raises(CannotOpen):
        kind.open(kind.sealed[:end])
    with pytest.raises(CannotOpen):
        kind.open(kind.sealed + data.draw(st.binary(min_size=1, max_size=20)))


@EACH
@given(rubbish=st.binary(max_size=3000))
def test_rubbish_opens_nothing(kind: Kind, rubbish: bytes) -> None:
    with pytest.raises(CannotOpen):
        kind.open(rubbish)


@EACH
def test_an_unknown_version_is_refused_by_name(kind: Kind) -> None:
    with pytest.raises(UnknownFormat, match="newer release"):
        kind.open(b"\x02" + kind.sealed[1:])


@given(st.sampled_from(["area", "record", "revision", "part", "version"]), st.text(max_size=60))
def test_a_part_opens_only_where_every_piece_of_its_name_is_right(piece: str, instead: str) -> None:
    sealed = parts.seal(KEY, NAME, b"answers")
    if instead == getattr(NAME, piece):
        return
    with pytest.raises(CannotOpen):
        parts.open(KEY, replace(NAME, **{piece: instead}), sealed)


PIECES = st.lists(st.text(max_size=8), min_size=5, max_size=5)


@given(PIECES, PIECES)
def test_no_two_names_are_bound_alike(one: list[str], other: list[str]) -> None:
    """Not even where the pieces of one, written together, read like those of the other."""
    assert (PartName(*one).bound() == PartName(*other).bound()) == (one == other)


@given(TEXTS)
def test_a_part_of_any_content_comes_back(plaintext: bytes) -> None:
    assert parts.open(KEY, NAME, parts.seal(KEY, NAME, plaintext)) == plaintext


@given(KEYS)
def test_a_keyring_of_any_names_comes_back(keys: dict[str, bytes]) -> None:
    assert keyrings.open(PAIR, keyrings.seal(PAIR.public, keys, use="x"), use="x") == keys


@given(TEXTS, TEXTS)
def test_sizes_show_the_class_only(one: bytes, other: bytes) -> None:
    same_class = max(SMALLEST, padme(4 + len(one))) == max(SMALLEST, padme(4 + len(other)))
    assert (len(parts.seal(KEY, NAME, one)) == len(parts.seal(KEY, NAME, other))) == same_class


def test_keyrings_of_few_and_of_many_sections_have_the_same_size() -> None:
    few = {"learner": KEY}
    many = {f"a_section_with_a_long_name_{number}": KEY for number in range(25)}
    assert len(keyrings.seal(PAIR.public, few, use="x")) == len(keyrings.seal(PAIR.public, many, use="x"))


@given(st.binary(max_size=1000), st.binary(max_size=1000))
def test_cards_of_usual_length_have_the_same_size(one: bytes, other: bytes) -> None:
    assert len(ledger.seal(KEY, "card", one)) == len(ledger.seal(KEY, "card", other))


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    assert parts.seal(KEY, NAME, b"answers") != parts.seal(KEY, NAME, b"answers")
    assert hpke.seal(PAIR.public, b"answers", info="x") != hpke.seal(PAIR.public, b"answers", info="x")


def test_a_keyring_takes_only_whole_keys() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        keyrings.seal(PAIR.public, {"learner": b"short"}, use="x")


def test_what_cannot_be_opened_says_nothing_of_its_content() -> None:
    sealed = parts.seal(KEY, NAME, b"a secret answer")
    with pytest.raises(CannotOpen) as refusal:
        parts.open(OTHER_KEY, NAME, sealed)
    assert "secret" not in repr(refusal.value)
    assert refusal.value.__cause__ is None
