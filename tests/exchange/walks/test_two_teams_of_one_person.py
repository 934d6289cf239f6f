"""Somebody is in two teams that do the same work. What they do there, a colleague in one of these alone can open.

A team whose key counts signs, whatever the order of the rows. For a team's own key, list and documents it is that team.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from tests.exchange.changing import member, sign_in
from tests.exchange.coordinators import look, names
from tests.exchange.members import Member, add_member, join
from tests.exchange.team_rows import MadeTeam
from tests.exchange.walks.of_two_teams import (
    SAFEGUARDING,
    SCHOOL,
    TRANSITION,
    listed,
    on_list_of,
    take_confirmation,
    two_teams,
)
from tests.exchange.world import World
from tests.exchange.writing.late import granted
from transition_exchange.exchange.errors import NotReady, Tampered
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.renewing import progress
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Grant, Membership, Revision, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

BOTH_OWNERS = pytest.mark.parametrize("owner", [TRANSITION, SAFEGUARDING])
CONFIRMED = pytest.mark.parametrize("how", ["not yet", "taken away"])


@CONFIRMED
@BOTH_OWNERS
def test_a_confirmed_team_signs_before_one_that_is_not(world: World, owner: str, how: str) -> None:
    """Nobody has confirmed the other team yet, or its confirmation was taken out of the database."""
    both = two_teams(world, owner=owner, confirmed=how == "taken away")
    if how == "taken away":
        take_confirmation(world, both.second)
    writer = both.ann if owner == TRANSITION else world.senco
    saved, begun = world.add(actor=writer), world.add("Ben", "Berg", actor=writer)
    both.fill(both.ann, saved, "2 High Street")
    both.fill(both.ann, begun, "3 High Street")
    assert both.street(both.bob, saved) == "2 High Street"
    assert both.street(both.bob, begun) == "3 High Street"
    assert listed(world, both.bob) == (["Berg", "Khan"], 0)


def test_the_other_team_reads_its_own_list_while_it_waits(world: World) -> None:
    """A card on a list of the person's team is signed by that team."""
    both = two_teams(world)
    world.add(actor=both.ann)
    assert listed(world, both.olga) == (["Khan"], 0)
    assert (
        on_list_of(world, both.ann, both.first) == on_list_of(world, both.ann, both.second) == (["Khan"], 0)
    )


@BOTH_OWNERS
def test_a_changed_key_leaves_nothing_to_a_team_that_nobody_has_confirmed(world: World, owner: str) -> None:
    both = two_teams(world, owner=owner)
    record_id = world.add(actor=both.bob if owner == TRANSITION else world.senco)
    both.fill(both.bob, record_id)
    if owner == TRANSITION:
        both.attach(both.bob, record_id)
    assert both.change_key(both.first) == progress.Progress(0)
    assert both.street(both.bob, record_id) == "1 High Street"
    assert listed(world, both.bob) == (["Khan"], 0)
    if owner == TRANSITION:
        assert both.documents(both.bob, record_id) == 1
        assert world.plan(record_id, actor=both.bob).own_problem == ""


@pytest.mark.parametrize("confirmed", ["first", "second"])
def test_whichever_of_two_new_keys_is_confirmed_opens_what_it_had(world: World, confirmed: str) -> None:
    """Somebody left both teams, and both have new keys that wait. One of them is confirmed, the other is not."""
    both = two_teams(world, confirmed=True)
    record_id = world.add(actor=both.bob)
    both.fill(both.bob, record_id)
    both.attach(both.bob, record_id)
    world.send(record_id, actor=both.bob)
    transfer_id = world.transfer_of(record_id)
    both.leaves_both()
    for team in (both.second, both.first):
        assert both.change_key(team) == progress.Progress(0)
    assert [team.confirmed for team in both.ann.teams] == [False, False]
    team, name = (both.first, "Bob") if confirmed == "first" else (both.second, "Olga")
    both.confirm(team)
    if confirmed == "second":
        assert both.left("Ann"), "what the other team signed, a team that is confirmed cannot open"
        both.pass_on("Ann")
    reader = both.actor(name)
    assert (both.street(reader, record_id), both.documents(reader, record_id)) == ("1 High Street", 1)
    assert listed(world, reader) == (["Khan"], 0)
    if confirmed == "first":  # it had sent the record, and its own newest key has signed that anew
        assert world.plan(record_id, actor=reader).own_problem == ""
        assert listed(world, world.college_support) == (["Khan"], 0)
        assert world.open(transfer_id).answers
    both.pass_on("Ann")
    assert both.left("Ann") == 0


