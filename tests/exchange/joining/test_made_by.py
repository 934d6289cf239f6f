"""Who made an invitation: whoever signed it, for those who know their key, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.joining.asked import complete, maker_of
from tests.exchange.people import MEMORY_KIB, Accounts, Person
from transition_exchange.exchange.errors import ExchangeError, NotAllowed, Refused, Tampered
from transition_exchange.exchange.joining import invitations, inviting
from transition_exchange.exchange.joining.inviting import NOT_CERTAIN, NOT_MADE
from transition_exchange.exchange.joining.made_by import Maker, digest_of, makers, require_as_asked, sign
from transition_exchange.exchange.joining.new_organisations import NewOrganisation, default_teams
from transition_exchange.exchange.organisations import teams
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store import events
from transition_exchange.store.models import Invitation, Organisation, Principal

TEAM = "SEND and transition"


@pytest.fixture
def dee(accounts: Accounts, sam: Person) -> Person:
    """The school's safeguarding lead, who shares no team with Sam."""
    return accounts.colleague(sam, "Dee Lead", "Safeguarding")


def forge(accounts: Accounts, sam: Person, keys: PersonKeys, *, maker_id: UUID) -> UUID:
    """Put an invitation of Mallory into the database with the event of it, signed with a key of the writer's own."""
    actor, now = accounts.actor(sam), accounts.clock.now
    forged = Invitation(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        name="Mallory",
        email="mallory@elsewhere.example",
        administrator=False,
        team_ids=[str(actor.teams[0].id)],
        created_at=now,
        expires_at=now + timedelta(days=14),
        failures=0,
    )
    sign(forged, actor=replace(actor, principal_id=maker_id, person=keys), teams=actor.teams, now=now)
    invitation_id = forged.id
    with accounts.db.write() as session:
        session.add(forged)
        session.flush()
        events.append(
            session,
            organisation_id=actor.organisation_id,
            kind="person.invited",
            principal_id=accounts.row(sam).id,
            about={"invitation": forged.id, "digest": digest_of(forged)},
        )
    return invitation_id


def test_whoever_made_an_invitation_is_named_to_themselves_and_to_a_colleague(
    accounts: Accounts, sam: Person
) -> None:
    alex = accounts.colleague(sam, "Alex Aide", TEAM)
    made_at = accounts.clock.now
    invited = accounts.invite(sam, "Bea Clerk", TEAM)
    accounts.clock.wait(minutes=5)
    for person in (sam, alex):
        assert maker_of(accounts, person, invited.invitation_id) == Maker("Sam School", made_at)
        assert complete(accounts, person, invited.invitation_id).spoken_code


def test_an_event_makes_no_invitation(accounts: Accounts, sam: Person) -> None:
    """The writer inserts the row and appends the event, in the name of somebody who is known."""
    invitation_id = forge(accounts, sam, PersonKeys(KeyPair.generate()), maker_id=accounts.row(sam).id)
    assert maker_of(accounts, sam, invitation_id) is None
    with pytest.raises(Refused) as refused:
        complete(accounts, sam, invitation_id)
    assert refused.value.message == NOT_MADE
    with accounts.db.write() as session:
        row = session.get_one(Invitation, invitation_id)
        row.statement, row.signature = None, None
    with pytest.raises(Refused) as refused:
        complete(accounts, sam, invitation_id)
    assert refused.value.message == NOT_MADE


def test_a_maker_whom_nobody_knows_makes_no_words_although_they_have_a_colleagues_name(
    accounts: Accounts, sam: Person
) -> None:
    with accounts.db.write() as session:
        stranger = Principal(
            organisation_id=accounts.row(sam).organisation_id,
            name="Sam School",
            email="mallory@school.example",
        )
        session.add(stranger)
        session.flush()
        stranger_id = stranger.id
    invitation_id = forge(accounts, sam, PersonKeys(KeyPair.generate()), maker_id=stranger_id)
    found = maker_of(accounts, sam, invitation_id)
    assert found == Maker("", accounts.clock.now, "unknown")
    (listed,) = invitations.open_invitations(
        db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now
    )
    assert (listed.genuine, listed.certain, listed.can_complete) == (True, False, False)
    with pytest.raises(Refused) as refused:
        complete(accounts, sam, invitation_id)
    assert refused.value.message == NOT_CERTAIN


