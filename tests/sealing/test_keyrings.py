"""A keyring holds the part keys of one grant, and its size tells nothing of their number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen, UnknownFormat, hpke, keyrings, padding, parts
from transition_exchange.sealing.keys import KeyPair

PAIR = KeyPair.generate()
KEY = parts.new_key()
KEYS = st.dictionaries(st.text(max_size=40), st.binary(min_size=32, max_size=32), max_size=30)


@given(KEYS)
def test_a_keyring_of_any_names_comes_back(keys: dict[str, bytes]) -> None:
    assert keyrings.open(PAIR, keyrings.seal(PAIR.public, keys, use="x"), use="x") == keys


def test_keyrings_of_few_and_of_many_sections_have_the_same_size() -> None:
    few = {"learner": KEY}
    many = {f"a_section_with_a_long_name_{number}": KEY for number in range(25)}
    assert len(keyrings.seal(PAIR.public, few, use="x")) == len(keyrings.seal(PAIR.public, many, use="x"))


def test_a_keyring_takes_only_whole_keys() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        keyrings.seal(PAIR.public, {"learner": b"short"}, use="x")


def test_a_name_must_fit_its_length_of_two_bytes() -> None:
    with pytest.raises(ValueError, match="short names"):
        keyrings.seal(PAIR.public, {"x" * 0x10000: KEY}, use="x")


@pytest.mark.parametrize(
    "body",
    [
        b"\1\0\1",  # one key, and nothing follows
        b"\1\0\1\0\5sen" + KEY,  # a name shorter than its length says
        b"\1\0\1\0\1x" + KEY[:31],
        b"\1\0\1\0\1x" + KEY + b"more",
        b"\1\0\1\0\1\xff" + KEY,  # a name that is not UTF-8
    ],
    ids=["nothing follows", "short name", "short key", "more follows", "not UTF-8"],
)
def test_a_keyring_that_was_sealed_wrongly_is_refused(body: bytes) -> None:
    sealed = hpke.seal(PAIR.public, padding.pad_to_step(body, keyrings.STEP), info="keyring:x")
    with pytest.raises(CannotOpen):
        keyrings.open(PAIR, sealed, use="x")


def test_an_unknown_version_inside_the_message_is_refused_by_name() -> None:
    sealed = hpke.seal(PAIR.public, padding.pad_to_step(b"\2\0\0", keyrings.STEP), info="keyring:x")
    with pytest.raises(UnknownFormat, match="keyring: 2"):
        keyrings.open(PAIR, sealed, use="x")


@given(KEYS)
def test_what_a_team_keeps_of_a_keyring_comes_back(keys: dict[str, bytes]) -> None:
    assert keyrings.open_kept(KEY, keyrings.keep(KEY, keys, use="x"), use="x") == keys


def test_a_kept_keyring_opens_under_its_key_and_for_its_use_only() -> None:
    kept = keyrings.keep(KEY, {"learner": KEY}, use="x")
    for key, use, sealed in (
        (parts.new_key(), "x", kept),
        (KEY, "y", kept),
        (KEY, "x", kept[:-1] + bytes([kept[-1] ^ 1])),
    ):
        with pytest.raises(CannotOpen):
            keyrings.open_kept(key, sealed, use=use)
    with pytest.raises(UnknownFormat, match="kept keyring: 2"):
        keyrings.open_kept(KEY, b"\2" + kept[1:], use="x")


def test_kept_keyrings_of_few_and_of_many_sections_have_the_same_size() -> None:
    few, many = {"learner": KEY}, {f"a_section_with_a_long_name_{number}": KEY for number in range(25)}
    assert len(keyrings.keep(KEY, few, use="x")) == len(keyrings.keep(KEY, many, use="x"))
