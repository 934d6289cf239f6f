"""An office that somebody left who writes rows, knows its key, and rightly holds the key of another team."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from tests.exchange.claims import OFFICE, SAFEGUARDING, own_keys, team_named
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import changing
from transition_exchange.exchange.renewing.changing import Change
from transition_exchange.sealing import handovers
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.sealing.succession import Succession, Voucher
from transition_exchange.store.models import Handover, Membership, Principal, TeamKey


@dataclass
class Office:
    """A confirmed office of Sam, Kim and Jo, who are all remembered there. Jo is in safeguarding too, with Lee.

    Jo writes rows, knows the office's key, and rightly holds the key of safeguarding.
    """

    accounts: Accounts
    sam: Person
    kim: Person
    jo: Person
    lee: Person
    key: OpenTeam
    leads: OpenTeam

    @classmethod
    def build(cls, accounts: Accounts, cora: Person, sam: Person) -> Office:
        """Everybody joins, the council confirms both teams, and everybody has signed in since."""
        jo = accounts.colleague(sam, "Jo Marsh", OFFICE, SAFEGUARDING, administrator=True)
        kim = accounts.colleague(sam, "Kim Fox", OFFICE)
        accounts.confirm(cora, sam)
        leads = team_named(accounts, jo, SAFEGUARDING)
        confirm_only(accounts, cora, leads.id)
        lee = accounts.colleague(jo, "Lee Lead", SAFEGUARDING)
        accounts.sign_in_later(sam, kim, jo, lee)
        key, leads = (team_named(accounts, jo, name) for name in (OFFICE, SAFEGUARDING))
        return cls(accounts, sam, kim, jo, lee, key, leads)

    def id(self, person: Person) -> UUID:
        return self.accounts.row(person).id

    def remove_jo(self) -> None:
        """Take Jo out of the office. They stay in the safeguarding team."""
        teams.remove_from_team(
            db=self.accounts.db,
            actor=self.accounts.proven(self.sam),
            principal_id=self.id(self.jo),
            team_id=self.key.id,
            now=self.accounts.clock.wait(minutes=1),
        )

    def due(self, person: Person) -> dict[str, tuple[str, ...]]:
        """Who has left each of a person's teams that needs a new key."""
        actor = self.accounts.actor(person)
        found = changing.changes(db=self.accounts.db, actor=actor)
        return {change.team.name: change.left for change in found if change.due}

    def change(self, person: Person) -> Change:
        """What changing the office's key would do."""
        found = changing.changes(db=self.accounts.db, actor=self.accounts.actor(person))
        return next(change for change in found if change.team.id == self.key.id)

    def next_key(
        self,
        maker: UUID,
        keys: PersonKeys,
        *takers: Person,
        removed: tuple[UUID, ...] = (),
        voucher: tuple[UUID, ...] | None = None,
    ) -> HeldKey:
        """What Jo can write: a next key of the office, for which the safeguarding team vouches, handed to some people.

        Args:
            maker: in whose name.
            keys: the own keys with which that is signed.
            removed: because of whom it says that it was made.
            voucher: the same in the voucher; None without one.
        """
        accounts, now = self.accounts, self.accounts.clock.wait(minutes=1)
        new = HeldKey(self.key.identity, uuid4(), TeamSecret.generate(), self.key.version + 1)
        statement = Succession(
            team=self.key.id,
            fingerprint=new.secret.fingerprint.hex(),
            at=now,
            version=new.version,
            previous=self.key.secret.fingerprint.hex(),
            removed=[str(person) for person in removed],
        )
        row = TeamKey(
            id=new.key_id,
            team_id=self.key.id,
            version=new.version,
            kem_public=new.secret.kem.public,
            signing_public=new.secret.signing.public,
            created_at=now,
            created_by=maker,
            succession=statement.text(),
            succession_signature=statement.sign(self.key.secret.signing),
            maker_signature=statement.sign(keys.signing),
        )
        if voucher is not None:
            vouches = Voucher(
                team=self.key.id,
                fingerprint=new.secret.fingerprint.hex(),
                removed=[str(person) for person in voucher],
                by_team=self.leads.id,
                at=now,
            )
            row.voucher, row.voucher_key_id = vouches.text(), self.leads.key_id
            row.voucher_signature = vouches.sign(self.leads.secret.signing)
        given = [
            Handover(
                team_key_id=new.key_id,
                taker_id=self.id(taker),
                giver_id=maker,
                sealed=handovers.hand_over(
                    new,
                    giver=keys,
                    giver_id=maker,
                    taker=own_keys(accounts, taker).public,
                    taker_id=self.id(taker),
                    at=now,
                ),
                created_at=now,
            )
            for taker in takers
        ]
        with accounts.db.write() as session:
            session.add(row)
            session.flush()
            session.add_all(given)
        return new


def confirm_only(accounts: Accounts, cora: Person, team_id: UUID) -> None:
    """Have the council confirm one team."""
    actor = accounts.actor(cora)
    shown = confirming.number_of(db=accounts.db, actor=actor, team_id=team_id)
    confirming.confirm(db=accounts.db, actor=actor, team_id=team_id, seen=shown.seen, now=accounts.clock.now)


def plant(office: Office) -> UUID:
    """Somebody of the school who does not exist."""
    row = Principal(
        id=uuid4(),
        kind="person",
        organisation_id=office.key.organisation_id,
        name="Mallory Made",
        email="mallory@school.example",
        created_at=office.accounts.clock.now,
    )
    planted_id = row.id
    with office.accounts.db.write() as session:
        session.add(row)
    return planted_id


def claim(office: Office, person: UUID, keys: PersonKeys) -> None:
    """Put somebody into the office, with what its key, which the leaver knows, signs of them."""
    now = office.accounts.clock.wait(minutes=1)
    statement = Member.of(
        team=office.key.id, principal=person, name="Mallory Made", public=keys.public, joined_at=now
    )
    with office.accounts.db.write() as session:
        session.add(
            Membership(
                principal_id=person,
                team_id=office.key.id,
                team_key_id=office.key.key_id,
                sealed=b"sealed",
                statement=statement.text(),
                signature=statement.sign(office.key.secret.signing),
                created_at=now,
            )
        )
