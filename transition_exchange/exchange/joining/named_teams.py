"""The teams of an invitation as its maker saw them, compared with who they are for everybody who handles it later.

The name and the work of a team stand in a row, which can be changed. So whoever invites a person signs what they saw.
Whoever makes the five words compares that with the team whose key they put in; whoever joins, with what the words bring
and with what they know of the team.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused, Tampered
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.exchange.keys.readiness import Readiness
from transition_exchange.exchange.keys.team_identities import identities
from transition_exchange.purposes import work
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.identities import PURPOSES, TeamIdentity
from transition_exchange.sealing.invitations import InvitationStatement, InvitedTeam
from transition_exchange.store.models import Invitation, Organisation, Team

ANOTHER_TEAM = (
    "This invitation is into another team than the one that it names, or the team has another name or other work now. "
    "Nothing was opened. Ask whoever invited you for a new one."
)

CHANGED_MEANWHILE = "A team’s name or work has changed since this page was opened. Look at the teams again."


def statement_in(invitation: Invitation) -> InvitationStatement | None:
    """What was signed about an invitation, before it is asked who signed it; None if that cannot be read."""
    if invitation.statement is None or invitation.signature is None:
        return None
    try:
        return InvitationStatement.read(invitation.statement)
    except (BadSignature, UnknownFormat):
        return None


def invited_teams(session: Session, invitation: Invitation) -> Mapping[UUID, InvitedTeam]:
    """The teams that an invitation's page names: as they were signed, by id and in the order of its row.

    The operator's invitation of a council has no signature. Its teams are named by their rows.
    """
    statement, ids = statement_in(invitation), [UUID(team_id) for team_id in invitation.team_ids]
    if statement is not None:
        return _by_id(statement.teams, ids)
    teams = (session.get(Team, team_id) for team_id in ids)
    return {
        team.id: InvitedTeam.of(identity_in_rows(team, session.get_one(Organisation, team.organisation_id)))
        for team in teams
        if team is not None
    }


def signed_teams(statement: InvitationStatement, invitation: Invitation) -> Mapping[UUID, InvitedTeam]:
    """The teams of an invitation, as its maker signed that they saw them, by id and in the order of its row."""
    return _by_id(statement.teams, [UUID(team_id) for team_id in invitation.team_ids])


def _by_id(teams: Iterable[InvitedTeam], ids: Sequence[UUID]) -> Mapping[UUID, InvitedTeam]:
    signed = {UUID(team.id): team for team in teams}
    return {team_id: signed[team_id] for team_id in ids if team_id in signed}


def digest_of_teams(teams: Iterable[Readiness]) -> str:
    """A digest of what some teams are called and do, in hexadecimal, for a page on which somebody chooses some."""
    shown = sorted(
        InvitedTeam(
            id=str(team.team_id),
            name=team.team_name,
            organisation_name=team.organisation_name,
            purposes=tuple(sorted(team.purposes)),
            ukprn=team.ukprn,
            school_urn=team.school_urn,
        )
        for team in teams
    )
    return _digest(shown)


def require_shown(session: Session, *, actor: Actor, seen: str) -> None:
    """Refuse what somebody chose on a page on which a team of their organisation had another name or other work.

    Args:
        seen: `digest_of_teams` of the page; empty if there was none.

    Raises:
        Refused: it is another digest now.
    """
    ids = session.scalars(select(Team.id).where(Team.organisation_id == actor.organisation_id)).all()
    now = map(InvitedTeam.of, identities(session, actor=actor, team_ids=ids))
    if seen and seen != _digest(sorted(now)):
        raise Refused(CHANGED_MEANWHILE, {"teams": CHANGED_MEANWHILE})


def _digest(teams: Iterable[InvitedTeam]) -> str:
    return hashlib.sha256(canonical({"teams": [team.plain() for team in teams]}).encode()).hexdigest()


def unlike(signed: Mapping[UUID, InvitedTeam], known: Iterable[TeamIdentity]) -> str:
    """How the teams of an invitation differ from those that somebody knows, and what to do; empty if they do not.

    Args:
        signed: the teams as the maker saw them.
        known: the teams as they are for whoever compares.
    """
    for team in known:
        seen, now = signed.get(team.id), InvitedTeam.of(team)
        if seen is not None and seen != now:
            return (
                f"The person who made this invitation was shown {_words(seen)}. But this team is {_words(now)}. "
                "Make no words for it. Ask an administrator to take it back and to invite the person again."
            )
    return ""


def require_brought(session: Session, invitation: Invitation, brought: Iterable[TeamIdentity]) -> None:
    """Refuse an invitation whose words bring other teams than its page names.

    Args:
        brought: the teams under the words.

    Raises:
        Tampered: one of them has another name or other work, or the page does not name it.
    """
    shown = invited_teams(session, invitation)
    if any(shown.get(team.id) != InvitedTeam.of(team) for team in brought):
        raise Tampered(ANOTHER_TEAM)


def _words(team: InvitedTeam) -> str:
    """A team in a sentence, with its work; work that no team does is named as nothing."""
    known = [purpose for purpose in team.purposes if purpose in PURPOSES]
    numbers = [
        f"{words} {number}"
        for words, number in (("UKPRN", team.ukprn), ("school URN", team.school_urn))
        if number
    ]
    place = ", ".join([team.organisation_name, *numbers])
    return f"“{team.name}” at {place}, which does {work(known) or 'nothing'}"
