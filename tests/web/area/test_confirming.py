"""Confirming a team’s security number by telephone."""

from __future__ import annotations

from tests.exchange.walks.tampering import swap_key
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.models import Team, TeamKey


def test_a_number_is_compared_and_confirmed(coordinator: Visitor, world: World) -> None:
    world.place("New School", kind="school", sends=True)
    team = world.team("New School", "Transition", "transition", confirmed=False)
    path = f"/area/teams/{team.row.id}/number"
    page = coordinator.get(path)
    ring, read_out, *_ = page.texts("main ol li")
    assert ring.startswith("Ring New School.")
    assert "“You are Transition at New School. You do transition and SEND.”" in read_out
    assert page.one("#number") == spoken_fingerprint(team.secret.fingerprint)
    for seen in ("0" * 64, team.secret.fingerprint.hex(), ""):
        wrong = coordinator.post(path, {"seen": seen})
        assert (wrong.status, len(wrong.errors)) == (422, 1)
    done = coordinator.follow(coordinator.post(path, page.fields()))
    assert "Transition at New School is confirmed." in done.text
    confirmed = coordinator.get(path).text
    assert "Confirmed on" in confirmed
    assert "as Transition at New School, for transition and SEND" in confirmed


def test_the_numbers_of_the_organisation_are_read_out_and_what_follows_is_said(
    coordinator: Visitor, world: World
) -> None:
    """They decide whether its teams get the numbers of learners, so they are confirmed with the rest."""
    world.place(
        "Hill School",
        kind="school_with_sixth_form",
        sends=True,
        receives=True,
        ukprn="10009999",
        urn="123460",
    )
    sixth = world.team("Hill School", "Sixth form", "admissions", confirmed=False)
    path = f"/area/teams/{sixth.row.id}/number"
    page = coordinator.get(path)
    assert "Your UKPRN is 10009999. You are a school, and your URN is 123460.”" in page.texts("main ol li")[1]
    assert "Because of its UKPRN this team gets the unique learner number (ULN)" in page.text
    assert "Because it is a school it gets their unique pupil numbers (UPNs) too" in page.text
    coordinator.post(path, page.fields())
    assert "UKPRN 10009999, a school with the URN 123460" in coordinator.get(path).text
    writes = world.team("Hill School", "Office", "transition", confirmed=False)
    assert "unique learner number" not in coordinator.get(f"/area/teams/{writes.row.id}/number").text
    club = world.team("Riverside Boxing", "Coaches", "admissions", confirmed=False)
    page = coordinator.get(f"/area/teams/{club.row.id}/number")
    assert (
        "No UKPRN is stored for this organisation, so it gets no unique learner numbers (ULNs)." in page.text
    )
    assert "UKPRN is" not in page.texts("main ol li")[1]


def test_the_number_to_ring_is_not_taken_from_the_database(coordinator: Visitor, world: World) -> None:
    world.place("New School", kind="school", sends=True, phone="01632 960123", contact_name="Mx Mallory")
    team = world.team("New School", "Transition", "transition", confirmed=False)
    for path in (f"/area/teams/{team.row.id}/number", "/area/organisations"):
        page = coordinator.get(path)
        assert "on their website" in page.text
        for plain in ("Mallory", "01632"):
            assert plain not in page.source, path


def test_what_changed_while_the_coordinator_was_on_the_phone_is_not_confirmed(
    coordinator: Visitor, world: World
) -> None:
    """The number is the same as before; only whose it is has changed."""
    team = world.team("Ashdown School", "Second team", "transition", confirmed=False)
    path = f"/area/teams/{team.row.id}/number"
    page = coordinator.get(path)
    with world.db.write() as session:
        session.get_one(Team, team.row.id).organisation_id = world.college.id
    refused = coordinator.post(path, page.fields())
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert "has changed since this page was opened" in refused.text
    assert "You are Second team at Northway College." in refused.texts("main ol li")[1]
    with world.db.read() as session:
        assert session.get_one(TeamKey, team.key_id).confirmation is None


def test_a_team_that_was_confirmed_before_and_is_another_now_is_warned_of(
    coordinator: Visitor, world: World
) -> None:
    team = world.team("Ashdown School", "Second team", "transition", confirmed=False)
    path = f"/area/teams/{team.row.id}/number"
    page = coordinator.get(path)
    assert not page.texts(".govuk-warning-text")
    coordinator.post(path, page.fields())
    swap_key(world, team.key_id)
    page = coordinator.get(path)
    (warning,) = page.texts(".govuk-warning-text")
    assert "This team was confirmed before" in warning
    assert "Confirmed on" not in page.text


def test_only_the_neet_group_confirms(administrator: Visitor, world: World) -> None:
    team = world.team("Ashdown School", "Second team", "transition", confirmed=False)
    assert administrator.get(f"/area/teams/{team.row.id}/number").status == 403
    assert "Confirm by phone" not in administrator.get("/area/organisations").text


def test_a_number_that_is_another_because_somebody_left_is_told_from_a_forged_one(
    coordinator: Visitor, world: World
) -> None:
    world.place("New School", kind="school", sends=True)
    team = world.team("New School", "Transition", "transition", confirmed=False)
    path = f"/area/teams/{team.row.id}/number"
    coordinator.post(path, coordinator.get(path).fields())
    world.new_key("New School", "Transition", removed=[world.senco.principal_id])
    page = coordinator.get(path)
    assert "Somebody has left this team since you confirmed it on" in page.text
    assert "Ask who has left and who changed the key." in page.text
    assert "Its number, its name or its work has changed" not in page.text
