"""What organisations are called: as the NEET group confirmed it, whatever rows say."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.exchange import other_names, seconding
from tests.exchange.team_rows import add_key, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.confirmed_names import (
    ConfirmedName,
    confirmed_names,
    names_with_earlier_ones,
)
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Organisation, Team, TeamChange, TeamKey


def names(world: World, *places: str, actor: Actor | None = None) -> dict[UUID, str]:
    """The names of some organisations as somebody trusts them."""
    actor = actor or world.senco
    with world.db.read() as session:
        return confirmed_names(
            session,
            trust=trust_of(session, actor),
            organisation_ids=[world.places[place].id for place in places],
        )


def rename(world: World, place: str, name: str) -> None:
    """Give the row of an organisation another name."""
    with world.db.write() as session:
        session.get_one(Organisation, world.places[place].id).name = name


def test_only_those_asked_for_are_named(world: World) -> None:
    assert names(world, "Northway College") == {world.college.id: "Northway College"}
    assert names(world) == {}


def test_the_row_does_not_count_where_a_team_is_confirmed(world: World) -> None:
    rename(world, "Northway College", "Somewhere Else")
    assert names(world, "Northway College") == {world.college.id: "Northway College"}


def test_whom_nobody_confirmed_has_no_name_here(world: World) -> None:
    world.place("Hilltop Training", kind="training_provider", receives=True)
    world.team("Hilltop Training", "Office", "admissions", confirmed=False)
    assert names(world, "Hilltop Training") == {}


def test_of_two_confirmations_the_newer_one_names_it(world: World) -> None:
    """The organisation has a new name, and one of its teams was confirmed again since."""
    rename(world, "Northway College", "Northway College Group")
    world.team("Northway College", "Second support team", "learning_support")
    assert names(world, "Northway College") == {world.college.id: "Northway College Group"}


def test_a_confirmation_that_no_trusted_neet_group_signed_names_nobody(world: World) -> None:
    rename(world, "Northway College", "Somewhere Else")
    team = world.college.teams["Exams office"]
    with world.db.write() as session:
        key = add_key(session, team.row.id, TeamSecret.generate(), version=2)
        confirm_key(session, key, world.school.teams["Transition team"])
    assert names(world, "Northway College") == {world.college.id: "Northway College"}
    stranger = replace(world.senco, teams=())
    assert names(world, "Northway College", actor=stranger) == {}


def test_the_own_organisation_is_called_as_the_session_holds_it(world: World) -> None:
    rename(world, "Ashdown School", "Somewhere Else")
    assert names(world, "Ashdown School") == {world.school.id: "Ashdown School"}


def test_teams_whose_rows_were_moved_away_still_name_it(world: World) -> None:
    rename(world, "Northway College", "Somewhere Else")
    with world.db.write() as session:
        for team in world.college.teams.values():
            session.get_one(Team, team.row.id).organisation_id = world.school.id
    assert names(world, "Northway College") == {world.college.id: "Northway College"}


def earlier(world: World, place: str) -> frozenset[str]:
    """The earlier names of an organisation as the SENCO trusts them."""
    with world.db.read() as session:
        found = names_with_earlier_ones(
            session,
            trust=trust_of(session, world.senco),
            organisation_ids=[world.places[place].id],
        )
    return found[world.places[place].id].earlier


def test_an_earlier_name_is_kept_with_the_change_that_replaced_it(world: World) -> None:
    assert earlier(world, "Riverside Boxing") == frozenset()
    other_names.rename(world, "Riverside Boxing", "Riverside", {"Riverside Boxing": "coach"})
    assert names(world, "Riverside Boxing") == {world.places["Riverside Boxing"].id: "Riverside"}
    assert earlier(world, "Riverside Boxing") == {"Riverside Boxing"}


def test_an_earlier_name_counts_only_as_the_council_signed_it(world: World) -> None:
    other_names.rename(world, "Riverside Boxing", "Riverside", {"Riverside Boxing": "coach"})
    with world.db.write() as session:
        change = session.query(TeamChange).one()
        assert change.confirmation is not None
        change.confirmation = change.confirmation.replace("Riverside Boxing", "Northway College")
    assert earlier(world, "Riverside Boxing") == frozenset()


def test_after_both_confirmations_of_a_change_the_one_before_is_kept_too(world: World) -> None:
    seconding.require(world, seconding.named(world.college.teams["Safeguarding"]))
    team = world.places["Riverside Boxing"].teams["Riverside Boxing"]
    with world.db.read() as session:
        before = session.get_one(TeamKey, team.key_id).confirmation
    other_names.rename(world, "Riverside Boxing", "Riverside", {"Riverside Boxing": "coach"})
    with world.db.read() as session:
        waiting = session.query(TeamChange).one().confirmation
        assert session.get_one(TeamKey, team.key_id).confirmation == before
    seconding.second(world, team, by=world.college_safeguarding)
    with world.db.read() as session:
        assert session.get_one(TeamKey, team.key_id).confirmation == waiting
        assert session.query(TeamChange).one().confirmation == before


@pytest.mark.parametrize(
    ("sealed", "differs"),
    [("Café  Ashdown ", False), ("Cafe\u0301 Ashdown", False), ("Cafe Ashdown", True), ("", True)],
)
def test_spaces_and_composition_are_no_difference(sealed: str, differs: bool) -> None:
    assert (ConfirmedName("Café Ashdown").unlike(sealed) is not None) is differs


def test_a_destination_without_a_name_is_told_apart_too() -> None:
    other = ConfirmedName("Northway College").unlike("")
    assert other is not None
    assert other.words == "The destination has no name, but the provider is confirmed as “Northway College”."
