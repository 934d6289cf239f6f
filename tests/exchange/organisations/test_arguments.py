"""What changes a person's part in their organisation, and what its list of events is asked for."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.arguments import read, read_wanted
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.organisations.arguments import SetAdministrator, WantedActivity


@pytest.mark.parametrize(
    ("raw", "administrator"),
    [({"administrator": "yes"}, True), ({"administrator": True}, True), ({"administrator": "no"}, False)],
)
def test_an_administrator_is_made_by_a_tick(raw: dict[str, object], administrator: bool) -> None:
    assert read(SetAdministrator(), raw) == {"administrator": administrator}


@pytest.mark.parametrize("raw", [{}, {"administrator": ""}, {"administrator": None}])
def test_whoever_is_not_ticked_is_none(raw: dict[str, object]) -> None:
    assert read(SetAdministrator(), raw) == {"administrator": False}


def test_what_is_neither_yes_nor_no_makes_nobody_an_administrator() -> None:
    with pytest.raises(Refused) as refused:
        read(SetAdministrator(), {"administrator": "perhaps"})
    assert list(refused.value.fields) == ["administrator"]


def test_a_list_of_events_goes_on_where_the_page_before_ended() -> None:
    assert read_wanted(WantedActivity(), {"before": "41"}) == {"before": 41}


@pytest.mark.parametrize("raw", [{}, {"before": ""}, {"before": "yesterday"}, {"before": "4.5"}])
def test_otherwise_it_begins_with_the_newest(raw: dict[str, str]) -> None:
    assert read_wanted(WantedActivity(), raw) == {"before": None}
