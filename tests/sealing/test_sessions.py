"""Session tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.sessions import SessionToken


def test_a_cookie_opens_what_its_session_wrapped() -> None:
    token = SessionToken.new()
    wrapped = token.wrap(b"a seed", use="full")
    again = SessionToken.from_cookie(token.cookie)
    assert (again.id, again.unwrap(wrapped, use="full")) == (token.id, b"a seed")


def test_neither_the_id_nor_what_is_wrapped_opens_anything() -> None:
    token = SessionToken.new()
    wrapped = token.wrap(b"a seed", use="full")
    assert token.token not in wrapped
    assert token.token.hex() not in token.id
    with pytest.raises(CannotOpen):
        SessionToken(bytes.fromhex(token.id)).unwrap(wrapped, use="full")


def test_a_half_session_never_opens_as_a_full_one() -> None:
    token = SessionToken.new()
    with pytest.raises(CannotOpen):
        token.unwrap(token.wrap(b"a seed", use="code"), use="full")


def test_another_session_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        SessionToken.new().unwrap(SessionToken.new().wrap(b"a seed", use="full"), use="full")


@given(st.text(max_size=60))
def test_a_cookie_opens_as_itself_or_not_at_all(cookie: str) -> None:
    try:
        token = SessionToken.from_cookie(cookie)
    except CannotOpen:
        return
    assert token.cookie == cookie


@pytest.mark.parametrize("cookie", ["", "abc", "é" * 43, "A" * 44, "A" * 42, "A" * 42 + "B", "A" * 42 + "!A"])
def test_a_cookie_of_another_shape_is_refused(cookie: str) -> None:
    with pytest.raises(CannotOpen):
        SessionToken.from_cookie(cookie)


def test_the_token_does_not_show_when_printed() -> None:
    token = SessionToken.new()
    assert repr(token) == "SessionToken()"
