"""Giving a second confirmer up takes somebody who reads it and means it; signing in and inviting keep it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from tests.exchange.chains import events_of
from tests.exchange.people import Accounts, Person
from tests.exchange.seconding import LONG_AGO
from transition_exchange.exchange.errors import NotReady, ProofNeeded, Refused
from transition_exchange.exchange.keys.area_rules import sign_rules
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import second_confirmer
from transition_exchange.exchange.renewing import taking
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Area, Membership


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    """The council's first administrator, in the NEET group."""
    return accounts.found()


@pytest.fixture
def sam(accounts: Accounts, cora: Person) -> Person:
    """The school's first administrator, in its transition team."""
    return accounts.school(cora)


@pytest.fixture
def second(accounts: Accounts, cora: Person, sam: Person) -> SecondConfirmer:
    """A college's team that the rules name, which Sam has seen at a sign-in."""
    team = accounts.actor(accounts.college(cora)).require("admissions")
    confirmer = SecondConfirmer(team.identity, team.secret.fingerprint.hex(), LONG_AGO)
    _require(accounts, cora, confirmer)
    half = accounts.give_passphrase(sam)
    accounts.clock.wait(minutes=1)
    sam.cookie = accounts.give_code(half, sam.app.code_at(accounts.clock.now)).cookie
    return confirmer


def _require(accounts: Accounts, cora: Person, second: SecondConfirmer | None) -> None:
    held = accounts.actor(cora).require("neet_group").held
    with accounts.db.write() as session:
        sign_rules(
            session.scalars(select(Area)).one(),
            held=held,
            send_at="accepted",
            versions={},
            signed_at=accounts.clock.wait(minutes=1),
            second=second,
        )


def _held(accounts: Accounts, person: Person) -> SecondConfirmer | None:
    (team,) = accounts.actor(person).teams
    return team.second


def _accept(accounts: Accounts, person: Person, *, seen: str | None = None, proven: bool = True) -> None:
    actor = accounts.proven(person)
    second_confirmer.accept_rules(
        db=accounts.db,
        cookie=person.cookie,
        actor=actor if proven else replace(actor, proven_until=None),
        seen=second_confirmer.standing(db=accounts.db, actor=actor).seen if seen is None else seen,
        now=accounts.clock.now,
    )


def test_what_was_seen_at_a_sign_in_stays_when_the_rules_drop_it(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    _require(accounts, cora, None)
    assert _held(accounts, sam) == second
    standing = second_confirmer.standing(db=accounts.db, actor=accounts.actor(sam))
    assert (standing.held, standing.named, standing.differs) == (second, None, True)


def test_who_accepts_the_new_rule_goes_by_it(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    _require(accounts, cora, None)
    _accept(accounts, sam)
    assert _held(accounts, sam) is None
    event = events_of(accounts.db, accounts.actor(sam).organisation_id)[-1]
    assert event.kind == "second_confirmer.accepted"


def test_another_confirmer_takes_its_place_only_by_accepting(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    other = replace(second, fingerprint="0" * 64)
    _require(accounts, cora, other)
    assert _held(accounts, sam) == second
    _accept(accounts, sam)
    assert _held(accounts, sam) == other


def test_accepting_asks_for_the_passphrase_and_for_the_rules_that_were_shown(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    shown = second_confirmer.standing(db=accounts.db, actor=accounts.actor(sam)).seen
    _require(accounts, cora, None)
    with pytest.raises(Refused, match="changed since this page was opened"):
        _accept(accounts, sam, seen=shown)
    with pytest.raises(ProofNeeded):
        _accept(accounts, sam, proven=False)
    with accounts.db.write() as session:
        session.scalars(select(Area)).one().rules_signature = b"s" * 64
    with pytest.raises(NotReady):
        _accept(accounts, sam, seen="")
    assert _held(accounts, sam) == second


def test_newcomers_get_it_with_their_keys(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    """Into a team that has a key, and into one that has none yet, after the council has dropped the rule."""
    _require(accounts, cora, None)
    for name, team in (("Alex Colleague", "SEND and transition"), ("Lee Lead", "Safeguarding")):
        newcomer = accounts.colleague(sam, name, team)
        assert _held(accounts, newcomer) == second, team


def test_who_is_in_no_team_any_more_holds_to_it(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    """Else whoever takes their memberships away invites them into a team that holds to none."""
    _require(accounts, cora, None)
    of_sam = Membership.principal_id == accounts.row(sam).id
    with accounts.db.write() as session:
        session.execute(update(Membership).where(of_sam).values(sealed=None))
    actor = accounts.actor(sam)
    assert (actor.teams, actor.second) == ((), second)
    with accounts.db.read() as session:
        assert trust_of(session, actor).seconds == (second,)


def test_who_accepts_that_it_is_dropped_does_not_remember_it_either(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    _require(accounts, cora, None)
    assert accounts.actor(sam).address_book.second == second
    _accept(accounts, sam)
    assert accounts.actor(sam).address_book.second is None


def test_who_is_in_no_team_accepts_it_for_good(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    adi = accounts.colleague(sam, "Adi Admin", administrator=True)
    assert accounts.actor(adi).second == second
    _require(accounts, cora, None)
    _accept(accounts, adi)
    accounts.sign_in_later(adi)
    standing = second_confirmer.standing(db=accounts.db, actor=accounts.actor(adi))
    assert (standing.held, standing.differs) == (None, False)


def test_what_was_accepted_is_in_the_membership_of_a_team_whose_new_key_they_lack(
    accounts: Accounts, cora: Person, sam: Person, second: SecondConfirmer
) -> None:
    """Else it would come back with the new key."""
    alex = accounts.colleague(sam, "Alex Colleague", "SEND and transition")
    accounts.sign_in_later(sam, alex)
    accounts.change_key(sam, accounts.actor(sam).teams[0].id)
    accounts.sign_in_later(alex)
    actor = accounts.actor(alex)
    assert (actor.teams, actor.second) == ((), second)
    _require(accounts, cora, None)
    _accept(accounts, alex)
    (offer,) = accounts.actor(alex).offers
    taking.take(
        db=accounts.db,
        actor=accounts.actor(alex),
        offer_id=offer.id,
        seen=offer.seen,
        now=accounts.clock.now,
    )
    assert _held(accounts, alex) is None
    assert accounts.actor(alex).second is None
