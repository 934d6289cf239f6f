"""Who has left a team, whatever a leaver writes into rows, and what nobody takes from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.claims import OFFICE, own_keys, team_named
from tests.exchange.keys.office import Office, claim, plant
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.renewing import leaving, taking
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import Membership, TeamKey


@pytest.fixture
def office(accounts: Accounts, cora: Person, sam: Person) -> Office:
    return Office.build(accounts, cora, sam)


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


def _jo_comes_back(office: Office) -> None:
    """The key is changed because Jo left, and she is invited again."""
    accounts = office.accounts
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


def test_somebody_who_came_back_has_not_left(office: Office) -> None:
    office.remove_jo()
    _jo_comes_back(office)
    assert office.due(office.sam) == {}
    office.remove_jo()
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}, "and leaves again"


@pytest.mark.parametrize("how", ["row removed", "older key named", "row removed before anybody looked"])
def test_whoever_left_twice_hides_nothing_from_those_who_saw_them_back(office: Office, how: str) -> None:
    """The second key was made because Jo had left. They knew it when they were back, whatever their row names now."""
    accounts, jo = office.accounts, office.id(office.jo)
    office.remove_jo()
    _jo_comes_back(office)
    newest = team_named(accounts, office.sam, OFFICE).key_id
    theirs = (Membership.principal_id == jo, Membership.team_key_id == newest)
    gone, older = delete(Membership), update(Membership).values(team_key_id=office.key.key_id)
    if how.endswith("looked"):
        with accounts.db.write() as session:
            session.execute(gone.where(*theirs))
    accounts.sign_in_later(office.sam)
    office.remove_jo()
    with accounts.db.write() as session:
        session.execute((gone if how == "row removed" else older).where(*theirs))
    assert office.due(office.sam) == {OFFICE: ("Jo Marsh",)}
    accounts.change_key(office.sam, office.key.id)
    assert office.due(office.sam) == {}
