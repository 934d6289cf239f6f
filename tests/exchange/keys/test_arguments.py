"""What confirms a team's key."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.arguments import read
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.arguments import ConfirmKey


def test_a_fingerprint_is_taken_as_it_was_read_out() -> None:
    assert read(ConfirmKey(), {"fingerprint": "12345 67890"}) == {"fingerprint": "12345 67890"}


@pytest.mark.parametrize("raw", [{}, {"fingerprint": ""}, {"fingerprint": "  "}, {"fingerprint": None}])
def test_where_none_was_given_none_is_compared(raw: dict[str, str | None]) -> None:
    """Confirming refuses an empty one in its own words."""
    assert read(ConfirmKey(), raw) == {"fingerprint": ""}


def test_which_team_it_is_for_is_no_argument_of_the_form() -> None:
    with pytest.raises(Refused) as refused:
        read(ConfirmKey(), {"fingerprint": "12345 67890", "team_id": "x"})
    assert refused.value.fields == {"team_id": "This is not asked here"}
