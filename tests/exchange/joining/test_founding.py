"""Founding an area: its council, and the first administrator's invitation."""

from __future__ import annotations

from tests.exchange.chains import kinds_of
from tests.exchange.people import Accounts


def test_the_council_s_first_administrator_makes_the_neet_group_s_key(accounts: Accounts) -> None:
    cora = accounts.found()
    actor = accounts.actor(cora)
    assert actor.administrator
    assert [team.name for team in actor.teams] == ["NEET group"]
    assert kinds_of(accounts.db, actor.organisation_id) == [
        "area.founded",
        "person.joined",
        "key.published",
        "second_factor.begun",
        "second_factor.confirmed",
    ]
