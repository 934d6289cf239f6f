"""Where a team's notices go: who sets it, and that a message is sent there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of
from tests.exchange.people import Accounts
from tests.exchange.world import World
from transition_exchange.exchange import notices
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations import notice_addresses
from transition_exchange.exchange.organisations.notice_addresses import (
    TEST_MAIL,
    address,
    addresses,
    set_address,
    to_oneself,
)
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import OutboxMail, Team


def _support(world: World) -> UUID:
    return world.college.teams["Learning support"].row.id


@pytest.mark.parametrize("person", ["college_support", "coordinator"])
def test_a_member_and_the_council_set_it_and_a_message_goes_there(world: World, person: str) -> None:
    actor, team_id = world.people[person], _support(world)
    stored = set_address(db=world.db, actor=actor, team_id=team_id, email=" ALS@Northway.example ")
    found = address(db=world.db, actor=actor, team_id=team_id)
    assert (found.name, found.email, stored) == ("Learning support", stored, "als@northway.example")
    assert addresses(db=world.db, actor=actor)[team_id] == stored
    with world.db.write() as session:
        notices.notify(session, team_id=team_id, template="packs_waiting")
    with world.db.read() as session:
        mails = [(mail.to_address, mail.template) for mail in session.scalars(select(OutboxMail))]
    assert sorted(mails) == [(stored, TEST_MAIL), (stored, "packs_waiting")]
    event = events_of(world.db, actor.organisation_id)[-1]
    assert (event.kind, event.about) == ("team.notices_set", {"team": str(team_id)})


@pytest.mark.parametrize("person", ["senco", "college_exams"])
def test_nobody_else_sees_or_sets_it_and_a_missing_team_is_answered_alike(world: World, person: str) -> None:
    actor = world.people[person]
    for team_id in (_support(world), uuid4()):
        with pytest.raises(NotFound):
            address(db=world.db, actor=actor, team_id=team_id)
        with pytest.raises(NotFound):
            set_address(db=world.db, actor=actor, team_id=team_id, email="me@school.example")
    with world.db.read() as session:
        assert session.scalars(select(OutboxMail)).all() == []


def test_what_is_no_address_changes_nothing(world: World) -> None:
    before = address(db=world.db, actor=world.college_support, team_id=_support(world))
    with pytest.raises(Refused):
        set_address(db=world.db, actor=world.college_support, team_id=_support(world), email="nobody")
    assert address(db=world.db, actor=world.college_support, team_id=_support(world)) == before


def test_nobody_is_flooded_with_messages_through_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_addresses, "A_DAY", 3)
    actor, team_id, now = world.college_support, _support(world), utc_now()

    def set_to(email: str, later: timedelta = timedelta(0)) -> None:
        set_address(db=world.db, actor=actor, team_id=team_id, email=email, now=now + later)

    set_to("victim@elsewhere.example")
    set_to("victim@elsewhere.example")
    with world.db.read() as session:
        assert len(session.scalars(select(OutboxMail)).all()) == 1, "one that waits is not sent twice"
    set_to("als@northway.example")
    with pytest.raises(Refused, match="within a day"):
        set_to("victim@elsewhere.example")
    assert address(db=world.db, actor=actor, team_id=team_id).email == "als@northway.example"
    set_to("victim@elsewhere.example", timedelta(days=1, minutes=1))


def test_whoever_joins_a_team_first_gets_its_notices_until_somebody_names_another(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    actor = accounts.actor(sam)
    mine = to_oneself(db=accounts.db, actor=actor)
    assert {one.email for one in mine} == {sam.email}
    assert {one.team_id for one in mine} == {team.id for team in actor.teams}
    first = mine[0]
    set_address(db=accounts.db, actor=actor, team_id=first.team_id, email="send@school.example")
    jo = accounts.colleague(sam, "Jo Marsh", first.name)
    with accounts.db.read() as session:
        assert session.get_one(Team, first.team_id).notification_email == "send@school.example"
    assert to_oneself(db=accounts.db, actor=accounts.actor(jo)) == []
