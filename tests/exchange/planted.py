"""Invitations to further teams into which their maker put what they liked, and teams that they planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tests.exchange.people import MEMORY_KIB, Accounts, Person
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import wrap_bundle
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Invitation, Organisation, Team

OFFICE, SAFEGUARDING = "SEND and transition", "Safeguarding"


def join_as_told(
    accounts: Accounts, by: Person, who: Person, bundle: Bundle, shown: Sequence[UUID] = ()
) -> None:
    """Let somebody accept an invitation into which its maker put what they liked.

    The form invites nobody into a team that they are in, so it is made for somebody else, and its row is changed.

    Args:
        shown: the teams besides the office that its row names.
    """
    invited = accounts.invite(by, "Nobody Yet", OFFICE)
    with accounts.db.write() as session:
        invitation = session.get_one(Invitation, invited.invitation_id)
        invitation.name, invitation.email = who.name, who.email
        invitation.team_ids = [*invitation.team_ids, *map(str, shown)]
        code = wrap_bundle(
            invitation=invitation,
            bundle=bundle,
            by=accounts.row(by).id,
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )
    accepting.join_more(
        db=accounts.db,
        cookie=who.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=code,
        now=accounts.clock.now,
    )


def bundle_of(accounts: Accounts, by: Person, *more: HeldKey, **what: object) -> Bundle:
    """What somebody's invitation holds, with further keys or other content."""
    (team,) = accounts.actor(by).teams
    held = [team.held.for_others(), *more]
    return replace(
        Bundle(organisation_id=team.organisation_id, held=held, councils=team.councils),
        **what,  # type: ignore[arg-type]
    )


def planted_team(accounts: Accounts, sam: Person, purpose: str) -> HeldKey:
    """A team in the person's organisation that somebody made who can write to the database, with a key of theirs."""
    (office,) = accounts.actor(sam).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        row = Team(organisation_id=office.organisation_id, name="Records", purposes=[purpose])
        session.add(row)
        session.flush()
        identity = identity_in_rows(row, session.get_one(Organisation, office.organisation_id))
        return HeldKey(identity, add_key(session, row.id, secret).id, secret)
