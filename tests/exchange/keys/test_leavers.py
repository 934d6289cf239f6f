"""Who has left a team, whatever a leaver writes into rows, and what nobody takes from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.claims import OFFICE, SAFEGUARDING, own_keys, team_named
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import changing, leaving, taking
from transition_exchange.exchange.renewing.changing import Change
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.sealing import handovers
from transition_exchange.sealing.keys import KeyPair, TeamSecret
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


@pytest.fixture
def office(accounts: Accounts, cora: Person, sam: Person) -> Office:
    jo = accounts.colleague(sam, "Jo Marsh", OFFICE, SAFEGUARDING, administrator=True)
    kim = accounts.colleague(sam, "Kim Fox", OFFICE)
    accounts.confirm(cora, sam)
    leads = team_named(accounts, jo, SAFEGUARDING)
    confirm_only(accounts, cora, leads.id)
    lee = accounts.colleague(jo, "Lee Lead", SAFEGUARDING)
    accounts.sign_in_later(sam, kim, jo, lee)
    key, leads = (team_named(accounts, jo, name) for name in (OFFICE, SAFEGUARDING))
    return Office(accounts, sam, kim, jo, lee, key, leads)


def confirm_only(accounts: Accounts, cora: Person, team_id: UUID) -> None:
    """Have the council confirm one team."""
    actor = accounts.actor(cora)
    shown = confirming.number_of(db=accounts.db, actor=actor, team_id=team_id)
    confirming.confirm(db=accounts.db, actor=actor, team_id=team_id, seen=shown.seen, now=accounts.clock.now)


@pytest.mark.parametrize(
    ("removed", "voucher"),
    [((), None), ((), ()), (("jo",), ("jo",)), (("stranger",), ("stranger",)), ((), ("jo",))],
)
def test_a_key_of_somebody_who_left_the_team_is_not_taken_though_another_team_of_theirs_vouches(
    office: Office, removed: tuple[str, ...], voucher: tuple[str, ...] | None
) -> None:
    accounts, jo = office.accounts, office.id(office.jo)
    ids = {"jo": jo, "stranger": uuid4()}
    keys = own_keys(accounts, office.jo)
    office.remove_jo()
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}
    false = office.next_key(
        jo,
        keys,
        office.sam,
        office.kim,
        removed=tuple(ids[name] for name in removed),
        voucher=None if voucher is None else tuple(ids[name] for name in voucher),
    )
    for _ in range(2):  # before and after signing in
        actor = accounts.actor(office.sam)
        assert false.secret.fingerprint not in {s.fingerprint for t in actor.teams for s in t.secrets}
        (offer,) = actor.offers
        assert (offer.giver_name, offer.from_member) == ("Jo Marsh", False)
        with pytest.raises(Refused, match="not in the team"):
            taking.take(db=accounts.db, actor=actor, offer_id=offer.id, seen=offer.seen)
        waits = duties(db=accounts.db, actor=actor)
        assert waits.headline.startswith(f"Somebody outside {OFFICE} handed you")
        accounts.sign_in_later(office.sam)


def test_a_colleagues_key_that_another_team_vouches_for_is_taken_without_a_question(office: Office) -> None:
    """Kim changes it because Jo has left, and somebody in safeguarding confirms it."""
    accounts, jo = office.accounts, office.id(office.jo)
    office.remove_jo()
    kim = own_keys(accounts, office.kim)
    new = office.next_key(office.id(office.kim), kim, office.sam, removed=(jo,), voucher=(jo,))
    (team,) = accounts.actor(office.sam).teams
    assert (team.version, team.secret.fingerprint) == (2, new.secret.fingerprint)
    accounts.sign_in_later(office.sam)
    assert office.due(office.sam) == {}


def test_a_colleagues_key_waits_if_it_names_nobody_who_left_or_not_everybody(office: Office) -> None:
    """Kim did not know yet that Jo has left. Whoever has left might have made up what another team says of it."""
    accounts = office.accounts
    office.remove_jo()
    kim = own_keys(accounts, office.kim)
    office.next_key(office.id(office.kim), kim, office.sam, voucher=())
    (offer,) = accounts.actor(office.sam).offers
    assert (offer.giver_name, offer.from_member) == ("Kim Fox", True)
    taking.take(db=accounts.db, actor=accounts.actor(office.sam), offer_id=offer.id, seen=offer.seen)
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}, "Jo is not named by the new key, so it is due"


def test_nobody_takes_unasked_a_key_of_a_member_whom_the_leaver_made_up(office: Office) -> None:
    accounts, jo = office.accounts, office.id(office.jo)
    office.remove_jo()
    mallory, keys = plant(office), PersonKeys(KeyPair.generate())
    claim(office, mallory, keys)
    accounts.sign_in_later(office.sam)  # Sam remembers Mallory now, as a member of the office
    office.next_key(mallory, keys, office.sam, removed=(jo,), voucher=(jo,))
    actor = accounts.actor(office.sam)
    assert ([offer.giver_name for offer in actor.offers], actor.teams) == (["Mallory Made"], ())
    with accounts.db.write() as session:
        later = accounts.clock.now + timedelta(hours=1)
        session.execute(update(Membership).where(Membership.principal_id == jo).values(removed_at=later))
    assert accounts.actor(office.sam).offers, "the log still says when Jo left"


def test_whoever_was_first_seen_after_somebody_left_is_not_ticked_whatever_the_leavers_row_says(
    office: Office,
) -> None:
    accounts = office.accounts
    office.remove_jo()
    mallory = plant(office)
    claim(office, mallory, PersonKeys(KeyPair.generate()))
    accounts.sign_in_later(office.sam)
    rows = select(Membership.id).where(
        Membership.principal_id == office.id(office.jo), Membership.team_id == office.key.id
    )
    for change in (update(Membership).values(removed_at=accounts.clock.now), delete(Membership)):
        with accounts.db.write() as session:
            session.execute(change.where(Membership.id.in_(rows)))
        ticked = {member.name: member.remembered for member in office.change(office.sam).staying}
        assert ticked == {"Kim Fox": True, "Mallory Made": False}


@pytest.mark.parametrize("how", ["row removed", "everything removed"])
def test_a_leaver_whose_row_is_gone_has_still_left(office: Office, how: str) -> None:
    accounts, jo = office.accounts, office.id(office.jo)
    office.remove_jo()
    with accounts.db.write() as session:
        if how == "row removed":
            session.execute(
                delete(Membership).where(Membership.principal_id == jo, Membership.team_id == office.key.id)
            )
        else:
            session.execute(delete(Membership).where(Membership.principal_id == jo))
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}
    follows = leaving.what_follows(
        db=accounts.db, actor=accounts.actor(office.sam), principal_id=office.id(office.kim)
    )
    assert [left.name for left in follows.teams] == [OFFICE]
    accounts.change_key(office.sam, office.key.id)
    assert office.due(office.sam) == {}
    with accounts.db.read() as session:
        new = session.scalars(select(TeamKey).where(TeamKey.version == 2)).one()
        assert str(jo) in (new.succession or "")


def test_a_leaver_who_only_knows_an_older_key_has_left_too(office: Office) -> None:
    """The newest key was made while they were there, and nobody handed it over to them."""
    accounts = office.accounts
    accounts.change_key(office.sam, office.key.id, hand_to=[])
    office.remove_jo()
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}
    accounts.change_key(office.sam, office.key.id, hand_to=[])
    assert office.due(office.sam) == {}


def test_no_leaver_says_themselves_that_a_key_was_made_because_of_them(office: Office) -> None:
    """Jo knows the first key, writes anew what it signed of the second, and gives their row that first key."""
    accounts, jo = office.accounts, office.id(office.jo)
    keys = own_keys(accounts, office.jo)
    accounts.change_key(office.sam, office.key.id)
    accounts.clock.wait(minutes=1)
    actor = accounts.actor(office.jo)
    (offer,) = actor.offers
    taking.take(db=accounts.db, actor=actor, offer_id=offer.id, seen=offer.seen, now=accounts.clock.now)
    office.remove_jo()
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}
    with accounts.db.write() as session:
        row = session.scalars(select(TeamKey).where(TeamKey.version == 2)).one()
        before = Succession.verify(
            row.succession or "", row.succession_signature or b"", office.key.secret.signing.public
        )
        statement = replace(before, removed=[str(jo)])
        row.succession, row.succession_signature = (
            statement.text(),
            statement.sign(office.key.secret.signing),
        )
        row.created_by, row.maker_signature = jo, statement.sign(keys.signing)
        session.execute(
            delete(Membership).where(Membership.principal_id == jo, Membership.team_key_id == row.id)
        )
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}


def test_somebody_who_came_back_has_not_left(office: Office) -> None:
    accounts = office.accounts
    office.remove_jo()
    accounts.change_key(office.sam, office.key.id)
    accounts.clock.wait(minutes=1)
    invited = accounts.invite(office.sam, "Jo Marsh", OFFICE)
    accepting.join_more(
        db=accounts.db,
        cookie=office.jo.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=invited.spoken_code or "",
        now=accounts.clock.now,
    )
    assert office.due(office.sam) == {}
    office.remove_jo()
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}, "and leaves again"


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
