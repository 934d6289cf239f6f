"""What an error of sealing says, and what it never says."""

from __future__ import annotations

import pytest

from transition_exchange.sealing.errors import BadSignature, CannotOpen, UnknownFormat, WrongSecret


@pytest.mark.parametrize("error", [CannotOpen(), WrongSecret(), BadSignature(), UnknownFormat("part", 2)])
def test_an_error_says_in_words_what_happened(error: Exception) -> None:
    assert str(error).endswith(".")


def test_whoever_expects_that_something_does_not_open_need_know_no_more() -> None:
    assert issubclass(UnknownFormat, CannotOpen)
    assert issubclass(WrongSecret, CannotOpen)


@pytest.mark.parametrize("version", ["a secret answer", b"a secret", ["a secret"], None])
def test_what_stands_in_place_of_a_version_is_not_repeated(version: object) -> None:
    assert str(UnknownFormat("part", version)) == (
        "Unknown format version of a part: none that can be read. A newer release may have written it."
    )
