"""After somebody has left the NEET group, each team compares the council's number once more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.chains import events_of
from tests.exchange.people import Accounts, Person
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import council_key, progress
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import Area, KeyPin, TeamKey


@pytest.fixture
def kit(accounts: Accounts, cora: Person) -> Person:
    """Another member of the NEET group."""
    kit = accounts.colleague(cora, "Kit Council", "NEET group")
    accounts.clock.wait(minutes=1)
    accounts.sign_in(cora)
    return kit


def change(accounts: Accounts, by: Person, *, leaver: Person | None = None) -> UUID:
    """Give the NEET group a new key. Returns the id of its row."""
    actor = accounts.proven(by)
    if leaver is not None:
        teams.remove_person(
            db=accounts.db, actor=actor, principal_id=accounts.row(leaver).id, now=accounts.clock.now
        )
    (team,) = actor.teams
    accounts.change_key(by, team.id)
    return accounts.actor(by).teams[0].key_id


def is_root(accounts: Accounts, person: Person, key_id: UUID) -> bool:
    with accounts.db.read() as session:
        trust = trust_of(session, accounts.actor(person))
        return trust.is_root(session, session.get_one(TeamKey, key_id))


def test_a_change_without_a_removal_is_followed_without_a_call(
    accounts: Accounts, cora: Person, sam: Person, kit: Person
) -> None:
    key_id = change(accounts, cora)
    assert is_root(accounts, sam, key_id)
    assert council_key.key_to_compare(db=accounts.db, actor=accounts.actor(sam)) is None
    accounts.sign_in(sam)
    assert is_root(accounts, sam, key_id)


def test_after_a_removal_the_new_key_counts_once_its_number_was_compared(
    accounts: Accounts, cora: Person, sam: Person, kit: Person
) -> None:
    key_id = change(accounts, cora, leaver=kit)
    assert is_root(accounts, cora, key_id), "the NEET group stands on its own key"
    assert not is_root(accounts, sam, key_id)
    waiting = council_key.key_to_compare(db=accounts.db, actor=accounts.actor(sam))
    assert waiting is not None
    coras = accounts.actor(cora)
    assert waiting.organisation == "Ashdown Council"
    assert waiting.spoken == confirming.own_number(actor=coras, team_id=coras.teams[0].id)
    with pytest.raises(Refused):
        council_key.compare(db=accounts.db, actor=accounts.actor(sam), seen="0" * 64)
    council_key.compare(db=accounts.db, actor=accounts.actor(sam), seen=waiting.seen, now=accounts.clock.now)
    assert is_root(accounts, sam, key_id)
    assert council_key.key_to_compare(db=accounts.db, actor=accounts.actor(sam)) is None
    with pytest.raises(NotFound):
        council_key.compare(db=accounts.db, actor=accounts.actor(sam), seen=waiting.seen)


@pytest.mark.parametrize("ahead", [1, 97])
def test_a_row_that_somebody_puts_above_it_hides_nothing(
    accounts: Accounts, cora: Person, sam: Person, kit: Person, ahead: int
) -> None:
    key_id = change(accounts, cora, leaver=kit)
    with accounts.db.write() as session:
        key = session.get_one(TeamKey, key_id)
        add_key(session, key.team_id, TeamSecret.generate(), version=key.version + ahead)
    waiting = council_key.key_to_compare(db=accounts.db, actor=accounts.actor(sam))
    assert waiting is not None
    council_key.compare(db=accounts.db, actor=accounts.actor(sam), seen=waiting.seen, now=accounts.clock.now)
    assert is_root(accounts, sam, key_id)
    assert council_key.key_to_compare(db=accounts.db, actor=accounts.actor(sam)) is None


def test_the_key_before_confirms_nothing_more_once_it_is_retired(
    accounts: Accounts, cora: Person, sam: Person, kit: Person
) -> None:
    before = accounts.actor(cora).teams[0].key_id
    change(accounts, cora, leaver=kit)
    assert is_root(accounts, sam, before), "until the number was compared"
    while progress.carry_on(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now).left:
        pass
    waiting = council_key.key_to_compare(db=accounts.db, actor=accounts.actor(sam))
    assert waiting is not None
    council_key.compare(db=accounts.db, actor=accounts.actor(sam), seen=waiting.seen, now=accounts.clock.now)
    assert not is_root(accounts, sam, before)
    with accounts.db.write() as session:
        for key in session.query(TeamKey).all():
            key.retirement, key.retirement_signature = None, None
    assert not is_root(accounts, sam, before), "whoever remembers it needs no row for it"


def _compare(accounts: Accounts, actor: Actor) -> None:
    key = council_key.key_to_compare(db=accounts.db, actor=actor)
    assert key is not None
    council_key.compare(db=accounts.db, actor=actor, seen=key.seen, now=accounts.clock.now)


def test_whoever_is_in_no_team_keeps_what_they_compared(
    accounts: Accounts, cora: Person, sam: Person, kit: Person
) -> None:
    adi = accounts.colleague(sam, "Adi Admin", administrator=True)
    key_id = change(accounts, cora, leaver=kit)
    _compare(accounts, accounts.actor(adi))
    assert is_root(accounts, adi, key_id)
    accounts.sign_in_later(adi)
    assert is_root(accounts, adi, key_id)
    with pytest.raises(NotFound):
        council_key.compare(db=accounts.db, actor=accounts.actor(adi), seen="")


def test_nothing_is_said_to_be_compared_that_cannot_be_kept(
    accounts: Accounts, cora: Person, sam: Person, kit: Person
) -> None:
    """A session that cannot seal to its person, and a key in the place of one that they have seen."""
    before = accounts.actor(kit).teams[0]
    adi = accounts.colleague(sam, "Adi Admin", administrator=True)
    key_id = change(accounts, cora, leaver=kit)
    events = len(events_of(accounts.db, accounts.actor(adi).organisation_id))
    with pytest.raises(NotAllowed):
        _compare(accounts, replace(accounts.actor(adi), person=None))
    _compare(accounts, accounts.actor(adi))
    kits = TeamSecret.generate()
    with accounts.db.write() as session:
        session.execute(delete(KeyPin))
        for area in session.scalars(select(Area)):
            area.rules = area.rules_signature = area.rules_key_id = None
        key = session.get_one(TeamKey, key_id)
        statement = Succession(
            team=key.team_id,
            version=2,
            fingerprint=kits.fingerprint.hex(),
            previous=before.secret.fingerprint.hex(),
            removed=[],
            at=accounts.clock.now,
        )
        key.kem_public, key.signing_public = kits.kem.public, kits.signing.public
        key.succession, key.succession_signature = (
            statement.text(),
            statement.sign(before.secret.signing),
        )
    with pytest.raises(Refused, match="another key of the council"):
        _compare(accounts, accounts.actor(adi))
    assert not is_root(accounts, adi, key_id)
    noted = events_of(accounts.db, accounts.actor(adi).organisation_id)[events:]
    assert [event.kind for event in noted] == ["council_key.compared"]
