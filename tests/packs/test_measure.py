"""Widths are those of the bundled fonts, so that what is measured is what the page shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.packs.measure import lines, longest_word, width

WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=90)


def test_a_wide_letter_is_wider_than_a_narrow_one_and_bold_wider_than_regular() -> None:
    assert width("W", points=10) > 2 * width("i", points=10) > 0
    assert width("Wide words", points=10, bold=True) > width("Wide words", points=10)


@given(words=WORDS, more=WORDS)
def test_widths_add_up_and_grow_with_the_type(words: str, more: str) -> None:
    assert abs(width(words + more, points=10) - width(words, points=10) - width(more, points=10)) < 0.001
    assert abs(width(words, points=20) - 2 * width(words, points=10)) < 0.001


def test_a_character_that_the_font_lacks_takes_a_whole_em() -> None:
    assert width("漢", points=10) == 10
    assert width("W", points=10) < 11


def test_the_longest_word_is_the_widest_not_the_one_with_most_letters() -> None:
    assert longest_word("illicit WWWWW a", points=10) == width("WWWWW", points=10)
    assert longest_word("", points=10) == 0


def test_lines_are_counted_as_they_break() -> None:
    room = width("two words", points=10) + 0.1
    assert lines("two words", within=room, points=10) == 1
    assert lines("two words two words", within=room, points=10) == 2
    assert lines("", within=room, points=10) == 1
    assert lines("unbreakable" * 10, within=room, points=10) > 5
