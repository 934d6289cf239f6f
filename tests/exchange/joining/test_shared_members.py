"""Nobody is invited into teams that share no member: only whoever is in all of them could finish the invitation."""

from __future__ import annotations

import pytest

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.invitations import open_invitations
from transition_exchange.exchange.organisations import teams

TRANSITION, SAFEGUARDING = "SEND and transition", "Safeguarding"


def _dee(accounts: Accounts, sam: Person) -> Person:
    """The safeguarding lead, who made the key of her team, and a deputy of hers."""
    dee = accounts.colleague(sam, "Dee Lead", SAFEGUARDING, administrator=True)
    accounts.colleague(dee, "Eve Deputy", SAFEGUARDING)
    return dee


@pytest.mark.parametrize("by", ["sam", "dee"])
def test_an_invitation_that_nobody_could_finish_is_not_made(accounts: Accounts, sam: Person, by: str) -> None:
    dee = _dee(accounts, sam)
    inviter = sam if by == "sam" else dee
    with pytest.raises(Refused) as refusal:
        accounts.invite(inviter, "New Nora", TRANSITION, SAFEGUARDING)
    assert refusal.value.message == (
        f"Nobody is in both {TRANSITION} and {SAFEGUARDING}, so nobody could finish this invitation. "
        "Invite them to each team separately, with the same e-mail address."
    )
    assert refusal.value.fields.keys() == {"teams"}
    assert open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now) == ()
    for team in (TRANSITION, SAFEGUARDING):
        accounts.invite(inviter, "New Nora", team)
    made = open_invitations(db=accounts.db, actor=accounts.actor(dee), now=accounts.clock.now)
    assert {invitation.teams for invitation in made} == {(TRANSITION,), (SAFEGUARDING,)}


def test_a_team_that_nobody_has_joined_asks_for_no_shared_member(accounts: Accounts, sam: Person) -> None:
    assert accounts.invite(sam, "Dee Lead", TRANSITION, SAFEGUARDING).spoken_code


def test_somebody_in_both_teams_finishes_it_until_they_leave(accounts: Accounts, sam: Person) -> None:
    dee = _dee(accounts, sam)
    accounts.colleague(sam, "Alex Aide", TRANSITION)
    both = accounts.invite(sam, "Dee Lead", TRANSITION)
    accepting.join_more(
        db=accounts.db,
        cookie=dee.cookie,
        token=accounts.link(both.invitation_id),
        spoken_code=both.spoken_code or "",
        now=accounts.clock.now,
    )
    made = accounts.invite(sam, "New Nora", TRANSITION, SAFEGUARDING)
    assert made.spoken_code is None

    def unfinished() -> tuple[str, ...]:
        now, actor = accounts.clock.now, accounts.actor(sam)
        (invitation,) = open_invitations(db=accounts.db, actor=actor, now=now)
        return invitation.nobody_in

    assert unfinished() == ()
    teams.remove_from_team(
        db=accounts.db,
        actor=accounts.proven(sam),
        principal_id=accounts.row(dee).id,
        team_id=accounts.actor(sam).teams[0].id,
        now=accounts.clock.now,
    )
    assert set(unfinished()) == {TRANSITION, SAFEGUARDING}
