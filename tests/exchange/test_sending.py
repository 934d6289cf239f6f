"""Planning, sending, following what became of it, and recalling."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.exchange.answers import destination
from tests.exchange.documents import pdf
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Refused
from transition_exchange.exchange.receiving.downloading import download_attachment
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.send import send
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Card, Grant, Part, Transfer


def _plan(world: World, record_id, owner: str = "transition"):  # type: ignore[no-untyped-def]
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    return plan(db=world.db, actor=actor, record_id=record_id, owner=owner, today=world.today)


def test_a_preference_alone_sends_nothing(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, status="applied")
    planned = _plan(world, record_id)
    assert [each.state for each in planned.providers] == ["status"]
    with pytest.raises(Refused, match="nothing to send"):
        send(db=world.db, actor=world.senco, renderer=world.renderer, record_id=record_id, seen=planned.seen)


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


def test_what_was_planned_is_what_each_team_opens(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    planned = _plan(world, record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    for person, team in (
        (world.college_admissions, "Admissions"),
        (world.college_support, "Learning support"),
        (world.college_exams, "Exams office"),
    ):
        [mine] = [each for each in planned.providers[0].teams if each.name == team]
        received = open_transfer(db=world.db, actor=person, transfer_id=sent.transfer_id)
        assert set(received.answers) == set(mine.sections)


def test_nothing_goes_out_that_changed_since_it_was_looked_at(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    planned = _plan(world, record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with pytest.raises(Refused, match="changed since"):
        send(db=world.db, actor=world.senco, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_a_provider_whose_team_is_not_ready_waits_and_we_hear_who_to_ring(world: World) -> None:
    world.place("Hilltop Training", kind="training_provider", receives=True, phone="01709 111111")
    world.team("Hilltop Training", "Office", "admissions", confirmed=False)
    record_id = world.add()
    world.fill(record_id, going_to=("Hilltop Training",))
    [hilltop] = _plan(world, record_id).providers
    assert hilltop.state == "not_ready"
    assert "01709 111111" in hilltop.problem


def test_a_school_whose_own_team_is_not_ready_sends_nothing(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Office", "transition", "safeguarding", ready=False)
    clerk = world.person("clerk", "New School", "Office")
    record_id = world.add(actor=clerk)
    planned = plan(db=world.db, actor=clerk, record_id=record_id)
    assert "second person" in planned.own_problem
    with pytest.raises(NotReady):
        send(db=world.db, actor=clerk, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_received_when_the_first_team_opens_it_acknowledged_when_every_team_has(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert sent.state == "sent"
    people = [
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ]
    for place, person in enumerate(people, 1):
        open_transfer(db=world.db, actor=person, transfer_id=sent.transfer_id)
        acknowledge(db=world.db, actor=person, transfer_ids=[sent.transfer_id])
        [now] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        assert now.state == ("acknowledged" if place == len(people) else "received")
    assert {each.acknowledged_by for each in now.current} == {person.name for person in people}


def test_a_changed_version_goes_to_those_that_hold_one_and_to_nobody_else(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College",))
    world.send(record_id)
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"), status="accepted")
    planned = _plan(world, record_id)
    assert {each.name: each.state for each in planned.providers} == {
        "Northway College": "current",
        "Riverside Boxing": "new",
    }
    send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=record_id,
        seen=planned.seen,
        providers=[world.places["Riverside Boxing"].id],
        today=world.today,
    )
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert {each.provider for each in tracked.delivered} == {"Northway College", "Riverside Boxing"}
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    sent = world.send(record_id)
    assert set(sent.providers) == {"Northway College", "Riverside Boxing"}
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert [{each.number for each in one.current} for one in tracked.delivered] == [{sent.number}] * 2


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


def test_recalled_unopened_nobody_can_open_it_any_more(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    opened = recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)
    assert opened == []
    with pytest.raises(NotFound):
        open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert set(session.scalars(select(Grant.keyring).where(Grant.transfer_id == sent.transfer_id))) == {
            None
        }
        assert not session.scalar(select(func.count()).where(Part.transfer_id == sent.transfer_id))
        assert not session.scalar(select(func.count()).where(Card.transfer_id == sent.transfer_id))
    [after] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert (after.state, after.recalled_by) == ("recalled", world.senco.name)


def test_recalled_after_opening_we_learn_who_and_when(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    opened = recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)
    assert [(line.team, line.opened_at is not None) for line in opened] == [("Learning support", True)]
    [after] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert [each.opened_by for each in after.opened] == [world.college_support.name]
    with pytest.raises(Refused):
        recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)


def test_only_the_schools_own_transition_team_recalls(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            recall(db=world.db, actor=actor, record_id=record_id, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state == "sent"


def test_an_attachment_reaches_its_audience_and_no_one_else(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    content = pdf(pages=2)
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="strategies",
        name="",
        dated=world.today,
        content=content,
    )
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    _, body = download_attachment(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        attachment_id=attachment_id,
    )
    assert body == content
    with pytest.raises(NotFound):
        download_attachment(
            db=world.db,
            actor=world.college_admissions,
            transfer_id=sent.transfer_id,
            attachment_id=attachment_id,
        )


def test_another_school_follows_nothing(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        track(db=world.db, actor=world.other_senco, record_id=record_id)


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
