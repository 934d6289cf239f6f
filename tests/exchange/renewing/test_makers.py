"""Who made a new key, for somebody of another team who is asked to confirm it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.claims import OFFICE, School, own_keys
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import vouching
from transition_exchange.sealing.address_book import AddressBook, Sighting
from transition_exchange.store.models import Membership, Principal


@pytest.fixture
def school(accounts: Accounts, cora: Person, sam: Person) -> School:
    return School.with_two_teams(accounts, cora, sam)


def _left_and_changed(school: School) -> Person:
    """Jo leaves the office, where Max has joined since Ada signed in last; Max changes the key."""
    max_ = school.accounts.colleague(school.sam, "Max Moor", OFFICE, administrator=True)
    office = school.team(school.sam, OFFICE)
    school.accounts.clock.wait(minutes=1)
    teams.remove_from_team(
        db=school.accounts.db,
        actor=school.accounts.proven(school.sam),
        principal_id=school.id(school.jo),
        team_id=office.id,
        now=school.accounts.clock.now,
    )
    school.accounts.change_key(max_, office.id)
    return max_


@pytest.mark.parametrize("of", ["the team", "a third team"])
def test_a_third_team_makes_nobody_a_maker_whom_one_has_met(school: School, of: str) -> None:
    """What the team itself said of its member before anybody left counts, as it did; a third team's word does not."""
    school.sign_in(school.ada)
    by = school.team(school.sam, OFFICE).id if of == "the team" else UUID(int=7)
    max_ = _left_and_changed(school)
    book = school.accounts.actor(school.ada).address_book

    sighting = Sighting(by, False, own_keys(school.accounts, max_).public, "Max Moor")
    told = book.with_colleagues({school.id(max_): [sighting]}, now=school.accounts.clock.now)
    with school.accounts.db.write() as session:
        ada = session.get_one(Principal, school.id(school.ada))
        ada.address_book = told.seal(own_keys(school.accounts, school.ada).pair, principal_id=ada.id)
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.accounts.actor(school.ada))
    assert (waiting.maker, waiting.met) == ("Max Moor", of == "the team")


def test_false_keys_of_a_third_team_neither_hide_the_maker_nor_make_them_met(school: School) -> None:
    """Ada was told other keys for Max by a third team. The key that Max made still waits for her."""
    school.sign_in(school.ada)
    max_ = _left_and_changed(school)

    sighting = Sighting(UUID(int=7), False, school.made.public, "Max Moor")
    book = school.accounts.actor(school.ada).address_book
    told = book.with_colleagues({school.id(max_): [sighting]}, now=school.accounts.clock.now)
    with school.accounts.db.write() as session:
        ada = session.get_one(Principal, school.id(school.ada))
        ada.address_book = told.seal(own_keys(school.accounts, school.ada).pair, principal_id=ada.id)
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.accounts.actor(school.ada))
    assert (waiting.maker, waiting.met) == ("Max Moor", False)


def test_names_of_makers_and_leavers_are_those_that_were_signed(school: School) -> None:
    """Ada remembers nobody of the office, and every row there has another name."""
    max_ = _left_and_changed(school)
    pair = own_keys(school.accounts, school.ada).pair
    ids = [school.id(max_), school.id(school.jo)]
    with school.accounts.db.write() as session:
        session.execute(update(Principal).where(Principal.id.in_(ids)).values(name="Helena Quarmby"))
        ada = session.get_one(Principal, school.id(school.ada))
        ada.address_book = AddressBook().seal(pair, principal_id=ada.id)
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.accounts.actor(school.ada))
    assert (waiting.maker, waiting.left) == ("Max Moor", ("Jo Marsh",))
    with school.accounts.db.write() as session:
        row = session.scalars(select(Membership).where(Membership.principal_id == ids[1])).one()
        row.statement = None
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.accounts.actor(school.ada))
    assert (waiting.maker, waiting.left) == ("Max Moor", ("somebody",))
