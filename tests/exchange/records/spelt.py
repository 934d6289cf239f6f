"""Names as people of many places write them, for tests that take any name."""

from __future__ import annotations

from hypothesis import strategies as st

LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "éÉàçñÑöüßẞłŁøØđĐðÐþÞæÆœŒıİşŞğřčŽåÅạễơƯħŋəƏɓƊ",
    "αβγΔσςΣΆήϊ",
    "абвгёЁйЙїЇґҐ",
    "王小明李龍龙",
    "ابتحمدعلكکيىیةهء\u064b\u064e\u0651",
    "কখমলরহয়ড়ািীুেো্ং",
    "कखगरामीु़्",
    "กขคาำิ่้",
    "김철수가각",
    "かがなカガ",
)
"""Alphabets; a name has one, as names have."""

JOINTS = (" ", "-", "'", "’", "‑", ". ", ", ", "  ")


@st.composite
def names_of_the_world(draw: st.DrawFn) -> str:
    """One to four words of one alphabet, joined by spaces, hyphens, apostrophes, full stops or commas."""
    word = st.text(draw(st.sampled_from(LETTERS)), min_size=1, max_size=7)
    name = draw(word)
    for _ in range(draw(st.integers(0, 3))):
        name += draw(st.sampled_from(JOINTS)) + draw(word)
    return name
