"""What a leaver wrote with the key of another team that they left too: no change of that key carries it over."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from tests.exchange.claims import OFFICE, SAFEGUARDING, own_keys, team_named
from tests.exchange.keys.office import Office, claim, confirm_only, plant
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import progress, vouching
from transition_exchange.exchange.renewing.makers import remembered_maker
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import Membership, TeamKey


@pytest.fixture
def office(accounts: Accounts, cora: Person, sam: Person) -> Office:
    return Office.build(accounts, cora, sam)


def _leave_both(office: Office) -> None:
    teams.remove_person(
        db=office.accounts.db,
        actor=office.accounts.proven(office.sam),
        principal_id=office.id(office.jo),
        now=office.accounts.clock.wait(minutes=1),
    )


def _change_leads(office: Office) -> OpenTeam:
    """Lee changes the key of safeguarding, and everything is made anew."""
    accounts = office.accounts
    accounts.clock.wait(minutes=1)
    accounts.change_key(office.lee, office.leads.id)
    while progress.carry_on(db=accounts.db, actor=accounts.proven(office.lee), now=accounts.clock.now).left:
        pass
    return team_named(accounts, office.lee, SAFEGUARDING)


def _believed(office: Office, person: Person, key_id: UUID) -> bool:
    with office.accounts.db.read() as session:
        trust = trust_of(session, office.accounts.actor(person))
        return trust.known(session, session.get_one(TeamKey, key_id)) is not None


@pytest.mark.parametrize("maker", ["the leaver", "somebody whom the leaver made up"])
def test_nothing_that_a_leaver_vouched_for_outlives_the_key_that_they_knew(
    office: Office, cora: Person, maker: Literal["the leaver", "somebody whom the leaver made up"]
) -> None:
    """Before either key is changed, Jo makes a next key of the office, for which safeguarding vouches."""
    accounts, jo = office.accounts, office.id(office.jo)
    keys, made_by = own_keys(accounts, office.jo), jo
    _leave_both(office)
    if maker == "the leaver":
        with accounts.db.write() as session:
            theirs = (Membership.principal_id == jo, Membership.team_id == office.key.id)
            session.execute(update(Membership).where(*theirs).values(removed_at=None))
    else:
        made_by, keys = plant(office), PersonKeys(KeyPair.generate())
        claim(office, made_by, keys)
    accounts.sign_in_later(office.lee)
    left = uuid4()
    new = office.next_key(made_by, keys, removed=(left,), voucher=(left,))
    assert _believed(office, cora, new.key_id), "as long as the key of safeguarding is the one that Jo knows"
    leads = _change_leads(office)
    with accounts.db.read() as session:
        assert session.get_one(TeamKey, new.key_id).voucher is None
    confirm_only(accounts, cora, leads.id)
    assert not _believed(office, cora, new.key_id)


def test_a_voucher_for_a_key_that_the_person_made_is_signed_anew_although_somebody_left(
    office: Office, cora: Person
) -> None:
    """Kim leaves the office, and Lee, who is in both teams, changes its key. Then Jo leaves safeguarding."""
    accounts = office.accounts
    eve = accounts.colleague(office.jo, "Eve Both", OFFICE, SAFEGUARDING, administrator=True)
    accounts.sign_in_later(office.sam, eve, office.lee)
    _remove(office, office.kim, office.key.id)
    accounts.change_key(eve, office.key.id)
    made = team_named(accounts, eve, OFFICE)
    assert _believed(office, cora, made.key_id)
    _remove(office, office.jo, office.leads.id)
    accounts.change_key(eve, office.leads.id)
    actor = accounts.proven(eve)
    with accounts.db.read() as session:
        ids = vouching.due(session, actor=actor, trust=trust_of(session, actor))
    assert vouching.renew(db=accounts.db, actor=actor, ids=ids, now=accounts.clock.now) == 0
    leads = team_named(accounts, eve, SAFEGUARDING)
    with accounts.db.read() as session:
        assert session.get_one(TeamKey, made.key_id).voucher_key_id == leads.key_id


def _remove(office: Office, person: Person, team_id: UUID) -> None:
    teams.remove_from_team(
        db=office.accounts.db,
        actor=office.accounts.proven(office.sam),
        principal_id=office.id(person),
        team_id=team_id,
        now=office.accounts.clock.wait(minutes=1),
    )


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_voucher_goes_on_if_nobody_left_and_not_if_a_leaver_says_that_nobody_did(
    office: Office, rewritten: bool
) -> None:
    """Jo knows safeguarding's first key, and writes anew what it signed about the second."""
    accounts, kim = office.accounts, office.id(office.kim)
    keys = own_keys(accounts, office.jo)
    sams = office.next_key(
        office.id(office.sam), own_keys(accounts, office.sam), removed=(kim,), voucher=(kim,)
    )
    if rewritten:
        _remove(office, office.jo, office.leads.id)
    accounts.clock.wait(minutes=1)
    accounts.change_key(office.lee, office.leads.id)
    if rewritten:
        with accounts.db.write() as session:
            row = session.get_one(TeamKey, team_named(accounts, office.lee, SAFEGUARDING).key_id)
            said = Succession.verify(
                row.succession or "", row.succession_signature or b"", office.leads.known.signing_public
            )
            said = replace(said, removed=[])
            row.succession, row.succession_signature = said.text(), said.sign(office.leads.secret.signing)
            row.created_by, row.maker_signature = office.id(office.jo), said.sign(keys.signing)
    actor = accounts.proven(office.lee)
    assert vouching.renew(db=accounts.db, actor=actor, ids=[sams.key_id], now=accounts.clock.now) == 0
    with accounts.db.read() as session:
        assert (session.get_one(TeamKey, sams.key_id).voucher is None) is rewritten


def test_nobody_is_met_whom_a_team_named_only_while_a_leaver_knew_its_key(office: Office) -> None:
    """Neither through the team of the key, nor through one that both are in."""
    accounts, jo = office.accounts, office.id(office.jo)
    _leave_both(office)
    made_up, keys = plant(office), PersonKeys(KeyPair.generate())
    claim(office, made_up, keys)
    accounts.sign_in_later(office.sam, office.lee)
    new = office.next_key(made_up, keys, removed=(jo,))
    with accounts.db.read() as session:
        row = session.get_one(TeamKey, new.key_id)
        for person in (office.sam, office.lee):
            actor = accounts.actor(person)
            assert made_up in actor.address_book.colleagues
            assert remembered_maker(actor, row) is None
        row.created_by = office.id(office.kim)
        kims = own_keys(accounts, office.kim).public
        assert [remembered_maker(accounts.actor(who), row) for who in (office.sam, office.lee)] == [
            kims,
            kims,
        ]
        session.rollback()
