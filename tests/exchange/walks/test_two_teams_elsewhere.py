"""Somebody is in two teams of a college or of the council that do the same work: which list they see, and who signs.

At a school it is `test_two_teams_of_one_person`.
"""

from __future__ import annotations

import pytest

from tests.exchange.changing import session_of, sign_in
from tests.exchange.coordinators import look, names
from tests.exchange.members import add_member, join
from tests.exchange.walks.of_two_teams import COLLEGE, put_first
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.index import coordinating_team
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.store.models import TeamKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def test_a_colleges_confirmed_team_is_shown_before_one_that_waits(world: World) -> None:
    sent = world.sent()
    other = world.team(COLLEGE, "Another desk", "admissions", confirmed=False)
    put_first(world, other)
    nia = add_member(world, "Nia", COLLEGE)
    for team in (other, world.college.teams["Admissions"]):
        join(world, nia, team.held)
    sign_in(world, nia)
    actor = session_of(world, nia)
    assert [row.transfer_id for row in inbox(db=world.db, actor=actor)] == [sent.transfer_id]
    assert world.open(sent.transfer_id, actor).team.name == "Admissions"
    query_id = asking.ask(db=world.db, actor=actor, transfer_id=sent.transfer_id, text="When?")
    (query,) = threads.queries(db=world.db, actor=world.senco)
    assert (query.id, query.messages[0].from_team) == (query_id, "Admissions")


@pytest.mark.parametrize("work", ["neet_group", "send"])
def test_a_councils_confirmed_team_is_shown_before_one_that_waits(world: World, work: str) -> None:
    """Schools send no cards to a team that is not confirmed, so its list is empty."""
    other = world.team("Ashdown Council", "Another desk", work, confirmed=False)
    put_first(world, other)
    own = world.root if work == "neet_group" else world.team("Ashdown Council", "SEND team", "send")
    assert own is not None
    nat = add_member(world, "Nat", "Ashdown Council")
    for team in (other, own):
        join(world, nat, team.held)
    sign_in(world, nat)
    world.add()
    actor = session_of(world, nat)
    assert coordinating_team(actor).id == actor.require(work).id == own.row.id
    assert names(look(world, actor=actor)) == ["Khan, Amina"]


def test_a_councils_confirmed_send_team_is_shown_before_a_group_that_waits(world: World) -> None:
    group = world.team("Ashdown Council", "Another group", "neet_group", confirmed=False)
    own = world.team("Ashdown Council", "SEND team", "send")
    nat = add_member(world, "Nat", "Ashdown Council")
    for team in (group, own):
        join(world, nat, team.held)
    sign_in(world, nat)
    assert coordinating_team(session_of(world, nat)).id == own.row.id


def test_confirmations_are_signed_by_the_councils_group_and_by_no_other_team_of_that_work(
    world: World,
) -> None:
    """Both are confirmed, and the other has the first name and the oldest row. Nobody believes its confirmations."""
    other = world.team("Ashdown Council", "Another group", "neet_group")
    put_first(world, other)
    nat = add_member(world, "Nat", "Ashdown Council")
    assert world.root is not None
    for team in (other, world.root):
        join(world, nat, team.held)
    sign_in(world, nat)
    desk = world.team(COLLEGE, "New desk", "exams", confirmed=False)
    actor = session_of(world, nat)
    assert [team.confirmed for team in actor.teams] == [True, True]
    shown = confirming.number_of(db=world.db, actor=actor, team_id=desk.row.id)
    confirming.confirm(db=world.db, actor=actor, team_id=desk.row.id, seen=shown.seen)
    with world.db.read() as session:
        key = session.get_one(TeamKey, desk.key_id)
        assert trust_of(session, world.senco).known(session, key) is not None
