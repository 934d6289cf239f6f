"""Founding an area: its council, and the first administrator's invitation."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.exchange.chains import kinds_of
from tests.exchange.people import MEMORY_KIB, START, Accounts
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import founding
from transition_exchange.exchange.joining.new_organisations import NewOrganisation
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Invitation, Organisation, OutboxMail
from transition_exchange.store.tokens import token_digest


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


def _found(db: Database, **changed: Any) -> founding.Founded:
    given: dict[str, Any] = {
        "area_name": "Ashdown",
        "council": founding.council_of("Ashdown Council"),
        "name": "Cora Council",
        "email": "Cora@Council.example",
        "now": START,
        "memory_kib": MEMORY_KIB,
    }
    return founding.found(db=db, **(given | changed))


def test_a_council_has_its_coordinating_teams_and_sends_the_home_educated() -> None:
    council = founding.council_of("Ashdown Council", la_code="372")
    purposes = {team.name: set(team.purposes) for team in council.teams}
    assert purposes == {
        "NEET group": {"neet_group"},
        "SEND team": {"send"},
        "Home education": {"transition"},
        "Safeguarding": {"school_safeguarding"},
    }
    assert [team.name for team in council.teams if team.joined_first] == ["NEET group"]
    assert (council.sends, council.receives, council.coordinates) == (True, False, True)
    alone = founding.council_of("Ashdown Council", home_education=False)
    assert [team.name for team in alone.teams] == ["NEET group", "SEND team"]
    assert not alone.sends


def test_what_is_founded_stands_as_it_was_named_and_the_link_as_a_digest(db: Database) -> None:
    founded = _found(db, la_code="372")
    with db.read() as session:
        area = session.get_one(Area, founded.area_id)
        invitation = session.get_one(Invitation, founded.invitation_id)
        organisation = session.get_one(Organisation, founded.organisation_id)
        mails = session.scalars(select(OutboxMail)).all()
    assert (area.name, area.la_code, area.sample) == ("Ashdown", "372", False)
    assert (organisation.name, organisation.kind, organisation.coordinates) == (
        "Ashdown Council",
        "council",
        True,
    )
    assert (invitation.email, invitation.administrator) == ("cora@council.example", True)
    assert invitation.link_digest == token_digest(founded.link_token)
    assert founded.spoken_code not in (invitation.bundle or "")
    assert mails == [], "the operator reads the link on the screen"
    for secret in (founded.link_token, founded.spoken_code):
        assert secret not in repr(founded)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "cora"}, "email"),
        ({"name": " "}, "name"),
        ({"council": NewOrganisation(name="Ashdown Council", kind="council", coordinates=True)}, "teams"),
    ],
    ids=["email", "name", "teams"],
)
def test_what_cannot_be_founds_nothing(db: Database, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        _found(db, **changed)
    assert field in refusal.value.fields
    with db.read() as session:
        assert session.scalars(select(Area.id)).all() == []


def test_a_council_needs_a_name() -> None:
    with pytest.raises(Refused):
        founding.council_of(" ")
