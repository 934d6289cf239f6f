"""Notices to a team's shared address: one that still waits is counted up, and none says anything about anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.exchange.world import World
from transition_exchange.exchange.notices import notify
from transition_exchange.store.base import Base
from transition_exchange.store.models import OutboxMail, Team


def _notify(world: World, team: str = "Admissions", template: str = "packs_waiting", count: int = 1) -> None:
    with world.db.write() as session:
        notify(session, team_id=world.college.teams[team].row.id, template=template, count=count)


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
