"""What a new organisation is made of, and what is refused."""

from __future__ import annotations

from transition_exchange.exchange.joining.new_organisations import default_teams


def test_an_eleven_to_eighteen_school_sends_and_receives() -> None:
    made = default_teams(kind="school_with_sixth_form", sends=True, receives=True)
    assert {purpose for team in made for purpose in team.purposes} == {
        "transition",
        "safeguarding",
        "admissions",
        "learning_support",
        "exams",
    }
    assert not next(team for team in made if "safeguarding" in team.purposes).joined_first


def test_one_person_s_community_organisation_has_one_team_for_everything() -> None:
    (team,) = default_teams(kind="community", sends=False, receives=True)
    assert team.purposes == {"admissions", "learning_support", "safeguarding", "exams"}
    assert team.joined_first
