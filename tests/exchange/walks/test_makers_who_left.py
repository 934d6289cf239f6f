"""Whoever has left makes no invitation, whatever they write into their own rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.claims import invitation_in_the_name_of, own_keys, team_named
from tests.exchange.joining.asked import complete, maker_of
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.inviting import NOT_CERTAIN
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import taking
from transition_exchange.store.models import Membership, Principal

TEAM = "SEND and transition"


@pytest.fixture
def dee(accounts: Accounts, sam: Person) -> Person:
    """The school's safeguarding lead, who shares no team with Sam."""
    return accounts.colleague(sam, "Dee Lead", "Safeguarding")


def doubt_of(accounts: Accounts, person: Person, invitation_id: UUID) -> tuple[str, str] | None:
    """The name and the doubt of whoever made an invitation, as somebody sees it."""
    maker = maker_of(accounts, person, invitation_id)
    return (maker.name, maker.doubt) if maker is not None else None


def remove(accounts: Accounts, by: Person, leaver: Person, *, from_team: UUID | None = None) -> None:
    """Remove somebody from a team, or from the organisation."""
    about: dict[str, Any] = {
        "db": accounts.db,
        "actor": accounts.proven(by),
        "principal_id": accounts.row(leaver).id,
        "now": accounts.clock.wait(minutes=1),
    }
    if from_team is not None:
        teams.remove_from_team(**about, team_id=from_team)
    else:
        teams.remove_person(**about)


@pytest.mark.parametrize("left", ["the organisation", "the team"])
def test_no_leaver_invites_with_what_they_write_into_their_own_rows(
    accounts: Accounts, sam: Person, left: str
) -> None:
    """The key was changed because of Jo, who takes the removal out of the database and signs an invitation."""
    jo, kim = (accounts.colleague(sam, name, TEAM) for name in ("Jo Marsh", "Kim Fox"))
    accounts.sign_in_later(sam, kim, jo)
    jo_id, keys = accounts.row(jo).id, own_keys(accounts, jo)
    team = team_named(accounts, sam, TEAM)
    remove(accounts, sam, jo, from_team=team.id if left == "the team" else None)
    accounts.change_key(sam, team.id)
    accounts.sign_in_later(sam)
    newest = team_named(accounts, sam, TEAM)
    invitation_id = invitation_in_the_name_of(accounts, jo_id, keys=keys, into=newest)
    assert doubt_of(accounts, sam, invitation_id) == ("Jo Marsh", "left")
    with accounts.db.write() as session:
        session.execute(update(Principal).where(Principal.id == jo_id).values(removed_at=None))
    assert doubt_of(accounts, sam, invitation_id) == ("Jo Marsh", "left")
    with accounts.db.write() as session:
        theirs = Membership.principal_id == jo_id
        session.execute(update(Membership).where(theirs).values(removed_at=None))
    assert doubt_of(accounts, sam, invitation_id) == ("Jo Marsh", "behind")
    with accounts.db.write() as session:  # nor does the older statement count beside the newer key
        session.execute(update(Membership).where(theirs).values(team_key_id=newest.key_id))
    assert doubt_of(accounts, sam, invitation_id) == ("Jo Marsh", "behind")
    with pytest.raises(Refused) as refused:
        complete(accounts, sam, invitation_id, asked=True)
    assert refused.value.message == NOT_CERTAIN


def test_whoever_left_the_team_and_is_in_another_is_asked_first(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """Only that other team says who they are then, as long as its newest key does."""
    eve = accounts.colleague(sam, "Eve Deputy", TEAM, administrator=True)
    accounts.confirm(cora, sam, dee)
    further = accounts.invite(sam, "Eve Deputy", "Safeguarding")
    words = complete(accounts, dee, further.invitation_id, asked=True).spoken_code
    accepting.join_more(
        db=accounts.db,
        cookie=eve.cookie,
        token=accounts.link(further.invitation_id),
        spoken_code=words or "",
        now=accounts.clock.now,
    )
    accounts.sign_in_later(sam, dee, eve)
    invited = accounts.invite(eve, "Fred Friend", TEAM)
    assert doubt_of(accounts, sam, invited.invitation_id) == ("Eve Deputy", "")
    remove(accounts, sam, eve, from_team=team_named(accounts, sam, TEAM).id)
    found = maker_of(accounts, sam, invited.invitation_id)
    assert found is not None
    assert (found.doubt, found.told_by, found.ask) == ("told", ("Safeguarding",), True)
    accounts.change_key(dee, team_named(accounts, dee, "Safeguarding").id, hand_to=[])
    assert doubt_of(accounts, sam, invited.invitation_id) == ("Eve Deputy", "behind")


def test_whoever_has_not_taken_the_newest_key_yet_makes_nobody_certain(
    accounts: Accounts, sam: Person
) -> None:
    """They are still there, so nothing says that they have left."""
    alex = accounts.colleague(sam, "Alex Aide", TEAM, administrator=True)
    invited = accounts.invite(alex, "Bea Clerk", TEAM)
    accounts.sign_in_later(sam)
    accounts.change_key(sam, team_named(accounts, sam, TEAM).id)
    assert doubt_of(accounts, sam, invited.invitation_id) == ("Alex Aide", "behind")
    accounts.sign_in_later(alex)
    actor = accounts.actor(alex)
    (offer,) = actor.offers
    taking.take(db=accounts.db, actor=actor, offer_id=offer.id, seen=offer.seen, now=accounts.clock.now)
    assert doubt_of(accounts, sam, invited.invitation_id) == ("Alex Aide", "")
