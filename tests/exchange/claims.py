"""What an ordinary member of a team can write who can change any row: who somebody is, signed with their team's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.sealing.invitations import InvitationStatement, InvitedTeam
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Invitation, Membership

OFFICE, SAFEGUARDING = "SEND and transition", "Safeguarding"


@dataclass
class School:
    """A school whose teams are confirmed: Sam and Jo in the office, Ada and Lee in safeguarding.

    Jo is an ordinary member of the office who writes rows, and has made keys in the name of others.
    """

    accounts: Accounts
    sam: Person
    jo: Person
    ada: Person
    lee: Person
    made: PersonKeys

    def id(self, person: Person) -> UUID:
        return self.accounts.row(person).id

    def sign_in(self, *people: Person) -> None:
        self.accounts.sign_in_later(*people)

    def team(self, person: Person, name: str) -> OpenTeam:
        return team_named(self.accounts, person, name)

    @classmethod
    def with_two_teams(cls, accounts: Accounts, cora: Person, sam: Person) -> School:
        """The school of Sam, whose teams the council confirms. Lee has joined since Ada signed in last."""
        jo = accounts.colleague(sam, "Jo Marsh", OFFICE)
        ada = accounts.colleague(sam, "Ada Aide", SAFEGUARDING, administrator=True)
        lee = accounts.colleague(ada, "Lee Lead", SAFEGUARDING)
        accounts.confirm(cora, sam, ada)
        return cls(accounts, sam, jo, ada, lee, PersonKeys(KeyPair.generate()))


@contextmanager
def claimed(
    accounts: Accounts, *, team: OpenTeam, person: UUID, keys: PersonKeys, name: str
) -> Iterator[None]:
    """While this lasts, one team's key names keys for somebody, and what every other team says of them is taken out."""
    with accounts.db.write() as session:
        rows = session.scalars(select(Membership).where(Membership.principal_id == person)).all()
        before = {row.id: (row.statement, row.signature) for row in rows}
        for row in rows:
            row.statement, row.signature = None, None
        there = next((row for row in rows if row.team_key_id == team.key_id), None)
        planted = there or Membership(
            id=uuid4(), principal_id=person, team_id=team.id, team_key_id=team.key_id
        )
        claim = Member.of(
            team=team.id, principal=person, name=name, public=keys.public, joined_at=accounts.clock.now
        )
        planted.statement, planted.signature = claim.text(), claim.sign(team.secret.signing)
        session.add(planted)
        planted_id = planted.id if there is None else None
    yield
    with accounts.db.write() as session:
        if planted_id is not None:
            session.delete(session.get_one(Membership, planted_id))
        for row_id, (statement, signature) in before.items():
            row = session.get_one(Membership, row_id)
            row.statement, row.signature = statement, signature


def invitation_in_the_name_of(
    accounts: Accounts, maker: UUID, *, keys: PersonKeys, into: OpenTeam, name: str = "Mallory"
) -> UUID:
    """Put an invitation into the database that somebody seems to have made. Returns its id."""
    now = accounts.clock.now
    row = Invitation(
        id=uuid4(),
        organisation_id=into.organisation_id,
        name=name,
        email="mallory@elsewhere.example",
        administrator=False,
        team_ids=[str(into.id)],
        created_at=now,
        expires_at=now + timedelta(days=14),
        failures=0,
        invited_by=maker,
    )
    statement = InvitationStatement(
        invitation=row.id,
        organisation=row.organisation_id,
        email="mallory@elsewhere.example",
        name=name,
        teams=[InvitedTeam.of(into)],
        administrator=False,
        maker=maker,
        at=now,
    )
    row.statement, row.signature = statement.text(), statement.sign(keys.signing)
    invitation_id = row.id
    with accounts.db.write() as session:
        session.add(row)
    return invitation_id


def team_named(accounts: Accounts, person: Person, name: str) -> OpenTeam:
    """One of somebody's open teams."""
    return next(team for team in accounts.actor(person).teams if team.name == name)


def own_keys(accounts: Accounts, person: Person) -> PersonKeys:
    """Somebody's own keys."""
    keys = accounts.actor(person).person
    assert keys is not None
    return keys


def name_other_keys(world: World, member: Actor) -> None:
    """Have a member's own team sign that somebody of their name and id has other keys."""
    team = member.teams[0]
    claim = Member.of(
        team=team.id,
        principal=member.principal_id,
        name=member.name,
        public=PersonKeys(KeyPair.generate()).public,
        joined_at=utc_now(),
    )
    with world.db.write() as session:
        there = session.scalars(
            select(Membership).where(
                Membership.principal_id == member.principal_id, Membership.team_key_id == team.key_id
            )
        ).one_or_none()
        row = there or Membership(principal_id=member.principal_id, team_id=team.id, team_key_id=team.key_id)
        row.statement, row.signature = claim.text(), claim.sign(team.secret.signing)
        session.add(row)
