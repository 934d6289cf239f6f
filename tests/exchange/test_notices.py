"""Notices to a team's shared address: one that still waits is counted up, and none says anything about anybody."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.world import World
from tests.web.spoiling import written_to
from transition_exchange.english import LONDON
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.notices import next_morning, notify
from transition_exchange.exchange.organisations.own_notices import set_own_notices
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.base import Base
from transition_exchange.store.models import Membership, OutboxMail, Principal, Team, Transfer


def _notify(world: World, team: str = "Admissions", template: str = "packs_waiting", count: int = 1) -> None:
    with world.db.write() as session:
        notify(session, team_id=world.college.teams[team].row.id, template=template, count=count)


def _wants(world: World, actor: Actor, when: str) -> str:
    """A member of Admissions wants notices of their own. Returns their address."""
    set_own_notices(db=world.db, actor=actor, when=when)
    with world.db.write() as session:
        team_id = world.college.teams["Admissions"].row.id
        session.add(Membership(principal_id=actor.principal_id, team_id=team_id))
        return session.get_one(Principal, actor.principal_id).email


def _mails(world: World) -> list[OutboxMail]:
    with world.db.read() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.created_at)))


def test_a_notice_gives_a_count_and_the_teams_address(world: World) -> None:
    _notify(world, count=3)
    (mail,) = _mails(world)
    with world.db.read() as session:
        team = session.get_one(Team, world.college.teams["Admissions"].row.id)
    assert (mail.to_address, mail.template, mail.figures) == (
        team.notification_email,
        "packs_waiting",
        {"count": 3},
    )
    assert mail.invitation_id is None


def test_one_that_still_waits_is_counted_up(world: World) -> None:
    _notify(world)
    _notify(world, count=4)
    assert [mail.figures for mail in _mails(world)] == [{"count": 5}]


def test_another_teams_and_another_matters_notices_are_apart(world: World) -> None:
    _notify(world)
    _notify(world, team="Exams office")
    _notify(world, template="questions_waiting")
    assert len(_mails(world)) == 3
    assert {mail.figures["count"] for mail in _mails(world)} == {1}


@pytest.mark.parametrize("column", ["sent_at", "attempts"])
def test_one_that_went_or_is_going_is_not_changed_any_more(world: World, column: str) -> None:
    """While a mail is being sent its count stands; what happens meanwhile goes into the next."""
    _notify(world)
    with world.db.write() as session:
        mail = session.scalars(select(OutboxMail)).one()
        setattr(mail, column, datetime.now(UTC) if column == "sent_at" else 1)
    _notify(world)
    assert [mail.figures["count"] for mail in _mails(world)] == [1, 1]


@pytest.mark.parametrize("address", [None, ""])
def test_a_team_without_an_address_gets_none(world: World, address: str | None) -> None:
    with world.db.write() as session:
        session.get_one(Team, world.college.teams["Admissions"].row.id).notification_email = address
    _notify(world)
    assert _mails(world) == []


def test_teams_that_share_an_address_share_the_notice(world: World) -> None:
    with world.db.write() as session:
        for team in world.college.teams.values():
            session.get_one(Team, team.row.id).notification_email = "office@college.example"
    _notify(world)
    _notify(world, team="Exams office")
    assert [mail.figures for mail in _mails(world)] == [{"count": 2}]


@pytest.mark.parametrize("figures", [{}, [], 3, {"count": "many"}, {"count": None}])
def test_a_count_that_cannot_be_read_stops_nobody(world: World, figures: Any) -> None:
    _notify(world)
    with world.db.write() as session:
        session.execute(update(Base.metadata.tables["outbox_mails"]).values(figures=figures))
    _notify(world, count=4)
    assert [mail.figures for mail in _mails(world)] == [{"count": 4}]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "address", [b"\xff\x00", -(2**62), "odd \u2028 value"], ids=["bytes", "number", "odd"]
)
def test_an_address_that_is_spoilt_and_a_team_that_is_gone_stop_nobody(world: World, address: Any) -> None:
    """A pack is taken back from a provider, whatever has been written into its teams' rows."""
    sent = world.sent()
    with written_to(world.db) as rows:
        rows.execute("UPDATE teams SET notification_email = ? WHERE name = 'Admissions'", (address,))
    with world.db.write() as session:
        notify(session, team_id=uuid4(), template="packs_recalled")
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state == "recalled"


def test_somebody_who_wants_their_own_gets_them_too_until_they_leave(world: World) -> None:
    email = _wants(world, world.college_admissions, "at_once")
    _notify(world, count=2)
    assert {(mail.to_address, mail.figures["count"]) for mail in _mails(world)} >= {(email, 2)}
    assert len(_mails(world)) == 2
    _notify(world, team="Exams office")
    assert [mail.figures for mail in _mails(world) if mail.to_address == email] == [{"count": 2}]
    with world.db.write() as session:
        session.execute(
            update(Membership)
            .where(Membership.principal_id == world.college_admissions.principal_id)
            .values(removed_at=datetime.now(UTC))
        )
    _notify(world)
    assert [mail.figures for mail in _mails(world) if mail.to_address == email] == [{"count": 2}]


def test_once_a_day_is_seven_in_the_morning_and_counts_what_came_until_then(world: World) -> None:
    email = _wants(world, world.college_admissions, "daily")
    _notify(world)
    _notify(world, count=3)
    (mail,) = [mail for mail in _mails(world) if mail.to_address == email]
    assert mail.figures == {"count": 4}
    assert mail.not_before.astimezone(LONDON).time() == time(7)
    assert mail.not_before > datetime.now(UTC)
    set_own_notices(db=world.db, actor=world.college_admissions, when="none")
    _notify(world, template="questions_waiting")
    assert len([mail for mail in _mails(world) if mail.to_address == email]) == 1


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2026, 7, 1, 5, 59, tzinfo=UTC), datetime(2026, 7, 1, 6, tzinfo=UTC)),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), datetime(2026, 7, 2, 6, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_the_morning_is_that_of_england(now: datetime, then: datetime) -> None:
    assert next_morning(now) == then


def test_whoever_reads_the_teams_own_address_is_told_once(world: World) -> None:
    email = _wants(world, world.college_admissions, "at_once")
    with world.db.write() as session:
        session.get_one(Team, world.college.teams["Admissions"].row.id).notification_email = email
    _notify(world)
    assert [mail.figures for mail in _mails(world)] == [{"count": 1}]
