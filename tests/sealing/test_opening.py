"""Parts, keyrings, cards and messages open with their own key in their own place, and in no other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, UnknownFormat, hpke, keyrings, ledger, parts, personal
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.parts import PartName

PAIR, OTHER = KeyPair.generate(), KeyPair.generate()
KEY, OTHER_KEY = parts.new_key(), parts.new_key()
NAME = PartName("area", "record", "revision", "learner", "core/2027.1")


@dataclass(frozen=True)
class Kind:
    """One sealed format: how to seal a sample, open it, and open it wrongly."""

    what: str
    seal: Callable[[], bytes]
    open: Callable[[bytes], object]
    wrongly: tuple[Callable[[bytes], object], ...]

    @cached_property
    def sealed(self) -> bytes:
        """The sample, sealed once."""
        return self.seal()


RING = {"learner": KEY, "address": OTHER_KEY}
KINDS = [
    Kind(
        "part",
        lambda: parts.seal(KEY, NAME, b"answers"),
        lambda sealed: parts.open(KEY, NAME, sealed),
        (
            lambda sealed: parts.open(OTHER_KEY, NAME, sealed),
            lambda sealed: parts.open(KEY[:31], NAME, sealed),
            lambda sealed: parts.open(KEY, replace(NAME, part="address"), sealed),
        ),
    ),
    Kind(
        "keyring",
        lambda: keyrings.seal(PAIR.public, RING, use="record revision"),
        lambda sealed: keyrings.open(PAIR, sealed, use="record revision"),
        (
            lambda sealed: keyrings.open(OTHER, sealed, use="record revision"),
            lambda sealed: keyrings.open(PAIR, sealed, use="record another"),
            lambda sealed: hpke.open(PAIR, sealed, info="record revision"),
        ),
    ),
    Kind(
        "card",
        lambda: ledger.seal(KEY, "card", b"answers"),
        lambda sealed: ledger.open(KEY, "card", sealed),
        (
            lambda sealed: ledger.open(OTHER_KEY, "card", sealed),
            lambda sealed: ledger.open(KEY, "another", sealed),
        ),
    ),
    Kind(
        "personal secret",
        lambda: personal.seal(PAIR, b"answers", use="membership"),
        lambda sealed: personal.open(PAIR, sealed, use="membership"),
        (
            lambda sealed: personal.open(OTHER, sealed, use="membership"),
            lambda sealed: personal.open(PAIR, sealed, use="second factor"),
        ),
    ),
    Kind(
        "sealed message",
        lambda: hpke.seal(PAIR.public, b"answers", info="use"),
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


@EACH
def test_sealing_twice_never_gives_the_same_bytes(kind: Kind) -> None:
    assert kind.seal() != kind.seal()
