"""A row that nobody can read, or that lies in the future, keeps nobody from their work for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from tests.exchange.people import Accounts
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.coordinating.chasing import remind
from transition_exchange.exchange.data_protection.retention import delete_due_records
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.readiness import readiness_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations.contacts import contact, set_contact
from transition_exchange.exchange.writing import due_cards
from transition_exchange.exchange.writing.due_cards import write_typed
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import OutboxMail, Record, TeamKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""SQLite takes any value in any column."""


def _write(db: Database, *statements: str) -> None:
    with closing(sqlite3.connect(str(db.engine.url.database))) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


@pytest.mark.parametrize(
    "value",
    ["statement = x'ff00'", "signature = 'text'", "team_key_id = 'half'", "id = 'x' || rowid"],
)
def test_a_team_says_anew_whom_to_ring_where_what_it_said_cannot_be_read(world: World, value: str) -> None:
    team_id = world.senco.teams[0].id
    set_contact(db=world.db, actor=world.senco, team_id=team_id, name="Office", phone="01709 382121")
    _write(world.db, f"UPDATE team_contacts SET {value}")
    set_contact(db=world.db, actor=world.senco, team_id=team_id, name="Reception", phone="01709 382121")
    _, said = contact(db=world.db, actor=world.senco, team_id=team_id)
    assert said is not None
    assert said.name == "Reception"


@pytest.mark.parametrize(
    "value",
    ["granted_at = 'never'", "opened_at = 'never'", "acknowledged_at = x'00'", "id = 'x' || rowid"],
)
def test_a_receipt_that_cannot_be_read_is_written_anew(world: World, sent: SentRecord, value: str) -> None:
    _write(world.db, f"UPDATE receipts SET {value}")
    assert world.open(sent.transfer_id, world.college_support).answers


@pytest.mark.parametrize("column", ["failures", "last_failure_at"])
@pytest.mark.parametrize("value", ["'never'", "'2099-01-01 00:00:00.000000'"], ids=["unreadable", "far"])
def test_nobody_is_locked_out_for_good(accounts: Accounts, column: str, value: str) -> None:
    cora = accounts.found()
    accounts.refusal(cora, passphrase="wrong wrong wrong")
    _write(accounts.db, f"UPDATE address_slowdowns SET failures = 10, {column} = {value}")
    accounts.clock.wait(days=2)
    assert accounts.sign_in(cora) == cora


def test_every_record_that_is_due_is_deleted_whatever_else_cannot_be_read(world: World) -> None:
    """More rows of no organisation than one step takes, before all others; and one with a time that is none."""
    for number in range(3):
        world.add("A", f"B{number}")
    with world.db.read() as session:
        columns = [column.name for column in Record.__table__.columns]
        assert len(session.scalars(select(Record)).all()) == 3
    values = {"id": "printf('%032d', n)", "organisation_id": "printf('%032d', 0)", "created_at": "'never'"}
    picked = ", ".join(values.get(name, f"r.{name}") for name in columns)
    _write(
        world.db,
        "UPDATE records SET delete_on = '2020-01-01'",
        "UPDATE records SET created_at = 'never' WHERE rowid = 1",
        "WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 25) "
        f"INSERT INTO records ({', '.join(columns)}) SELECT {picked} FROM k, (SELECT * FROM records LIMIT 1) r",
    )
    assert delete_due_records(db=world.db, today=date(2027, 9, 1)) == 3
    with world.db.read() as session:
        assert session.scalars(select(Record.id).where(Record.organisation_id == world.school.id)).all() == []


def test_a_record_that_fails_its_safety_check_keeps_no_other_from_the_lists(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_cards, "AT_ONCE", 1)
    first, second = world.add("Ann", "Lee"), world.add("Bo", "Lee")
    with world.db.write() as session:
        session.execute(update(Record).values(typed_by=world.senco.principal_id))
    _write(world.db, f"UPDATE parts SET digest = x'00' WHERE record_id = '{first.hex}'")
    write_typed(db=world.db, actor=world.senco)
    with world.db.read() as session:
        due = session.scalars(select(Record.id).where(Record.typed_by.is_not(None))).all()
    assert second not in due


@pytest.mark.parametrize("place", ["college", "school"])
def test_the_day_of_a_confirmation_decides_nothing(world: World, place: str) -> None:
    """What is signed says that a team is confirmed; the column beside it is for lists."""
    team = world.places[{"college": "Northway College", "school": "Ashdown School"}[place]].teams[
        {"college": "Exams office", "school": "Transition team"}[place]
    ]
    record_id = world.add()
    world.fill(record_id)
    with world.db.write() as session:
        session.execute(update(TeamKey).where(TeamKey.team_id == team.row.id).values(confirmed_at=None))
    planned = world.plan(record_id)
    assert not planned.own_problem
    assert [provider.problem for provider in planned.providers] == [""]


def test_a_day_that_nobody_signed_confirms_no_team(world: World) -> None:
    team = world.team("Riverside Boxing", "Sports", "exams", confirmed=False)
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        key.confirmed_at = datetime.now(UTC)
    with world.db.read() as session:
        ready = readiness_of(session, team.row.id, trust=trust_of(session, world.coordinator))
    assert (ready.to_confirm, shown.confirmed_at) == (True, None)


FAR = datetime(2099, 1, 1, tzinfo=UTC)


def test_an_invented_event_of_a_far_day_stops_no_reminder(world: World) -> None:
    world.add()
    with world.db.write() as session:
        events.append(
            session,
            organisation_id=world.coordinator.organisation_id,
            kind="team.reminded",
            principal_id=world.coordinator.principal_id,
            at=FAR,
            about={"team": world.school.teams["Transition team"].row.id, "organisation": world.school.id},
        )
    assert remind(db=world.db, actor=world.coordinator, schools=[world.school.id], today=world.today).sent


def test_an_invented_event_or_mail_of_a_far_day_stops_no_invitation(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    actor = accounts.actor(sam)
    with accounts.db.write() as session:
        for _ in range(30):
            events.append(
                session,
                organisation_id=actor.organisation_id,
                kind="invitation.sent_again",
                principal_id=actor.principal_id,
                at=FAR,
                about={"invitation": invited.invitation_id},
            )
            session.add(
                OutboxMail(
                    template="invitation",
                    invitation_id=invited.invitation_id,
                    created_at=FAR,
                    not_before=FAR,
                    sent_at=FAR,
                )
            )
    accounts.clock.wait(days=5)
    accounts.sign_in(sam)
    inviting.send_again(
        db=accounts.db, actor=accounts.actor(sam), invitation_id=invited.invitation_id, now=accounts.clock.now
    )
