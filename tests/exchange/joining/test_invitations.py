"""Invitations as rows: their mail, how long they are valid, and the list of open ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.exchange.people import Accounts, Person
from tests.exchange.statements import counted
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import invitations, inviting
from transition_exchange.store.models import OutboxMail


def test_an_invitation_queues_one_e_mail_about_nobody(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    with accounts.db.read() as session:
        before = session.scalar(select(func.count(OutboxMail.id)))
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with accounts.db.read() as session:
        assert session.scalar(select(func.count(OutboxMail.id))) == (before or 0) + 1
        queued = session.scalars(
            select(OutboxMail).where(OutboxMail.invitation_id == invited.invitation_id)
        ).one()
    assert (queued.to_address, queued.template, queued.figures) == ("alex@school.example", "invitation", {})


@pytest.mark.parametrize("email", ["", "sam", "sam@", "@school.example", "sam school@school.example"])
def test_what_is_no_e_mail_address_is_refused(accounts: Accounts, email: str) -> None:
    sam = accounts.school(accounts.found())
    with pytest.raises(Refused) as refusal:
        inviting.invite_person(
            db=accounts.db,
            actor=accounts.actor(sam),
            name="Eve",
            email=email,
            team_ids=[accounts.actor(sam).teams[0].id],
            now=accounts.clock.now,
        )
    assert "email" in refusal.value.fields


def test_an_invitation_is_valid_for_a_fortnight() -> None:
    assert timedelta(days=14) == invitations.VALID_FOR


def test_an_open_invitation_shows_what_is_still_to_be_done(accounts: Accounts, sam: Person) -> None:
    accounts.colleague(sam, "Dee Lead", "Safeguarding")
    mine = accounts.invite(sam, "Alex Aide", "SEND and transition")
    theirs = accounts.invite(sam, "Eve Deputy", "Safeguarding", administrator=True)
    listed = invitations.open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
    assert [
        (one.id, one.name, one.teams, one.completed, one.can_complete, one.administrator) for one in listed
    ] == [
        (mine.invitation_id, "Alex Aide", ("SEND and transition",), True, True, False),
        (theirs.invitation_id, "Eve Deputy", ("Safeguarding",), False, False, True),
    ]
    assert {one.organisation_name for one in listed} == {"Ashdown School"}
    assert not any(one.expired for one in listed)


def test_one_that_expired_is_listed_as_such_and_cannot_be_completed(accounts: Accounts, sam: Person) -> None:
    accounts.invite(sam, "Alex Aide", "SEND and transition")
    actor, later = accounts.actor(sam), accounts.clock.now + invitations.VALID_FOR
    (listed,) = invitations.open_invitations(db=accounts.db, actor=actor, now=later)
    assert (listed.expired, listed.can_complete, listed.expires_at) == (True, False, later)


def test_accepted_and_cancelled_ones_are_listed_no_more(accounts: Accounts, sam: Person) -> None:
    accounts.colleague(sam, "Alex Aide", "SEND and transition")
    cancelled = accounts.invite(sam, "Ben Bursar", "SEND and transition")
    inviting.cancel(
        db=accounts.db,
        actor=accounts.actor(sam),
        invitation_id=cancelled.invitation_id,
        now=accounts.clock.now,
    )
    listed = invitations.open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
    assert listed == ()


def test_a_school_sees_its_own_and_the_council_those_of_its_area(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    nia = accounts.college(cora)
    accounts.invite(sam, "Alex Aide", "SEND and transition")
    accounts.invite(nia, "Ned Nurse", "Admissions")

    def seen(person: Person) -> list[str]:
        actor = accounts.actor(person)
        return [
            one.name
            for one in invitations.open_invitations(db=accounts.db, actor=actor, now=accounts.clock.now)
        ]

    assert seen(sam) == ["Alex Aide"]
    assert seen(nia) == ["Ned Nurse"]
    assert seen(cora) == ["Alex Aide", "Ned Nurse"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_person_needs_a_name_of_a_persons_length(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        invitations.checked_name(name)
    assert "name" in refusal.value.fields
    assert invitations.checked_name("  Alex Aide ") == "Alex Aide"


def test_many_invitations_into_the_same_teams_take_no_more_statements(
    accounts: Accounts, sam: Person
) -> None:
    """Somebody who can write to the database can copy one thousands of times."""

    def statements() -> int:
        with counted(accounts.db) as asked:
            invitations.open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
        return len(asked)

    accounts.invite(sam, "Nia Evans", "SEND and transition")
    few = statements()
    for name in ("Ola Berg", "Tom Hale", "Una Reid"):
        accounts.invite(sam, name, "SEND and transition")
    assert statements() == few
