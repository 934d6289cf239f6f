"""What a new organisation is made of, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.exchange.people import START
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.new_organisations import (
    NewCampus,
    NewOrganisation,
    NewTeam,
    default_teams,
    organisation_rows,
    require_sound,
)
from transition_exchange.store.models import ORGANISATION_KINDS


def test_an_eleven_to_eighteen_school_sends_and_receives() -> None:
    made = default_teams(kind="school_with_sixth_form", sends=True, receives=True)
    assert {purpose for team in made for purpose in team.purposes} == {
        "transition",
        "school_safeguarding",
        "safeguarding",
        "admissions",
        "learning_support",
        "exams",
    }
    safeguarding = [team for team in made if {"school_safeguarding", "safeguarding"} & team.purposes]
    assert [team.name for team in safeguarding] == ["Safeguarding", "Sixth form safeguarding"]
    assert not any(team.joined_first for team in safeguarding)


def test_one_person_s_community_organisation_has_one_team_for_everything() -> None:
    (team,) = default_teams(kind="community", sends=False, receives=True)
    assert team.purposes == {"admissions", "learning_support", "safeguarding", "exams"}
    assert team.joined_first


def test_a_school_is_joined_through_its_transition_team_and_a_college_through_admissions() -> None:
    for kind, sends, first in (
        ("school", True, "SEND and transition"),
        ("college_group", False, "Admissions"),
    ):
        made = default_teams(kind=kind, sends=sends, receives=not sends)
        assert [team.name for team in made if team.joined_first] == [first]
        assert "Safeguarding" in [team.name for team in made]


def test_the_usual_teams_of_every_kind_are_sound() -> None:
    for kind in ORGANISATION_KINDS:
        for sends, receives in ((True, False), (False, True), (True, True)):
            teams = default_teams(kind=kind, sends=sends, receives=receives)
            require_sound(NewOrganisation(name="X", kind=kind, sends=sends, receives=receives, teams=teams))


def test_an_organisation_becomes_rows_in_the_order_in_which_it_was_described() -> None:
    new = NewOrganisation(
        name=" Northway College ",
        kind="college_group",
        receives=True,
        ukprn="10001234",
        phone="01709 000000",
        contact_name="The office",
        teams=(
            NewTeam("Exams", frozenset({"exams"})),
            NewTeam(
                "Everybody", frozenset({"learning_support", "admissions"}), "all@x.example", joined_first=True
            ),
        ),
        campuses=(NewCampus("Town", "1 High Street", "S60 1AE"), NewCampus("Hill")),
    )
    area_id = uuid4()
    rows = organisation_rows(new, area_id, START)
    assert (rows.organisation.name, rows.organisation.area_id) == ("Northway College", area_id)
    assert (rows.organisation.ukprn, rows.organisation.receives, rows.organisation.sends) == (
        "10001234",
        True,
        False,
    )
    assert [(team.name, team.purposes) for team in rows.teams] == [
        ("Exams", ["exams"]),
        ("Everybody", ["admissions", "learning_support"]),
    ]
    assert rows.teams[0].created_at < rows.teams[1].created_at
    assert rows.first_teams == [rows.teams[1].id]
    assert [(campus.name, campus.postcode) for campus in rows.campuses] == [
        ("Town", "S60 1AE"),
        ("Hill", None),
    ]
    assert {team.organisation_id for team in rows.teams} == {rows.organisation.id}


@pytest.mark.parametrize(
    ("sends", "receives", "purposes"),
    [
        (True, False, {"admissions"}),
        (False, True, {"transition"}),
        (True, True, {"neet_group"}),
        (True, True, set()),
    ],
)
def test_a_team_does_nothing_that_its_organisation_does_not(
    sends: bool, receives: bool, purposes: set[str]
) -> None:
    team = NewTeam("Team", frozenset(purposes), joined_first=True)
    with pytest.raises(Refused) as refusal:
        require_sound(NewOrganisation(name="X", kind="school", sends=sends, receives=receives, teams=[team]))
    assert "teams" in refusal.value.fields


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_an_organisation_needs_a_name(name: str) -> None:
    teams = default_teams(kind="school", sends=True, receives=False)
    with pytest.raises(Refused) as refusal:
        require_sound(NewOrganisation(name=name, kind="school", sends=True, teams=teams))
    assert "organisation" in refusal.value.fields