def _organisation(row: Invitation, accounts: Accounts) -> None:
    with accounts.db.read() as session:
        council = session.scalars(select(Organisation.id).where(Organisation.coordinates)).one()
    row.organisation_id = council


def _maker(row: Invitation, accounts: Accounts) -> None:
    with accounts.db.read() as session:
        row.invited_by = session.scalars(
            select(Principal.id).where(Principal.email == "cora@council.example")
        ).one()


CHANGES: dict[str, Callable[[Invitation, Accounts], Any]] = {
    "email": lambda row, _: setattr(row, "email", "mallory@elsewhere.example"),
    "name": lambda row, _: setattr(row, "name", "Mallory"),
    "administrator": lambda row, _: setattr(row, "administrator", True),
    "more teams": lambda row, _: setattr(row, "team_ids", [*row.team_ids, str(uuid4())]),
    "fewer teams": lambda row, _: setattr(row, "team_ids", []),
    "organisation": _organisation,
    "another maker": _maker,
    "no maker": lambda row, _: setattr(row, "invited_by", None),
    "no statement": lambda row, _: setattr(row, "statement", None),
    "no signature": lambda row, _: setattr(row, "signature", None),
    "another signature": lambda row, _: setattr(row, "signature", bytes(64)),
    "a spoilt statement": lambda row, _: setattr(row, "statement", '{"format":1,"kind":"invitation"}'),
    "a statement of another version": lambda row, _: setattr(
        row, "statement", (row.statement or "").replace('"format":1', '"format":2')
    ),
    "half a character": lambda row, _: setattr(row, "statement", '{"format":1,"email":"\\ud800"}'),
    "no time": lambda row, accounts: setattr(
        row,
        "statement",
        (row.statement or "").replace(accounts.clock.now.isoformat(), "9999-99-99"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_since_is_made_by_nobody(accounts: Accounts, sam: Person, change: str) -> None:
    invited = accounts.invite(sam, "Alex Aide", TEAM)
    with accounts.db.write() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        CHANGES[change](row, accounts)
    assert maker_of(accounts, sam, invited.invitation_id) is None
    with pytest.raises(ExchangeError):
        complete(accounts, sam, invited.invitation_id)


def test_a_colleague_in_another_team_is_told_of_once_the_council_has_confirmed_it(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    invited = accounts.invite(sam, "Eve Deputy", "Safeguarding")
    assert maker_of(accounts, dee, invited.invitation_id) == Maker("", accounts.clock.now, "unknown")
    with pytest.raises(Refused) as refused:
        complete(accounts, dee, invited.invitation_id)
    assert refused.value.message == NOT_CERTAIN
    accounts.confirm(cora, sam, dee)
    assert maker_of(accounts, dee, invited.invitation_id) == Maker(
        "Sam School", accounts.clock.now, "told", (TEAM,)
    )
    assert complete(accounts, dee, invited.invitation_id, asked=True).spoken_code


def test_an_invitation_by_somebody_who_has_left_gets_no_words(accounts: Accounts, sam: Person) -> None:
    """They keep their key, and could have signed it yesterday with any day on it."""
    alex = accounts.colleague(sam, "Alex Aide", TEAM, administrator=True)
    invited = accounts.invite(alex, "Fred Friend", TEAM)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(sam)
    teams.remove_person(
        db=accounts.db,
        actor=accounts.proven(sam),
        principal_id=accounts.row(alex).id,
        now=accounts.clock.now,
    )
    found = maker_of(accounts, sam, invited.invitation_id)
    assert found is not None
    assert (found.name, found.doubt) == ("Alex Aide", "left")
    with pytest.raises(Refused, match="invite the person"):
        complete(accounts, sam, invited.invitation_id)


def test_a_member_of_the_neet_group_knows_who_of_the_council_invited_an_organisation(
    accounts: Accounts, cora: Person
) -> None:
    """And not who of a school invited a colleague."""
    nell = accounts.colleague(cora, "Nell Neet", "NEET group")
    invited = inviting.invite_organisation(
        db=accounts.db,
        actor=accounts.proven(cora),
        organisation=NewOrganisation(
            name="Beech Lane School",
            kind="school",
            sends=True,
            teams=default_teams(kind="school", sends=True, receives=False),
        ),
        name="Bo Beech",
        email="bo@beech.example",
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    assert maker_of(accounts, nell, invited.invitation_id) == Maker("Cora Council", accounts.clock.now)
    again = complete(accounts, nell, invited.invitation_id)
    bo = accounts.join(accounts.link(invited.invitation_id), again.spoken_code or "", "Bo Beech")
    further = accounts.invite(bo, "Ann Aide", "Safeguarding")
    assert maker_of(accounts, nell, further.invitation_id) == Maker("", accounts.clock.now, "unknown")


def test_nobody_signed_what_the_operator_made(accounts: Accounts, cora: Person) -> None:
    with accounts.db.read() as session:
        row = session.scalars(select(Invitation)).one()
        assert (row.statement, row.signature, row.invited_by) == (None, None, None)
        assert makers(session, accounts.actor(cora), [row]) == {}
        assert makers(session, accounts.actor(cora), []) == {}


def test_who_cannot_sign_invites_nobody(accounts: Accounts, sam: Person) -> None:
    nobody = replace(accounts.proven(sam), person=None)
    with pytest.raises(NotAllowed):
        inviting.invite_person(
            db=accounts.db,
            actor=nobody,
            name="Alex Aide",
            email="alex@school.example",
            team_ids=[nobody.teams[0].id],
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )
    invited = accounts.invite(sam, "Alex Aide", TEAM)
    with accounts.db.read() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        stranger = replace(nobody, address_book=AddressBook())
        assert makers(session, stranger, [row])[row.id].doubt == "unknown"


@pytest.mark.parametrize(
    ("team_ids", "administrator", "fits"),
    [
        (lambda own: own[:1], False, True),
        (lambda own: own, False, True),
        (lambda own: [*own, str(uuid4())], False, False),
        (lambda own: own, True, False),
        (lambda own: [], False, False),
    ],
)
def test_a_further_invitation_asks_nobody_into_more_than_was_signed(
    accounts: Accounts,
    sam: Person,
    team_ids: Callable[[list[str]], list[str]],
    administrator: bool,
    fits: bool,
) -> None:
    invited = accounts.invite(sam, "Alex Aide", TEAM, "Safeguarding", administrator=True)
    with accounts.db.write() as session:
        first = session.get_one(Invitation, invited.invitation_id)
        further = Invitation(
            id=uuid4(),
            organisation_id=first.organisation_id,
            name=first.name,
            email=first.email,
            administrator=administrator,
            team_ids=team_ids(list(first.team_ids)),
            invited_by=first.invited_by,
            statement=first.statement,
            signature=first.signature,
            expires_at=first.expires_at,
        )
        session.add(further)
        session.flush()
        assert (further.id in makers(session, accounts.actor(sam), [further])) == fits


def test_an_invitation_is_accepted_only_as_its_words_were_made(accounts: Accounts, sam: Person) -> None:
    invited = accounts.invite(sam, "Alex Aide", TEAM)
    with accounts.db.read() as session:
        row = session.get_one(Invitation, invited.invitation_id)
    asked = digest_of(row)
    require_as_asked(row, asked=asked)
    row.email = "mallory@elsewhere.example"
    with pytest.raises(Tampered, match="after its five words were made"):
        require_as_asked(row, asked=asked)
