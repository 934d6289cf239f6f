"""E-mail addresses are kept in one form, and nothing else passes for one."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.email_addresses import checked_email
from transition_exchange.exchange.errors import Refused


def test_an_address_is_kept_in_small_letters() -> None:
    assert checked_email(" Alex@School.Example ") == "alex@school.example"


def test_a_curly_apostrophe_becomes_straight() -> None:
    assert checked_email("mary.o\u2019neill@example.org") == "mary.o'neill@example.org"


@pytest.mark.parametrize("email", ["", "alex", "alex@", "@school.example", "alex@school example"])
def test_what_is_no_address_is_refused_with_an_example(email: str) -> None:
    with pytest.raises(Refused, match="Enter an e-mail address such as") as refused:
        checked_email(email)
    assert list(refused.value.fields) == ["email"]
