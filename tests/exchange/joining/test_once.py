"""Nobody has two open invitations into the same team, or one into a team that they are in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.exchange.people import Accounts
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting, inviting
from transition_exchange.exchange.joining.invitations import open_invitations
from transition_exchange.exchange.organisations import teams
from transition_exchange.store.models import Invitation

TRANSITION, SAFEGUARDING = "SEND and transition", "Safeguarding"


def test_a_second_invitation_waits_until_the_first_is_used_or_taken_back(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    first = accounts.invite(sam, "Alex Aide", TRANSITION)
    for administrator in (False, True):
        with pytest.raises(Refused, match=f"already invited into {TRANSITION} and has not joined") as refused:
            accounts.invite(sam, "Alex Aide", TRANSITION, administrator=administrator)
        assert refused.value.fields.keys() == {"email"}
    with accounts.db.write() as session:
        session.get_one(Invitation, first.invitation_id).expires_at = accounts.clock.now
    with pytest.raises(Refused, match="send that invitation again"):
        accounts.invite(sam, "Alex Aide", TRANSITION)
    actor, now = accounts.actor(sam), accounts.clock.now
    inviting.cancel(db=accounts.db, actor=actor, invitation_id=first.invitation_id, now=now)
    second = accounts.invite(sam, "Alex Aide", TRANSITION)
    accounts.accept(accounts.link(second.invitation_id), second.spoken_code or "")
    with pytest.raises(Refused, match=f"is already in {TRANSITION}"):
        accounts.invite(sam, "Alex Aide", TRANSITION)


def test_two_teams_have_an_invitation_each(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    accounts.invite(sam, "Alex Aide", TRANSITION)
    accounts.invite(sam, "Alex Aide", SAFEGUARDING)
    accounts.invite(sam, "Alex Aide", administrator=True)
    with pytest.raises(Refused, match="as an administrator"):
        accounts.invite(sam, "Alex Aide", administrator=True)
    with pytest.raises(Refused, match=f"invited into {SAFEGUARDING}"):
        accounts.invite(sam, "Alex Aide", SAFEGUARDING)
    assert len(open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)) == 3


ALREADY = f"Somebody with this e-mail address is already in {TRANSITION}."


@pytest.mark.parametrize(
    ("team_names", "administrator", "message"),
    [
        ((TRANSITION,), False, ALREADY),
        ((TRANSITION,), True, f"{ALREADY} On “People and teams” you can make them an administrator."),
        ((SAFEGUARDING, TRANSITION), False, f"{ALREADY} Invite them only to teams that they are not in yet."),
    ],
)
def test_nobody_is_invited_into_a_team_that_they_are_in(
    accounts: Accounts, team_names: tuple[str, ...], administrator: bool, message: str
) -> None:
    sam = accounts.school(accounts.found())
    accounts.colleague(sam, "Alex Aide", TRANSITION)
    with pytest.raises(Refused) as refused:
        accounts.invite(sam, "Alex Aide", *team_names, administrator=administrator)
    assert (refused.value.message, refused.value.fields) == (message, {"email": message})
    with accounts.db.read() as session:
        waiting = select(func.count()).select_from(Invitation).where(Invitation.accepted_at.is_(None))
        assert session.scalar(waiting) == 0, "no invitation was made"
    assert accounts.invite(sam, "Alex Aide", SAFEGUARDING).spoken_code, "into another team they are invited"


def test_an_administrator_is_not_invited_to_become_one(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    accounts.colleague(sam, "Alex Aide", administrator=True)
    with pytest.raises(Refused, match="is already an administrator"):
        accounts.invite(sam, "Alex Aide", administrator=True)
    assert accounts.invite(sam, "Alex Aide", TRANSITION, administrator=True).spoken_code


def test_whoever_has_not_the_newest_key_or_has_left_is_invited_again(accounts: Accounts) -> None:
    """Nobody handed the new key over to Alex. Robin is out of the team."""
    sam = accounts.school(accounts.found())
    alex = accounts.colleague(sam, "Alex Aide", TRANSITION)
    robin = accounts.colleague(sam, "Robin Reed", TRANSITION)
    team_id, now = accounts.actor(sam).teams[0].id, accounts.clock.now
    teams.remove_from_team(
        db=accounts.db,
        actor=accounts.proven(sam),
        principal_id=accounts.row(robin).id,
        team_id=team_id,
        now=now,
    )
    assert accounts.invite(sam, "Robin Reed", TRANSITION).spoken_code
    accounts.change_key(sam, team_id, hand_to=())
    invited = accounts.invite(sam, "Alex Aide", TRANSITION)
    accepting.join_more(
        db=accounts.db,
        cookie=alex.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=invited.spoken_code or "",
        now=now,
    )
    assert [team.version for team in accounts.actor(alex).teams] == [2]


def test_somebody_who_joins_while_they_are_invited_once_more_is_not(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague invites them, and they join, between the first look and the write."""
    sam = accounts.school(accounts.found())
    wrapped = inviting.wrapped

    def join_meanwhile(*args: Any, **how: Any) -> str:
        monkeypatch.undo()
        accounts.colleague(sam, "Alex Aide", TRANSITION)
        return wrapped(*args, **how)

    monkeypatch.setattr(inviting, "wrapped", join_meanwhile)
    with pytest.raises(Refused, match=f"is already in {TRANSITION}"):
        accounts.invite(sam, "Alex Aide", TRANSITION)
