"""One press takes note of all newer versions in which nothing changed for a team."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of
from tests.exchange.receiving.test_unchanged import send_address, send_name
from tests.exchange.safeguarding_answers import answer
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.receiving.taking_note import take_note
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Receipt, Revision, Transfer


def _receipts(world: World, sent: SentRecord, actor: Actor | None = None) -> dict[str, tuple[bool, bool]]:
    """Which versions the team of somebody has opened and acknowledged."""
    team = (actor or world.college_support).teams[0]
    with world.db.read() as session:
        rows = session.execute(
            select(Revision.owner, Revision.number, Receipt)
            .join(Receipt, Receipt.revision_id == Revision.id)
            .where(Receipt.team_id == team.id, Receipt.transfer_id == sent.transfer_id)
        )
        return {
            f"{owner} {number}": (receipt.opened_at is not None, receipt.acknowledged_at is not None)
            for owner, number, receipt in rows
        }


def test_receipts_are_written_as_they_stood_by_whoever_pressed(world: World) -> None:
    actor = world.college_support
    records = {name: world.sent("Amina", name) for name in ("Read", "Taken", "Changed")}
    for sent in records.values():
        world.open(sent.transfer_id)
    acknowledge(db=world.db, actor=actor, transfer_ids=[records["Taken"].transfer_id])
    for name in ("Read", "Taken"):
        send_address(world, records[name])
    send_name(world, records["Changed"])
    assert take_note(db=world.db, actor=actor) == 2
    both, opened = (True, True), (True, False)
    assert _receipts(world, records["Read"]) == {"transition 1": opened, "transition 2": opened}
    assert _receipts(world, records["Taken"]) == {"transition 1": both, "transition 2": both}
    assert _receipts(world, records["Changed"]) == {"transition 1": opened, "transition 2": (False, False)}
    rows = {row.content["legal_surname"]: row for row in inbox(db=world.db, actor=actor)}
    assert {name: row.state for name, row in rows.items()} == {
        "Read": "opened",
        "Taken": "acknowledged",
        "Changed": "changed",
    }
    assert rows["Read"].may_acknowledge
    assert not any(row.unchanged for row in rows.values())
    events = [event for event in events_of(world.db, world.college.id) if "revision1" in event.about]
    assert [event.kind for event in events[-2:]] == ["transfer.opened"] * 2
    with world.db.read() as session:
        written = session.scalars(select(Receipt).where(Receipt.team_id == actor.teams[0].id))
        assert {receipt.opened_by for receipt in written if receipt.opened_at} == {actor.principal_id}
    assert take_note(db=world.db, actor=actor) == 0, "a second press changes nothing"


def test_a_transfer_for_which_nobody_else_is_left_is_acknowledged(world: World, sent: SentRecord) -> None:
    teams = [actor for name, actor in world.people.items() if name.startswith("college_")]
    for actor in teams:
        world.open(sent.transfer_id, actor)
        acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id])
    send_address(world, sent)
    world.open(sent.transfer_id, world.college_admissions)
    acknowledge(db=world.db, actor=world.college_admissions, transfer_ids=[sent.transfer_id])

    def state() -> str:
        with world.db.read() as session:
            return session.get_one(Transfer, sent.transfer_id).state

    assert state() == "received"
    for actor in teams:
        take_note(db=world.db, actor=actor)
    assert state() == "acknowledged"


@pytest.mark.parametrize("said", ["yes", "no"])
def test_a_version_in_which_nothing_is_for_the_team_is_written_down_with_the_others(
    world: World, sent: SentRecord, said: str
) -> None:
    """As when it is opened, so that rows are the same whatever the safeguarding team answered."""
    world.open(sent.transfer_id)
    acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
    answer(world, {sent.record_id: "yes" if said == "yes" else "no"})
    assert take_note(db=world.db, actor=world.college_support) == 0, "it is nothing newer for the team"
    send_address(world, sent)
    assert take_note(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id]) == 1
    assert set(_receipts(world, sent).values()) == {(True, True)}
    assert "school_safeguarding 1" in _receipts(world, sent)


def test_it_is_the_persons_own_teams_and_what_is_still_there(world: World, sent: SentRecord) -> None:
    for actor in (world.college_support, world.college_exams):
        world.open(sent.transfer_id, actor)
    send_address(world, sent)
    support = world.college_support.teams[0].id
    with pytest.raises(NotFound):
        take_note(db=world.db, actor=world.college_exams, team_id=support)
    with pytest.raises(NotAllowed):
        take_note(db=world.db, actor=world.senco)
    assert take_note(db=world.db, actor=world.college_support, transfer_ids=[sent.record_id]) == 0
    assert take_note(db=world.db, actor=world.college_exams) == 1
    assert _receipts(world, sent)["transition 2"] == (False, False), "of another team nothing is written"
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert take_note(db=world.db, actor=world.college_support, team_id=support) == 0
