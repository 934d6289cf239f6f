"""What an invitation carries under the spoken code."""

from __future__ import annotations

import pytest

from tests.exchange.people import Accounts
from transition_exchange.exchange.errors import Tampered
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import TeamKey


def test_a_team_key_swapped_in_the_database_is_noticed_on_joining(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    forged = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, accounts.actor(sam).teams[0].key_id)
        row.kem_public = forged.kem.public
    with pytest.raises(Tampered):
        accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")