def test_what_was_made_before_any_was_confirmed_is_made_anew_by_the_first_that_is(world: World) -> None:
    """A new school begins: both teams wait. What the other one signed must not wait for it for ever."""
    both = two_teams(world)
    take_confirmation(world, both.first)
    both.sign_in()
    record_id = world.add(actor=both.ann)
    both.fill(both.ann, record_id)
    both.attach(both.ann, record_id)
    assert names(look(world)) == []
    both.confirm(both.first)
    assert listed(world, both.bob) == (["Khan"], 0), "a team signs the cards of its own list"
    assert both.left("Ann")
    both.pass_on("Ann")
    assert (both.street(both.bob, record_id), both.documents(both.bob, record_id)) == ("1 High Street", 1)
    assert listed(world, both.bob) == (["Khan"], 0)
    assert names(look(world)) == ["Khan, Amina"], "and the council has its card"
    both.pass_on("Bob")
    both.pass_on("Ann")
    assert (both.left("Ann"), both.left("Bob")) == (0, 0), "they do not undo each other's work"


def test_a_key_that_is_awaited_signs_before_one_that_nobody_has_ever_confirmed(world: World) -> None:
    """Others are told what waits for the new key, and open it without anybody's help once that is confirmed."""
    both = two_teams(world)
    record_id = world.add(actor=both.bob)
    both.fill(both.bob, record_id)
    both.leaves_both()
    assert both.change_key(both.first) == progress.Progress(0)
    added = world.add("Ben", "Berg", actor=both.ann)
    both.fill(both.ann, added, "2 High Street")
    third = world.team(SCHOOL, "Third office", TRANSITION)
    both.people["Clerk"] = member(world, "Clerk", third)
    with pytest.raises(NotReady):
        open_draft(db=world.db, actor=both.actor("Clerk"), record_id=record_id)
    both.confirm(both.first)
    assert both.street(both.bob, record_id) == "1 High Street"
    assert both.street(both.bob, added) == "2 High Street"
    assert listed(world, both.bob) == (["Berg", "Khan"], 0)
    assert names(look(world)) == ["Berg, Ben", "Khan, Amina"]


def test_a_learner_added_in_vain_is_made_anew_for_the_safeguarding_team_too(world: World) -> None:
    """A team that nobody had confirmed began the safeguarding team's draft, in which nothing is written."""
    both = two_teams(world)
    record_id = world.add(actor=both.olga)
    with world.db.read() as session:
        made_by = session.scalars(
            select(Grant.grantor_team_id)
            .join(Revision, Revision.id == Grant.revision_id)
            .where(Grant.record_id == record_id, Revision.owner == SAFEGUARDING)
        ).all()
    assert set(made_by) == {both.second.row.id}
    join(world, both.people["Ann"], world.school.teams["Safeguarding team"].held)
    both.sign_in()
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner=SAFEGUARDING)
    both.pass_on("Ann")
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)


def _left_alone(world: World, team: MadeTeam, *, but: Member) -> None:
    """Take everybody else out of a team, so that only one person can open its key."""
    with world.db.write() as session:
        others = update(Membership).where(
            Membership.team_id == team.row.id, Membership.principal_id != but.row.id
        )
        session.execute(others.values(removed_at=datetime.now(UTC)))


def test_a_team_that_is_not_ready_keeps_no_other_from_sending(world: World) -> None:
    both = two_teams(world)
    record_id = world.add(actor=both.ann)
    both.fill(both.ann, record_id)
    planned = world.plan(record_id, actor=both.ann)
    assert (planned.own_problem, planned.team.id) == ("", both.first.row.id)
    world.send(record_id, actor=both.ann)
    with world.db.read() as session:
        signed = session.scalars(
            select(Revision.team_key_id).where(Revision.record_id == record_id, Revision.number > 0)
        ).all()
        transfer = session.scalars(select(Transfer).where(Transfer.record_id == record_id)).one()
    assert {*signed, transfer.team_key_id} == {both.first.key_id}
    waits = world.plan(record_id, actor=both.olga).own_problem
    assert "Another office at Ashdown School is not ready" in waits


