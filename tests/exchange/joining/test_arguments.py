"""What it takes to invite: read with the words that a page says."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import read
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining.arguments import InviteOrganisation, InvitePerson, Join
from transition_exchange.exchange.joining.new_organisations import KINDS, NewOrganisation

SCHOOL = {
    "organisation": " Hill  Top School ",
    "kind": "school",
    "sends": "yes",
    "laestab": "372 4005",
    "phone": "01709 123456",
    "contact_name": "Robin Marsh",
    "name": "Robin Marsh",
    "email": "robin@hilltop.example",
}


def messages(raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        read(InviteOrganisation(), raw)
    return dict(refused.value.fields)


def test_an_organisation_comes_with_its_usual_teams() -> None:
    arguments = read(InviteOrganisation(), SCHOOL)
    organisation = arguments.pop("organisation")
    assert isinstance(organisation, NewOrganisation)
    assert (organisation.name, organisation.sends, organisation.receives) == ("Hill Top School", True, False)
    assert (organisation.laestab, organisation.phone, organisation.urn) == ("372/4005", "01709 123456", None)
    assert [team.name for team in organisation.teams] == ["SEND and transition", "Safeguarding"]
    assert arguments == {"name": "Robin Marsh", "email": "robin@hilltop.example"}


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert messages({}) == {
        "organisation": "Enter the organisation’s name",
        "kind": "Choose what kind of organisation it is",
        "sends": "Choose whether it sends records, receives them, or both",
    }


def test_numbers_are_checked_by_the_rules_of_the_form() -> None:
    wrong = messages(SCHOOL | {"urn": "1", "ukprn": "12", "laestab": "x", "phone": "1"})
    assert list(wrong) == ["urn", "ukprn", "laestab", "phone"]


def test_nobody_invites_a_second_council() -> None:
    assert messages(SCHOOL | {"kind": "council"}) == {"kind": "Choose what kind of organisation it is"}
    assert messages(SCHOOL | {"kind": "palace"}) == {"kind": "Choose what kind of organisation it is"}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"council"}))
def test_every_other_kind_can_be_invited(kind: str) -> None:
    assert read(InviteOrganisation(), SCHOOL | {"kind": kind})["organisation"].kind == kind


def test_a_person_joins_teams_by_their_ids() -> None:
    team = uuid4()
    raw = {"name": "Sam Okafor", "email": "sam@school.example", "teams": [str(team)], "administrator": "yes"}
    assert read(InvitePerson(), raw) == {
        "name": "Sam Okafor",
        "email": "sam@school.example",
        "team_ids": [team],
        "administrator": True,
        "seen": "",
    }
    with pytest.raises(NotFound):
        read(InvitePerson(), raw | {"teams": ["x"]})


def test_a_newcomers_secrets_stay_as_they_were_typed() -> None:
    raw = {"spoken_code": "One two-three ", "name": " Robin ", "passphrase": " harvest copper "}
    assert read(Join(), raw) == {
        "spoken_code": "One two-three ",
        "name": "Robin",
        "passphrase": " harvest copper ",
    }
