"""Only a key that was really offered can be taken."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange import changing as changing_teams
from tests.exchange.people import Accounts, Person
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, Offer, WaitsFor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.held_keys import FIRST
from transition_exchange.exchange.keys.key_rows import fingerprint_of
from transition_exchange.exchange.renewing import changing, taking
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.sealing import handovers
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import Handover, TeamKey

TEAM = "SEND and transition"


def test_what_was_not_offered_is_not_there(world: World) -> None:
    team = world.school.teams["Transition team"]
    offer = Offer(uuid4(), team.held, uuid4(), "Robin Reed")
    actor = replace(world.senco, offers=(offer,))
    with pytest.raises(NotFound):
        taking.take(db=world.db, actor=actor, offer_id=uuid4(), seen=offer.seen)
    assert "secret" not in repr(offer)


def test_no_other_key_is_taken_than_the_one_on_the_page(world: World) -> None:
    team = world.school.teams["Transition team"]
    offer = Offer(uuid4(), team.held, uuid4(), "Robin Reed")
    actor = replace(world.senco, offers=(offer,))
    with pytest.raises(Refused, match="has changed"):
        taking.take(db=world.db, actor=actor, offer_id=offer.id, seen="0" * 64)


@pytest.mark.parametrize("first", sorted(FIRST))
def test_a_key_that_waits_for_something_else_is_not_taken(world: World, first: WaitsFor) -> None:
    team = world.school.teams["Transition team"]
    offer = Offer(uuid4(), team.held, uuid4(), "Robin Reed", waits_for=first)
    actor = replace(world.senco, offers=(offer,))
    with pytest.raises(Refused) as refused:
        taking.take(db=world.db, actor=actor, offer_id=offer.id, seen=offer.seen)
    assert refused.value.message == FIRST[first]


@pytest.fixture
def lee(accounts: Accounts, sam: Person) -> Person:
    """A colleague in Sam's team, who has met Robin and Sam there."""
    return accounts.colleague(sam, "Lee Lead", TEAM)


@pytest.fixture
def robin(accounts: Accounts, sam: Person, lee: Person) -> Person:
    """Somebody who is away while the key of their team is changed; they have met Lee and Sam there."""
    robin = accounts.colleague(sam, "Robin Reed", TEAM)
    accounts.sign_in_later(sam, lee, robin)
    return robin


def change(accounts: Accounts, by: Person) -> None:
    """Change the key of the team once more, and hand it over to everybody."""
    accounts.clock.wait(minutes=1)
    accounts.change_key(by, accounts.actor(by).teams[0].id)


def take(accounts: Accounts, by: Person) -> None:
    """Take the one key that is offered."""
    actor, now = accounts.actor(by), accounts.clock.wait(minutes=1)
    (offer,) = actor.offers
    taking.take(db=accounts.db, actor=actor, offer_id=offer.id, seen=offer.seen, now=now)


def held_versions(accounts: Accounts, person: Person) -> list[int]:
    """The numbers of the keys of the team that somebody holds."""
    (team,) = accounts.actor(person).teams
    return [held.version for held in team.held_keys]


def number(accounts: Accounts, person: Person) -> str:
    """The team's number on somebody's page “People and teams”."""
    actor = accounts.actor(person)
    return confirming.own_number(actor=actor, team_id=actor.teams[0].id)


@pytest.mark.parametrize("second", ["sam", "lee"])
def test_of_two_changes_in_a_row_the_newest_is_offered_and_the_one_before_is_taken_with_it(
    accounts: Accounts, sam: Person, lee: Person, robin: Person, second: str
) -> None:
    change(accounts, sam)
    (first,) = accounts.actor(robin).offers
    take(accounts, lee)
    maker = {"sam": sam, "lee": lee}[second]
    change(accounts, maker)
    (offer,) = accounts.actor(robin).offers
    assert (offer.giver_name, offer.spoken) == (maker.name, number(accounts, maker))
    assert [before.id for before in offer.earlier] == [first.id]
    robins = accounts.actor(robin)
    with pytest.raises(Refused, match="has changed"):
        taking.take(db=accounts.db, actor=robins, offer_id=first.id, seen=first.seen)
    take(accounts, robin)
    assert not accounts.actor(robin).without_key
    assert held_versions(accounts, robin) == [1, 2, 3]
    assert number(accounts, robin) == offer.spoken


