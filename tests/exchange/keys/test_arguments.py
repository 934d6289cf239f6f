"""What confirms a team's key."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.arguments import read
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.arguments import ConfirmKey

SEEN = "0a" * 32


def test_what_was_seen_is_taken_as_the_page_holds_it() -> None:
    assert read(ConfirmKey(), {"seen": SEEN}) == {"seen": SEEN}


@pytest.mark.parametrize("raw", [{}, {"seen": ""}, {"seen": "  "}, {"seen": None}])
def test_a_missing_one_is_empty_and_so_no_keys(raw: dict[str, str | None]) -> None:
    assert read(ConfirmKey(), raw) == {"seen": ""}


def test_which_team_it_is_for_is_no_argument_of_the_form() -> None:
    with pytest.raises(Refused) as refused:
        read(ConfirmKey(), {"seen": SEEN, "team_id": "x"})
    assert refused.value.fields == {"team_id": "This is not asked here"}
