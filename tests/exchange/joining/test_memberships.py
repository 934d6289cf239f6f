"""What joining brings: memberships of teams that have keys, and first keys for those that have none."""

from __future__ import annotations

from tests.exchange.people import Accounts
from transition_exchange.exchange.joining import invitations
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams


def test_a_school_s_first_administrator_opens_its_transition_team_and_not_safeguarding(
    accounts: Accounts,
) -> None:
    sam = accounts.school(accounts.found())
    actor = accounts.actor(sam)
    assert [team.name for team in actor.teams] == ["SEND and transition"]
    ready = {each.team_name: each for each in teams.own_teams(db=accounts.db, actor=actor)}
    assert not ready["Safeguarding"].has_key
    assert (ready["SEND and transition"].has_key, ready["SEND and transition"].openers) == (True, 1)


def test_the_first_member_of_a_further_team_makes_its_key(accounts: Accounts) -> None:
    """An administrator who is not in safeguarding invites its first member, and still opens nothing of it."""
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    assert [team.name for team in accounts.actor(dee).teams] == ["Safeguarding"]
    assert accounts.actor(sam).team_for("safeguarding") is None
    with accounts.db.read() as session:
        assert trust_of(session, accounts.actor(dee)).roots


def test_two_first_members_make_one_key_and_the_second_waits_for_the_first(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    dee, eve = (accounts.invite(sam, name, "Safeguarding") for name in ("Dee Lead", "Eve Deputy"))
    accounts.join(accounts.link(dee.invitation_id), dee.spoken_code or "", "Dee Lead")
    joined = accounts.join(accounts.link(eve.invitation_id), eve.spoken_code or "", "Eve Deputy")
    assert accounts.actor(joined).teams == ()
    waiting = invitations.open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
    assert [(each.name, each.teams, each.completed) for each in waiting] == [
        ("Eve Deputy", ("Safeguarding",), False)
    ]
