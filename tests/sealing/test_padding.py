"""What the size of something sealed shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import padding
from transition_exchange.sealing.errors import CannotOpen


@given(st.binary(max_size=5000))
def test_what_was_padded_comes_back(plaintext: bytes) -> None:
    assert padding.unpad(padding.pad(plaintext)) == plaintext
    assert padding.unpad(padding.pad_to_step(plaintext, 512)) == plaintext


@given(st.integers(min_value=0, max_value=40_000_000))
def test_padme_never_shrinks_and_adds_at_most_an_eighth(length: int) -> None:
    padded = padding.padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padding.padme(padded) == padded


@pytest.mark.parametrize(("length", "padded"), [(9, 10), (1000, 1024), (1025, 1088), (65_537, 67_584)])
def test_padme_gives_the_sizes_of_its_paper(length: int, padded: int) -> None:
    assert padding.padme(length) == padded


@given(st.binary(max_size=1020))
def test_an_empty_section_and_a_short_one_have_the_same_size(plaintext: bytes) -> None:
    assert len(padding.pad(plaintext)) == len(padding.pad(b"")) == padding.SMALLEST


@given(st.integers(min_value=0, max_value=1 << 20))
def test_a_part_s_size_takes_few_values(length: int) -> None:
    """Only its exponent and the top bits of its mantissa show."""
    size = max(padding.SMALLEST, padding.padme(4 + length))
    assert len(bin(size).rstrip("0")) - len("0b") <= 1 + size.bit_length().bit_length()


@pytest.mark.parametrize(
    "broken", [b"", b"\0\0", b"\0\0\0\5abc", b"\0\0\0\1a\0\0x", b"\xff\xff\xff\xff" + bytes(100)]
)
def test_what_was_not_padded_so_is_refused(broken: bytes) -> None:
    with pytest.raises(CannotOpen):
        padding.unpad(broken)
