"""Why a team is not ready is said with whom to ring: its own organisation, or the council where that has to act."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.keys.not_ready import NotReady, in_words, why_not_ready
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.store.models import Organisation

SECOND = "it needs a second person, or a recovery code typed back once"
PHONE = "the council has not yet confirmed its security number by phone"
COUNCIL = "the council’s NEET group"


@pytest.fixture
def place(world: World) -> str:
    world.place("New School", kind="school", sends=True, phone="01709 111111")
    with world.db.write() as session:
        session.execute(update(Organisation).values(contact_name="The office"))
    return "New School"


def why(world: World, team: MadeTeam, *, own: bool = False) -> NotReady | None:
    with world.db.read() as session:
        return why_not_ready(session, team.row.id, own=own, trust=trust_of(session, world.coordinator))


def test_nothing_is_said_of_a_team_that_is_ready(world: World) -> None:
    assert why(world, world.college.teams["Admissions"]) is None
    assert in_words([]) == ""


@pytest.mark.parametrize(
    ("ready", "confirmed", "missing", "ring"),
    [
        (False, True, SECOND, "The office on 01709 111111"),
        (True, False, PHONE, COUNCIL),
        (False, False, f"{SECOND} and {PHONE}", f"The office on 01709 111111, and {COUNCIL}"),
    ],
)
def test_whoever_has_to_act_is_rung(
    world: World, place: str, ready: bool, confirmed: bool, missing: str, ring: str
) -> None:
    team = world.team(place, "Office", "transition", ready=ready, confirmed=confirmed)
    reason = why(world, team)
    assert reason == NotReady("Office", place, missing, ring)
    assert in_words([reason]) == f"Office at New School is not ready: {missing}. Ring {ring}."


def test_after_somebody_has_left_the_organisation_is_rung(world: World, place: str) -> None:
    team = world.team(place, "Office", "transition")
    world.new_key(place, "Office", removed=[world.senco.principal_id])
    reason = why(world, team)
    assert reason is not None
    assert reason.ring == "The office on 01709 111111"


def test_nobody_is_told_to_ring_their_own_office(world: World, place: str) -> None:
    team = world.team(place, "Office", "transition", ready=False, confirmed=False)
    reason = why(world, team, own=True)
    assert reason is not None
    assert reason.ring == COUNCIL


def test_nobody_is_rung_of_whom_nothing_is_known(world: World, place: str) -> None:
    team = world.team(place, "Office", "transition", ready=False)
    with world.db.write() as session:
        session.execute(update(Organisation).values(phone=None, contact_name=None))
    reason = why(world, team)
    assert reason is not None
    assert "Ring" not in in_words([reason])


def test_teams_that_lack_the_same_are_named_together(world: World) -> None:
    alike = [NotReady(name, "A College", "it sleeps", "Ann") for name in ("One", "Two", "Three")]
    other = NotReady("Four", "A College", "it dreams")
    assert in_words([alike[0], other, *alike[1:]]) == (
        "One, Two and Three at A College are not ready. Of each of them: it sleeps. Ring Ann. "
        "Four at A College is not ready: it dreams."
    )
