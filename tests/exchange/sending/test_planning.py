"""What sending would do for each provider, and what each team would get."""

from __future__ import annotations

from sqlalchemy import select

from tests.exchange.answers import destination
from tests.exchange.world import World
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.store.models import Transfer


def _plan(world: World, record_id, owner: str = "transition"):  # type: ignore[no-untyped-def]
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    return plan(db=world.db, actor=actor, record_id=record_id, owner=owner, today=world.today)


def test_each_team_would_get_what_the_form_lets_it_read(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    [college] = _plan(world, record_id).providers
    sections = {team.name: set(team.sections) for team in college.teams}
    assert "enrolment" in sections["Admissions"]
    assert "enrolment" not in sections["Learning support"]
    assert "needs" in sections["Learning support"]
    assert "needs" not in sections["Admissions"]
    assert not any("destinations" in each or "safeguarding" in each for each in sections.values())


def test_a_provider_whose_team_is_not_ready_waits_and_we_hear_whom_to_ring(world: World) -> None:
    world.place("Hilltop Training", kind="training_provider", receives=True, phone="01709 111111")
    world.team("Hilltop Training", "Office", "admissions", confirmed=False)
    record_id = world.add()
    world.fill(record_id, going_to=("Hilltop Training",))
    [hilltop] = _plan(world, record_id).providers
    assert hilltop.state == "not_ready"
    assert "01709 111111" in hilltop.problem


def test_another_course_at_the_same_place_makes_a_new_version(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert not _plan(world, record_id).changed
    college = world.college.id
    moved_on = [destination(college, "Northway College", status="enrolled")]
    world.save(record_id, {"destinations": {"destinations": moved_on}})
    assert not _plan(world, record_id).changed
    other = [destination(college, "Northway College", course="Joinery")]
    world.save(record_id, {"destinations": {"destinations": other}})
    planned = _plan(world, record_id)
    assert (planned.changed, [each.state for each in planned.providers]) == (True, ["again"])
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    received = open_transfer(db=world.db, actor=world.college_support, transfer_id=transfer_id)
    assert received.answers["destination"]["course"] == "Joinery"


def test_two_courses_at_one_provider_are_one_pack_for_the_one_that_is_furthest(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rows = [
        destination(world.college.id, "Northway College", course="Animal care", status="accepted"),
        destination(world.college.id, "Northway College", course="Joinery", preference=2, status="declined"),
    ]
    world.save(record_id, {"destinations": {"destinations": rows}})
    [college] = _plan(world, record_id).providers
    assert (college.state, college.destination["course"]) == ("new", "Animal care")
