"""Who a team is: written in one way only, and read back or refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.purposes import PLACES
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.identities import LONGEST_NAME, PURPOSES, TeamIdentity
from transition_exchange.sealing.keys import TeamSecret

TEAM = TeamIdentity(
    id=uuid4(),
    name="Office",
    organisation_id=uuid4(),
    organisation_name="Hill School",
    purposes=frozenset({"transition", "exams", "admissions"}),
)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=LONGEST_NAME).filter(str.strip)
IDENTITIES = st.builds(
    TeamIdentity,
    id=st.uuids(),
    name=NAMES,
    organisation_id=st.uuids(),
    organisation_name=NAMES,
    purposes=st.frozensets(st.sampled_from(sorted(PURPOSES)), min_size=1),
    ukprn=st.sampled_from(("", "10001234", "99999999")),
    school_urn=st.sampled_from(("", "123456", "000001")),
)


@given(identity=IDENTITIES)
def test_an_identity_comes_back_as_it_was(identity: TeamIdentity) -> None:
    assert TeamIdentity.from_plain(identity.plain()) == identity


@given(one=IDENTITIES, other=IDENTITIES)
def test_identities_that_differ_are_written_differently(one: TeamIdentity, other: TeamIdentity) -> None:
    assert (canonical(one.plain()) == canonical(other.plain())) == (one == other)


def test_purposes_are_written_sorted() -> None:
    assert TEAM.plain()["purposes"] == ["admissions", "exams", "transition"]


@pytest.mark.parametrize("missing", TEAM.plain())
def test_without_one_of_its_fields_it_is_refused(missing: str) -> None:
    plain = {name: value for name, value in TEAM.plain().items() if name != missing}
    with pytest.raises(CannotOpen):
        TeamIdentity.from_plain(plain)


@pytest.mark.parametrize(
    "wrong",
    [
        {"purposes": ["wizard"]},
        {"purposes": []},
        {"purposes": ["exams"], "formerly": ["wizard"]},
        {"name": " "},
        {"organisation_name": ""},
        {"name": "x" * 201},
        *(
            {"ukprn": wrong}
            for wrong in ("", "01234567", "1000123", "100012345", "1000123x", "１0001234", 10001234, None)
        ),
        *({"school_urn": wrong} for wrong in ("", "12345", "1234567", "12345x", 123456, None)),
    ],
)
def test_what_no_team_is_called_or_does_is_refused(wrong: dict[str, Any]) -> None:
    """A page could not say it, and it would stand in a membership for good."""
    with pytest.raises(CannotOpen):
        TeamIdentity.from_plain(TEAM.plain() | wrong)


@pytest.mark.parametrize(
    "wrong", [{"id": "office"}, {"id": 5}, {"organisation": None}, {"purposes": 5}, {"purposes": None}]
)
def test_a_field_of_another_kind_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CannotOpen):
        TeamIdentity.from_plain(TEAM.plain() | wrong)


@pytest.mark.parametrize("rubbish", [None, [], "team", 5])
def test_what_is_no_object_is_refused(rubbish: Any) -> None:
    with pytest.raises(CannotOpen):
        TeamIdentity.from_plain(rubbish)


def test_the_identity_of_a_team_with_keys_is_equal_to_one_without() -> None:
    opened = OpenTeam(**vars(TEAM), key_id=uuid4(), secret=TeamSecret.generate())
    assert opened.identity == TEAM == TEAM.identity
    assert type(opened.identity) is TeamIdentity


@pytest.mark.parametrize(
    ("numbers", "place"),
    [
        ({}, set()),
        ({"ukprn": "10001234"}, {"with_ukprn"}),
        ({"school_urn": "123456"}, {"school"}),
        ({"ukprn": "10001234", "school_urn": "123456"}, {"with_ukprn", "school"}),
    ],
)
def test_what_a_place_is_comes_from_the_numbers_and_a_change_keeps_them(
    numbers: dict[str, str], place: set[str]
) -> None:
    team = TeamIdentity.from_plain(TEAM.plain() | numbers)
    changed = team.changed(name="Another", organisation_name="Dale School", purposes={"exams"})
    assert team.place == changed.place == place <= PLACES.keys()
    assert team.plain() == TEAM.plain() | numbers
