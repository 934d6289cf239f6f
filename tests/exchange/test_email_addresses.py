"""E-mail addresses are kept in one form, and nothing else passes for one."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.email_addresses import checked_email, looked_up
from transition_exchange.exchange.errors import Refused


def test_an_address_is_kept_in_small_letters() -> None:
    assert checked_email(" Alex@School.Example ") == "alex@school.example"


@pytest.mark.parametrize(
    "typed", ["Mary.O’Neill@example.org", "mary.o‘neill@example.org", "mary.o'neill@example.org"]
)
def test_a_curled_apostrophe_is_straightened(typed: str) -> None:
    assert checked_email(typed) == looked_up(typed) == "mary.o'neill@example.org"


def test_a_domain_is_kept_as_every_mail_server_takes_it() -> None:
    assert checked_email("office@Schüle.example") == "office@xn--schle-mva.example"


def test_what_is_no_address_is_looked_up_as_it_was_typed() -> None:
    assert looked_up(" Alex ") == "alex"
    assert len(looked_up("a" * 100_000)) == 254


@pytest.mark.parametrize("email", ["", "alex", "alex@", "@school.example", "alex@school example"])
def test_what_is_no_address_is_refused_with_an_example(email: str) -> None:
    with pytest.raises(Refused, match="Enter an e-mail address such as") as refused:
        checked_email(email)
    assert list(refused.value.fields) == ["email"]