def test_a_key_that_was_changed_again_and_not_handed_over_is_not_offered(
    accounts: Accounts, sam: Person, lee: Person, robin: Person
) -> None:
    """Whoever took it would compare a number that nobody sees any more, and still open nothing."""
    change(accounts, sam)
    accounts.change_key(sam, accounts.actor(sam).teams[0].id, hand_to=[accounts.row(lee).id])
    robins = accounts.actor(robin)
    assert (robins.offers, [team.name for team in robins.without_key]) == ((), [TEAM])
    waits = duties(db=accounts.db, actor=robins)
    assert [team.name for team in waits.without_key] == [TEAM]
    accounts.clock.wait(minutes=1)
    invited = accounts.invite(sam, "Robin Reed", TEAM)
    accepting.join_more(
        db=accounts.db,
        cookie=robin.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=invited.spoken_code or "",
        now=accounts.clock.now,
    )
    assert held_versions(accounts, robin) == [1, 2, 3]


def test_no_key_of_a_former_member_is_taken_on_the_way_to_a_colleagues_key(
    accounts: Accounts, sam: Person, lee: Person, robin: Person
) -> None:
    """Jo knows the first key, puts one of their own in the place of the second, and signs the third with it.

    Lee really made the third and signed as a person that it follows Sam's. Robin compares numbers with Lee alone.
    """
    jo = accounts.colleague(sam, "Jo Marsh", TEAM)
    accounts.sign_in_later(sam, lee, robin)
    jos, robins = accounts.actor(jo), accounts.actor(robin)
    first = jos.teams[0]
    change(accounts, sam)
    take(accounts, lee)
    change(accounts, lee)
    own = replace(first.held, secret=TeamSecret.generate(), version=2)
    with accounts.db.write() as session:
        second, third = (
            session.scalars(
                select(TeamKey).where(TeamKey.team_id == first.id, TeamKey.version == version)
            ).one()
            for version in (2, 3)
        )
        own = replace(own, key_id=second.id)
        _follow(second, first.secret, own.secret, maker=jos)
        _follow(third, own.secret, None, maker=None)
        to_robin = (Handover.team_key_id == second.id, Handover.taker_id == robins.principal_id)
        handed = session.scalars(select(Handover).where(*to_robin)).one()
        assert jos.person is not None
        assert robins.person is not None
        handed.giver_id, handed.sealed = (
            jos.principal_id,
            handovers.hand_over(
                own,
                giver=jos.person,
                giver_id=jos.principal_id,
                taker=robins.person.public,
                taker_id=robins.principal_id,
                at=accounts.clock.now,
            ),
        )
    (offer,) = accounts.actor(robin).offers
    assert (offer.giver_name, offer.earlier) == ("Jo Marsh", ()), "Lee’s word does not carry Jo’s key"


def _follow(key: TeamKey, before: TeamSecret, secret: TeamSecret | None, *, maker: Actor | None) -> None:
    """Let a stored key follow another by the signature of that one, and put another key into its row.

    Args:
        secret: the key that is put there; None to keep the one that stands there.
        maker: who signs it as a person; None to keep the signature that stands there.
    """
    if secret is not None:
        key.kem_public, key.signing_public = secret.kem.public, secret.signing.public
    statement = Succession(
        team=key.team_id,
        version=key.version,
        fingerprint=fingerprint_of(key).hex(),
        previous=before.fingerprint.hex(),
        removed=[],
        at=key.created_at,
    )
    key.succession, key.succession_signature = statement.text(), statement.sign(before.signing)
    if maker is not None and maker.person is not None:
        key.created_by, key.maker_signature = maker.principal_id, statement.sign(maker.person.signing)


def test_whoever_was_away_while_the_team_was_renamed_and_its_key_was_changed_takes_the_key(
    world: World,
) -> None:
    """From the next session on they hold the team as it is called now, with both keys."""
    team = world.school.teams["Transition team"]
    ann, kim = (changing_teams.member(world, name, team) for name in ("Ann", "Kim"))
    for person in (ann, kim, ann):
        changing_teams.sign_in(world, person)
    changing_teams.change(world, team, changing_teams.session_of(world, ann), name="Leavers team")
    changing_teams.sign_in(world, ann)
    actor = changing_teams.session_of(world, ann)
    (shown,) = changing.changes(db=world.db, actor=actor)
    assert (shown.team.name, kim.row.id in {staying.principal_id for staying in shown.staying}) == (
        "Leavers team",
        True,
    )
    changing.change_key(db=world.db, actor=actor, team_id=team.row.id, seen=shown.seen, hand_to=[kim.row.id])
    kims = changing_teams.session_of(world, kim)
    (offer,) = kims.offers
    assert (kims.teams, offer.held.team.name, offer.from_member) == ((), "Leavers team", True)
    taking.take(db=world.db, actor=kims, offer_id=offer.id, seen=offer.seen)
    (after,) = changing_teams.session_of(world, kim).teams
    assert (after.name, after.version, [key.version for key in after.older.values()]) == (
        "Leavers team",
        2,
        [1],
    )
