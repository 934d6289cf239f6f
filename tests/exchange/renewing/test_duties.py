"""What waits for a person about their teams' keys is said in one sentence, the most pressing first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from tests.exchange.members import add_member, join
from tests.exchange.world import World
from transition_exchange.exchange.actor import Offer
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.store.models import Membership

SCHOOL, TEAM = "Ashdown School", "Transition team"


def test_nothing_waits_where_nothing_has_changed(world: World) -> None:
    nothing = duties(db=world.db, actor=world.senco)
    assert (nothing.headline, bool(nothing), nothing.due) == ("", False, ())
    assert [change.team.name for change in nothing.changes] == [TEAM]


def test_a_member_who_left_an_unfinished_change_and_a_key_that_one_lacks(world: World) -> None:
    team = world.school.teams[TEAM]
    leaver = add_member(world, "Jo")
    membership_id = join(world, leaver, team.held)
    with world.db.write() as session:
        session.get_one(Membership, membership_id).removed_at = datetime.now(UTC)
    left = duties(db=world.db, actor=world.senco)
    assert [change.left for change in left.due] == [("Jo",)]
    assert left.headline == f"Somebody has left {TEAM}. It needs a new key."
    world.new_key(SCHOOL, TEAM, removed=[leaver.row.id])
    assert duties(db=world.db, actor=world.senco).headline == "The change of a key is not finished."
    actor = replace(world.senco, without_key=(team.identity,))
    assert duties(db=world.db, actor=actor).headline == f"{TEAM} has a new key, which you do not have yet."
    offered = replace(actor, offers=(Offer(uuid4(), team.held, uuid4(), "Robin Reed"),))
    assert duties(db=world.db, actor=offered).without_key == ()
    has_none = f"{TEAM} has a new key, which you do not have yet."
    assert duties(db=world.db, actor=offered).headline == has_none
    assert not duties(db=world.db, actor=offered).council_first
    other = replace(team.held, team=replace(team.identity, name="Another team"))
    waiting = Offer(uuid4(), other, uuid4(), "Robin Reed", former_name=TEAM, waits_for="council")
    waits = duties(db=world.db, actor=replace(actor, offers=(waiting,)))
    assert waits.headline == f"{has_none} Compare the council’s new security number first."
    assert waits.council_first
