"""Learners who share a portrait do not share their own words."""

from __future__ import annotations

from collections import Counter

from tests.factories import all_text, everybody


def test_own_words_are_varied() -> None:
    pages = Counter(
        all_text(learner.answers["own_words"]) for learner in everybody() if "own_words" in learner.answers
    )
    assert max(pages.values()) <= 2
