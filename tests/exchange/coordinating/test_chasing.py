"""Chasing: schools with forms to finish, and a reminder at most once a day."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.exchange.keys.test_contacts import say
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.chasing import SAFEGUARDING, remind, to_chase
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.organisations.activity import activity
from transition_exchange.store.models import OutboxMail, Team


def kinds(world: World) -> list[str]:
    """The council's events."""
    return [action.what for action in activity(db=world.db, actor=world.coordinator).actions]


def test_schools_with_forms_to_finish_are_listed_with_who_to_ring(world: World) -> None:
    world.add()
    finished = world.add("Ben", "Adams")
    world.fill(finished)
    (chased,) = to_chase(db=world.db, actor=world.coordinator, today=world.today)
    assert (chased.name, chased.figures.unfinished) == ("Ashdown School", 1)
    (ring,) = chased.ring
    assert (ring.name, ring.phone, ring.signed) == ("The office", "01709 000000", False)
    assert chased.can_be_reminded


def test_a_reminder_gives_a_count_and_goes_once_a_day(world: World) -> None:
    world.add()
    world.add("Ben", "Adams")
    ids = [world.school.id]
    first = remind(db=world.db, actor=world.coordinator, schools=ids, today=world.today)
    second = remind(db=world.db, actor=world.coordinator, schools=ids, today=world.today)
    assert (first.sent, second.sent, second.today_already) == (("Ashdown School",), (), ("Ashdown School",))
    with world.db.read() as session:
        (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.template == "records_incomplete"))
    assert mail.figures == {"count": 2}
    assert kinds(world) == ["reminded a school’s team by e-mail"]
    (chased,) = to_chase(db=world.db, actor=world.coordinator, today=world.today)
    assert chased.reminded_at is not None
    assert not chased.can_be_reminded


def test_a_reminder_says_where_no_address_is_known_and_writes_no_event(world: World) -> None:
    world.add()
    with world.db.write() as session:
        session.execute(update(Team).values(notification_email=None))
    done = remind(db=world.db, actor=world.coordinator, schools=[world.school.id], today=world.today)
    assert done.without_address == ("Ashdown School",)
    assert kinds(world) == []


def test_only_schools_with_something_to_finish_can_be_reminded_and_only_by_coordinators(world: World) -> None:
    world.add()
    with pytest.raises(NotFound):
        remind(db=world.db, actor=world.coordinator, schools=[world.places["Beech Lane School"].id])
    with pytest.raises(NotFound):
        remind(db=world.db, actor=world.coordinator, schools=[])
    with pytest.raises(NotAllowed):
        remind(db=world.db, actor=world.senco, schools=[world.school.id])


def test_nobody_is_reminded_of_learners_who_have_left(world: World) -> None:
    here, gone = world.add(), world.add("Ben", "Adams")
    world.save(gone, {"leaving": {"left_school": "moved"}})
    (chased,) = to_chase(db=world.db, actor=world.coordinator, today=world.today)
    assert chased.figures.unfinished == 1
    world.fill(here)
    assert to_chase(db=world.db, actor=world.coordinator, today=world.today) == ()


def test_a_safeguarding_team_is_chased_for_its_part_and_rung_itself(world: World) -> None:
    say(world, "safeguarding_lead")
    sent = world.sent()
    assert to_chase(db=world.db, actor=world.coordinator, today=world.today) == ()
    (chased,) = to_chase(db=world.db, actor=world.coordinator, today=world.today, work=SAFEGUARDING)
    assert (chased.name, chased.waiting, chased.can_be_reminded) == ("Ashdown School", 1, True)
    assert [(one.name, one.teams) for one in chased.ring] == [("Sam Lead", ("Safeguarding team",))]
    ids = [world.school.id]
    done = remind(db=world.db, actor=world.coordinator, safeguarding=ids, today=world.today)
    assert done.sent == ("Ashdown School, safeguarding",)
    with world.db.read() as session:
        (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.template == "safeguarding_waiting"))
        team = world.school.teams["Safeguarding team"].row.id
        assert mail.to_address == session.get_one(Team, team).notification_email
    assert mail.figures == {"count": 1}
    world.send(sent.record_id, owner="school_safeguarding")
    assert to_chase(db=world.db, actor=world.coordinator, today=world.today, work=SAFEGUARDING) == ()
    with pytest.raises(NotFound):
        remind(db=world.db, actor=world.coordinator, safeguarding=ids, today=world.today)


def test_a_team_that_does_both_can_be_reminded_of_each_once_a_day(world: World) -> None:
    world.sent()
    world.add("Ben", "Adams")
    with world.db.write() as session:
        row = session.get_one(Team, world.school.teams["Transition team"].row.id)
        row.purposes = ["transition", "school_safeguarding"]
        session.get_one(Team, world.school.teams["Safeguarding team"].row.id).notification_email = None
    ids = [world.school.id]
    first, second = (
        remind(db=world.db, actor=world.coordinator, schools=ids, safeguarding=ids, today=world.today)
        for _ in range(2)
    )
    assert first.sent == ("Ashdown School", "Ashdown School, safeguarding")
    assert (second.sent, second.today_already) == ((), first.sent)


def test_a_school_that_a_form_names_twice_is_reminded_once(world: World) -> None:
    world.add()
    ids = [world.school.id] * 3
    done = remind(db=world.db, actor=world.coordinator, schools=ids, today=world.today)
    assert done.sent == ("Ashdown School",)
    with world.db.read() as session:
        (mail,) = session.scalars(select(OutboxMail)).all()
    assert mail.figures == {"count": 1}
