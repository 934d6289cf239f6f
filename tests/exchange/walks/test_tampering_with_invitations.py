"""Somebody who can write to the database changes an invitation after it was made: who joins gets what was meant.

A walk: it goes from inviting over accepting to confirming.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import ExchangeError, Refused, Tampered
from transition_exchange.exchange.joining import accepting, inviting
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.store.models import Invitation, Organisation, Principal, Team, TeamKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def _team_id(accounts: Accounts, person: Person, name: str) -> str:
    own = teams.own_teams(db=accounts.db, actor=accounts.actor(person))
    return str(next(team.team_id for team in own if team.team_name == name))


@pytest.fixture
def dee(accounts: Accounts, sam: Person) -> Person:
    """The school's safeguarding lead. Its safeguarding team has a key now, which the administrator does not hold."""
    return accounts.colleague(sam, "Dee Lead", "Safeguarding")


def _in_its_place(row: Invitation, safeguarding: str) -> None:
    row.team_ids = [safeguarding]


def _beside_it(row: Invitation, safeguarding: str) -> None:
    row.team_ids = [*row.team_ids, safeguarding]


def _taken_out(row: Invitation, _safeguarding: str) -> None:
    row.team_ids = []


def _address(row: Invitation, _safeguarding: str) -> None:
    row.email = "mallory@elsewhere.example"


def _as_administrator(row: Invitation, _safeguarding: str) -> None:
    row.administrator = True


CHANGES = [_in_its_place, _beside_it, _taken_out, _address, _as_administrator]


@pytest.mark.parametrize("change", CHANGES)
def test_an_invitation_that_was_changed_after_its_words_were_made_lets_nobody_in(
    accounts: Accounts, sam: Person, dee: Person, change: Callable[[Invitation, str], None]
) -> None:
    """Another team or none, another address, and an administrator who was to be none."""
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    with accounts.db.write() as session:
        change(session.get_one(Invitation, invited.invitation_id), _team_id(accounts, sam, "Safeguarding"))
        people = len(session.scalars(select(Principal)).all())
    with pytest.raises(Tampered, match="after its five words were made"):
        accounts.accept(token, invited.spoken_code or "")
    with accounts.db.read() as session:
        assert len(session.scalars(select(Principal)).all()) == people
        assert session.get_one(Invitation, invited.invitation_id).accepted_at is None


def test_a_colleague_is_made_no_administrator_by_a_changed_invitation(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    """They join further teams while signed in."""
    invited = accounts.invite(sam, "Dee Lead", "SEND and transition")
    with accounts.db.write() as session:
        session.get_one(Invitation, invited.invitation_id).administrator = True
    with pytest.raises(Tampered, match="after its five words were made"):
        accepting.join_more(
            db=accounts.db,
            cookie=dee.cookie,
            token=accounts.link(invited.invitation_id),
            spoken_code=invited.spoken_code or "",
            now=accounts.clock.now,
        )
    assert [team.name for team in accounts.actor(dee).teams] == ["Safeguarding"]
    assert not accounts.row(dee).administrator


@pytest.mark.parametrize("invited_to", [["SEND and transition"], ["Safeguarding"], []])
def test_an_invitation_moved_to_another_organisation_lets_nobody_in(
    accounts: Accounts, cora: Person, sam: Person, invited_to: list[str]
) -> None:
    """Into a team with a key, into one without, or only as an administrator."""
    other = accounts.actor(accounts.school(cora, "Beech Lane School", "bo@beech.example")).organisation_id
    own = accounts.actor(sam).organisation_id
    invited = accounts.invite(sam, "Alex Aide", *invited_to, administrator=True)
    token = accounts.link(invited.invitation_id)
    with accounts.db.write() as session:
        session.get_one(Invitation, invited.invitation_id).organisation_id = other
        people = len(session.scalars(select(Principal)).all())
    with pytest.raises(Tampered):
        accounts.accept(token, invited.spoken_code or "")
    with accounts.db.write() as session:
        assert len(session.scalars(select(Principal)).all()) == people
        session.get_one(Invitation, invited.invitation_id).organisation_id = own
    accounts.accept(token, invited.spoken_code or "")


def _purposes(session: Session, team: Team) -> None:
    team.purposes = ["transition", "neet_group"]


def _name(session: Session, team: Team) -> None:
    team.name = "Office"


def _organisation(session: Session, team: Team) -> None:
    council = session.scalars(select(Organisation).where(Organisation.coordinates)).one()
    team.organisation_id = council.id


def _organisation_name(session: Session, team: Team) -> None:
    session.get_one(Organisation, team.organisation_id).name = "Southway School"


@pytest.mark.parametrize("change", [_purposes, _name, _organisation, _organisation_name])
@pytest.mark.parametrize("put_back", [False, True])
def test_a_new_team_is_what_it_was_when_somebody_was_invited_to_it(
    accounts: Accounts,
    cora: Person,
    sam: Person,
    change: Callable[[Session, Team], None],
    put_back: bool,
) -> None:
    """Its first member's session takes it from the invitation. What the council would confirm is what rows say then,
    and a confirmation of anything else stops the session. A name that the organisation never had is not confirmed."""
    invited = accounts.invite(sam, "Dee Lead", "Safeguarding")
    team_id = UUID(_team_id(accounts, sam, "Safeguarding"))
    with accounts.db.write() as session:
        team = session.get_one(Team, team_id)
        before = (team.name, team.purposes, team.organisation_id)
        change(session, team)
    dee = accounts.join(accounts.link(invited.invitation_id), invited.spoken_code or "", "Dee Lead")
    (own,) = accounts.actor(dee).teams
    assert (own.name, sorted(own.purposes), own.organisation_id) == before
    assert own.organisation_name == "Ashdown School"
    assert not own.confirmed
    if put_back:
        with accounts.db.write() as session:
            row = session.get_one(Team, team_id)
            row.name, row.purposes, row.organisation_id = before
            session.get_one(Organisation, own.organisation_id).name = "Ashdown School"
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=own.id)
    if shown.doubt:  # its organisation was never called that
        assert (change, put_back) == (_organisation_name, False)
        with pytest.raises(Refused, match="Nothing can be confirmed"):
            confirming.confirm(db=accounts.db, actor=accounts.actor(cora), team_id=own.id, seen=shown.seen)
        return
    confirming.confirm(db=accounts.db, actor=accounts.actor(cora), team_id=own.id, seen=shown.seen)
    if put_back:
        assert accounts.actor(dee).teams[0].confirmed
    else:
        with pytest.raises(Tampered):
            accounts.actor(dee)


def test_a_forged_invitation_into_the_councils_own_team_gets_no_code(
    accounts: Accounts, cora: Person
) -> None:
    """The council sees every open invitation of its area, and one in its list was never made by anybody."""
    sam = accounts.school(cora)
    invited = accounts.invite(sam, "Mallory", "SEND and transition")
    neet_group = accounts.actor(cora).require("neet_group")
    with accounts.db.write() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        row.team_ids, row.bundle = [str(neet_group.id)], None
    with pytest.raises(ExchangeError):
        inviting.complete(
            db=accounts.db,
            actor=accounts.actor(cora),
            invitation_id=invited.invitation_id,
            seen=accounts.seen(invited.invitation_id),
            now=accounts.clock.now,
        )
    with accounts.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).bundle is None
        assert session.get_one(TeamKey, neet_group.key_id).version == 1
