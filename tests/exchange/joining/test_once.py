"""Nobody has two open invitations into the same team."""

from __future__ import annotations

import pytest

from tests.exchange.people import Accounts
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.joining.invitations import open_invitations
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
    assert accounts.invite(sam, "Alex Aide", TRANSITION).spoken_code, "nothing is open any more"


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
