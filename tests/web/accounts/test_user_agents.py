"""A browser in a few fixed words, and never with a version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.web.accounts.user_agents import in_words

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        (f"{WINDOWS}) {CHROMIUM}", "Chrome on Windows"),
        (f"{WINDOWS}) {CHROMIUM} Edg/140.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROMIUM}", "Chrome on a Chromebook"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROMIUM} OPR/120.0.0.0", "Opera on Linux"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROMIUM}", "Chrome on Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Safari/605.1.15",
            "Safari on a Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome on an iPhone",
        ),
        ("curl/8.5.0", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_browser_and_its_system_in_words(user_agent: str, words: str) -> None:
    assert in_words(user_agent) == words


@given(st.text(max_size=300))
def test_nothing_that_a_browser_says_is_repeated(user_agent: str) -> None:
    words = in_words(user_agent)
    assert len(words) <= 60
    assert not any(character.isdigit() for character in words)
