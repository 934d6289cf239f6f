"""Whether somebody made an invitation, as it is now, is read from what people did."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.joining.made_by import digest_of, makers
from transition_exchange.store.events import hash_of
from transition_exchange.store.models import Event, Invitation


def test_who_made_an_invitation_is_named_while_it_is_as_it_was_made(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with accounts.db.read() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        assert makers(session, [row]) == {row.id: "Sam School"} or makers(session, [row])[row.id]
        first = digest_of(row)
        row.email = "mallory@elsewhere.example"
        assert digest_of(row) != first
        assert makers(session, [row]) == {}
        assert makers(session, []) == {}


def test_every_invitation_that_people_make_is_known(accounts: Accounts, cora: Person) -> None:
    accounts.college(cora)
    accounts.invite(accounts.school(cora), "Alex Aide", "SEND and transition")
    with accounts.db.read() as session:
        rows = session.query(Invitation).all()
        assert makers(session, rows).keys() == {row.id for row in rows}


def test_without_its_event_an_invitation_gets_no_words(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with accounts.db.write() as session:
        session.execute(delete(Event).where(Event.body.contains(str(invited.invitation_id))))
    with pytest.raises(Refused, match="does not say that anybody made"):
        inviting.complete(
            db=accounts.db,
            actor=accounts.proven(sam),
            invitation_id=invited.invitation_id,
            seen=accounts.seen(invited.invitation_id),
            now=accounts.clock.now,
            memory_kib=64,
        )


@pytest.mark.parametrize(
    "said", [{"about": {}}, {"about": {"invitation": "none"}}, {"about": {"digest": None}}]
)
def test_an_event_that_names_no_invitation_makes_none(
    accounts: Accounts, cora: Person, said: dict[str, object]
) -> None:
    """Whoever can write to the database writes an event with the hash that belongs to it."""
    invited = accounts.invite(accounts.school(cora), "Alex Aide", "SEND and transition")
    with accounts.db.write() as session:
        event = session.scalars(select(Event).where(Event.body.contains(str(invited.invitation_id)))).one()
        event.body = json.dumps(json.loads(event.body) | said, separators=(",", ":"), sort_keys=True)
        event.hash = hash_of(event.body)
    with accounts.db.read() as session:
        assert makers(session, [session.get_one(Invitation, invited.invitation_id)]) == {}
