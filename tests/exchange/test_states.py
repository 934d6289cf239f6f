"""Every state has its words on each side."""

from __future__ import annotations

from transition_exchange.exchange import states
from transition_exchange.exchange.coordinating import lines
from transition_exchange.exchange.receiving.inbox import MARKS
from transition_exchange.store.models import TRANSFER_STATES

COLOURS = {"grey", "green", "blue", "light-blue", "purple", "red", "orange", "yellow"}
"""The tags of the GOV.UK Design System that are used."""


def test_a_school_has_words_for_every_state_of_a_transfer() -> None:
    assert tuple(sorted(states.FOR_SCHOOL)) == tuple(sorted(TRANSFER_STATES))


def test_the_council_has_words_for_every_state_but_taken_back() -> None:
    assert {*states.FOR_COUNCIL, "recalled"} == set(TRANSFER_STATES)
    assert dict(lines.DELIVERIES) == states.FOR_COUNCIL


def test_an_inbox_shows_what_waits_for_the_team_first() -> None:
    assert MARKS == ("new", "changed", "answered", "queried", "opened", "acknowledged", "exported")


def test_every_form_has_a_state() -> None:
    assert [code for code, _ in lines.STATES] == [
        "complete",
        "incomplete",
        "not_started",
        "shares_less",
        "left",
        "moved",
    ]


def test_every_tag_has_words_and_a_colour_of_the_design_system() -> None:
    tags = [
        *states.FOR_SCHOOL.values(),
        *states.FOR_PROVIDER.values(),
        *states.FORMS.values(),
        states.NOT_SENT,
        states.NOT_CERTAIN,
        states.CHANGED,
        states.HELD_BACK,
    ]
    assert all(tag.words and tag.colour in COLOURS for tag in tags)


def test_what_is_taken_on_are_states_of_a_transfer() -> None:
    assert set(TRANSFER_STATES) > states.TAKEN_ON


def test_school_and_council_have_the_same_words_for_what_nobody_has_opened() -> None:
    for state in ("sent", "received"):
        assert states.FOR_SCHOOL[state].words == states.FOR_COUNCIL[state]
    assert set(TRANSFER_STATES) > states.LOOKED_AT


def test_the_council_tells_apart_what_was_opened_and_what_was_only_given_out() -> None:
    assert states.for_council("sent", given_out=False) == "Sent, not opened yet"
    assert states.for_council("sent", given_out=True) == "Downloaded in a table, not opened yet"
    assert states.for_council("received", given_out=True) == "Opened"
    assert states.for_council("recalled", given_out=False) == "recalled"
