"""Invitations to further teams into which their maker put what they liked, and teams that they planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tests.exchange.people import MEMORY_KIB, Accounts, Person
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.coordinating import second_confirmer
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.invitations import invitation_row, wrap_bundle
from transition_exchange.exchange.joining.made_by import sign
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Invitation, Organisation, Team

OFFICE, SAFEGUARDING = "SEND and transition", "Safeguarding"


def join_as_told(
    accounts: Accounts,
    by: Person,
    who: Person,
    bundle: Bundle,
    shown: Sequence[UUID] = (),
    *,
    office: str = "",
) -> None:
    """Let somebody accept an invitation into which its maker put what they liked, and which they signed so.

    The form invites nobody into a team that they are in, so its row is written here.

    Args:
        shown: the teams besides the office that its row names.
        office: the name of the office, if it has another one now.
    """
    maker = accounts.actor(by)
    first = next(team for team in maker.teams if team.name == (office or OFFICE))
    named = {first.id: first.identity} | {team.id: team for team in bundle.teams}
    team_ids = [first.id, *shown]
    invitation = invitation_row(
        organisation_id=maker.organisation_id,
        name=who.name,
        email=who.email,
        administrator=False,
        team_ids=team_ids,
        now=accounts.clock.now,
    )
    teams = [named[team_id] for team_id in team_ids if team_id in named]
    sign(invitation, actor=maker, teams=teams, now=accounts.clock.now)
    code = wrap_bundle(
        invitation=invitation,
        bundle=bundle,
        by=maker.principal_id,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    invitation_id = invitation.id
    with accounts.db.write() as session:
        session.add(invitation)
    accepting.join_more(
        db=accounts.db,
        cookie=who.cookie,
        token=accounts.link(invitation_id),
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


def require_second_of(accounts: Accounts, cora: Person, nia: Person) -> None:
    """Let the council require from today on that a college's team confirms each team too."""
    team = accounts.actor(nia).teams[0]
    accounts.colleague(nia, "Nat Other", team.name)
    second_confirmer.choose_second(
        db=accounts.db,
        actor=accounts.proven(cora),
        team_id=team.id,
        since=utc_now().date(),
        now=utc_now(),
    )


def invitation_elsewhere(accounts: Accounts, sam: Person) -> Invitation:
    """An open invitation into the office whose maker saw the team under another name."""
    maker = accounts.actor(sam)
    team = maker.teams[0].identity
    row = invitation_row(
        organisation_id=maker.organisation_id,
        name="Pat New",
        email="pat@school.example",
        administrator=False,
        team_ids=[team.id],
        now=utc_now(),
    )
    sign(row, actor=maker, teams=[replace(team, name="Exams office")], now=utc_now())
    with accounts.db.write() as session:
        session.add(row)
    return row
