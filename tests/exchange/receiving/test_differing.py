"""Row by row in tables, word by word in long texts."""

from __future__ import annotations

from typing import Any

from transition_exchange.exchange.receiving.differing import Words, rows_that_differ, words_that_differ
from transition_exchange.proforma import ShownItem, load, show

VERSION = load("core/2027.1")


def item(path: str, value: Any) -> ShownItem | None:
    """One answer as pages show it."""
    section, name = path.split(".")
    (shown,) = show(VERSION, {section: {name: value}}, [section], released=True)
    return next((one for one in shown.items if one.question.name == name), None)


def contacts(*names: str) -> ShownItem | None:
    return item("contacts.contacts", [{"name": name} for name in names])


def names(shown: ShownItem | None) -> list[str]:
    return [
        text for row in (shown.rows if shown else ()) for label, text in row.items if "name" in label.lower()
    ]


def test_only_the_rows_that_came_or_went_are_named_wherever_the_others_stand() -> None:
    before, after = rows_that_differ(contacts("Farah", "Omar", "Lena"), contacts("Omar", "Lena", "Ben"))
    assert (names(before), names(after)) == (["Farah"], ["Ben"])
    before, after = rows_that_differ(contacts("Farah"), contacts("Farah", "Omar"))
    assert before is None
    assert names(after) == ["Omar"]


def test_an_answer_that_came_or_went_whole_stays_whole() -> None:
    after = contacts("Farah", "Omar")
    assert rows_that_differ(None, after) == (None, after)
    assert rows_that_differ(after, None) == (after, None)


def test_a_long_text_is_compared_word_by_word() -> None:
    before = item("own_words.help_me", "Sit beside the door and keep the card.")
    after = item("own_words.help_me", "Sit beside the window and keep the red card.")
    assert words_that_differ(before, after) == (
        Words("same", "Sit beside the"),
        Words("gone", "door"),
        Words("new", "window"),
        Words("same", "and keep the"),
        Words("new", "red"),
        Words("same", "card."),
    )


def test_what_is_no_long_text_or_quite_another_is_shown_whole() -> None:
    one = item("own_words.help_me", "Sit beside the door.")
    other = item("own_words.help_me", "Loud rooms are hard for me.")
    assert words_that_differ(one, other) == ()
    assert words_that_differ(None, one) == ()
    assert (
        words_that_differ(item("known_as.preferred_name", "Mina"), item("known_as.preferred_name", "Mia"))
        == ()
    )
    assert (
        words_that_differ(item("own_words.help_me", "a " * 2500), item("own_words.help_me", "b " * 2500))
        == ()
    )
