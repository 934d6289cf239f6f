"""What is due for others is counted and made in steps: cards by the transition team, grants by each owner's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from tests.exchange.writing.late import LateTeams, add_late_teams, confirm, granted, written
from transition_exchange.exchange.records.ledgers import open_ledger
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.store.models import Grant


def _listed(world: World, late: LateTeams) -> list[int]:
    """How many learners each of the late teams has on its list."""
    return [
        len(open_ledger(db=world.db, actor=actor, team=actor.teams[0]))
        for actor in (signed_in(late.clerk), signed_in(late.deputy))
    ]


def test_cards_and_grants_are_counted_and_made_together(world: World) -> None:
    late = add_late_teams(world)
    for name in ("Adams", "Brown", "Clark"):
        written(world, surname=name)
    assert catch_up(db=world.db, actor=world.senco, limit=0) == 0, "nobody is confirmed yet"
    confirm(world, late.office, late.second)
    assert catch_up(db=world.db, actor=world.senco, limit=0) == 6, "three with cards, three with grants"
    assert catch_up(db=world.db, actor=world.safeguarding_lead, limit=0) == 3, "it makes no cards"
    assert _listed(world, late) == [0, 0]
    assert catch_up(db=world.db, actor=world.senco, limit=2) == 2
    assert _listed(world, late) == [2, 2]
    assert catch_up(db=world.db, actor=world.senco, limit=2) == 0
    assert catch_up(db=world.db, actor=world.senco, limit=0) == 0
    assert _listed(world, late) == [3, 3]
    assert granted(world, late.second) == []
    assert catch_up(db=world.db, actor=world.safeguarding_lead, limit=20) == 0
    assert granted(world, late.second)


def test_the_late_team_itself_is_asked_for_nothing_and_can_make_nothing(world: World) -> None:
    late = add_late_teams(world)
    written(world)
    confirm(world, late.office, late.second)
    for actor in (late.clerk, late.deputy):
        assert catch_up(db=world.db, actor=actor) == 0
    assert _listed(world, late) == [0, 0]


def test_a_team_that_writes_nothing_is_asked_for_nothing(world: World) -> None:
    late = add_late_teams(world)
    written(world)
    confirm(world, late.office)
    for actor in (world.coordinator, world.college_support, world.other_senco):
        assert catch_up(db=world.db, actor=actor) == 0


def test_a_record_that_fails_its_check_stops_no_other(world: World) -> None:
    late = add_late_teams(world)
    bad, good = written(world, "Bad", "Record"), written(world, "Good", "Record")
    confirm(world, late.office)
    with world.db.write() as session:
        session.execute(update(Grant).where(Grant.record_id == bad).values(signature=b"x" * 64))
    failed: list[UUID] = []
    left = catch_up(db=world.db, actor=world.senco, failed=failed)
    assert set(failed) == {bad}
    assert left == len(failed)
    assert {record_id for record_id, *_ in granted(world, late.office)} == {good}
