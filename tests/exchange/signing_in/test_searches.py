"""A search is sealed to the session in which it was made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.exchange.signing_in import searches
from transition_exchange.sealing.sessions import SessionToken


@given(text=st.text())
def test_what_was_searched_for_comes_back_in_the_same_session_only(text: str) -> None:
    cookie, other = SessionToken.new().cookie, SessionToken.new().cookie
    sealed = searches.seal(cookie=cookie, text=text)
    assert searches.unseal(cookie=cookie, sealed=sealed) == text
    assert searches.unseal(cookie=other, sealed=sealed) == ""


def test_without_a_session_nothing_is_kept_and_nothing_comes_back() -> None:
    assert searches.seal(cookie="", text="Khan") == ""
    assert searches.unseal(cookie=SessionToken.new().cookie, sealed="") == ""
    assert searches.unseal(cookie=SessionToken.new().cookie, sealed="not base64!") == ""