def test_a_team_with_one_member_keeps_no_other_from_sending(world: World) -> None:
    both = two_teams(world, confirmed=True)
    record_id = world.add(actor=both.ann)
    both.fill(both.ann, record_id)
    assert world.plan(record_id, actor=both.ann).team.id == both.second.row.id
    _left_alone(world, both.second, but=both.people["Ann"])
    planned = world.plan(record_id, actor=both.ann)
    assert (planned.own_problem, planned.team.id) == ("", both.first.row.id)
    world.send(record_id, actor=both.ann)
    _left_alone(world, both.first, but=both.people["Ann"])
    assert "is not ready" in world.plan(record_id, actor=both.ann).own_problem


def test_what_is_taken_back_is_signed_by_the_confirmed_team(world: World) -> None:
    both = two_teams(world)
    record_id = world.add(actor=both.bob)
    both.fill(both.bob, record_id)
    world.send(record_id, actor=both.bob)
    recall(db=world.db, actor=both.ann, record_id=record_id, transfer_id=world.transfer_of(record_id))
    with world.db.read() as session:
        transfer = session.scalars(select(Transfer).where(Transfer.record_id == record_id)).one()
    assert transfer.team_key_id == both.first.key_id


def test_a_question_is_answered_by_the_confirmed_team(world: World) -> None:
    both = two_teams(world)
    record_id = world.add(actor=both.bob)
    both.fill(both.bob, record_id)
    world.send(record_id, actor=both.bob)
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=world.transfer_of(record_id), text="Who?"
    )
    asking.reply(db=world.db, actor=both.ann, query_id=query_id, text="Mx Reed.")
    for reader in (both.bob, world.college_support):
        (query,) = threads.queries(db=world.db, actor=reader)
        assert [message.text for message in query.messages] == ["Who?", "Mx Reed."]
        assert query.messages[1].from_team == "Transition team"


def test_whoever_is_in_both_teams_passes_on_from_one_to_the_other(world: World) -> None:
    """Ann alone is left in the first team. The second one is confirmed after she has written and sent."""
    both = two_teams(world)
    record_id = world.add(actor=both.bob)
    both.fill(both.bob, record_id)
    both.attach(both.bob, record_id)
    world.send(record_id, actor=both.bob)
    both.confirm(both.second)
    with pytest.raises(NotReady):
        open_draft(db=world.db, actor=both.olga, record_id=record_id)
    assert both.left("Ann"), "a confirmed team cannot open a draft"
    both.pass_on("Ann")
    assert (both.street(both.olga, record_id), both.documents(both.olga, record_id)) == ("1 High Street", 1)
    assert listed(world, both.olga) == (["Khan"], 0)
    assert world.plan(record_id, actor=both.olga).changed is False, "the version opens too"
    (transfer_id,) = {transfer for _, _, _, transfer in granted(world, both.second) if transfer}
    assert transfer_id == world.transfer_of(record_id)
    assert len(granted(world, both.second)) == len(set(granted(world, both.second))), "each once"
    assert catch_up(db=world.db, actor=both.ann, limit=0) == both.left("Ann") == both.left("Bob") == 0


def test_somebody_of_safeguarding_too_begins_its_draft_with_a_team_that_counts(world: World) -> None:
    """Who adds a learner makes the safeguarding team's draft as well, here with the key of that team itself."""
    both = two_teams(world)
    cid = both.people["Cid"] = add_member(world, "Cid", SCHOOL)
    for team in (both.second, world.school.teams["Safeguarding team"]):
        join(world, cid, team.held)
    sign_in(world, cid)
    record_id = world.add(actor=both.actor("Cid"))
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner=SAFEGUARDING)


def test_to_a_third_team_the_confirmed_one_passes_on_each_thing_once(world: World) -> None:
    both = two_teams(world)
    record_id = world.add(actor=both.ann)
    both.fill(both.ann, record_id)
    both.attach(both.ann, record_id)
    world.send(record_id, actor=both.ann)
    third = world.team(SCHOOL, "Third office", TRANSITION)
    clerk = both.people["Clerk"] = member(world, "Clerk", third)
    sign_in(world, clerk)
    both.pass_on("Ann")
    with world.db.read() as session:
        makers = session.scalars(
            select(Grant.grantor_team_id).where(Grant.grantee_team_id == third.row.id)
        ).all()
    assert set(makers) == {both.first.row.id}
    assert len(granted(world, third)) == len(set(granted(world, third)))
    assert both.street(both.actor("Clerk"), record_id) == "1 High Street"
    assert world.plan(record_id, actor=both.actor("Clerk")).changed is False
