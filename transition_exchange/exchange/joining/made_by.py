"""Who made an invitation, and what a page showed of it.

An invitation is a row, and whoever can write to the database can put one there or change one. They can append an event
to a chain too. So whoever makes an invitation signs what it says as themselves, and it counts for those who know their
key.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, Tampered
from transition_exchange.exchange.joining.bundles import CHANGED
from transition_exchange.exchange.joining.named_teams import signed_teams, statement_in
from transition_exchange.exchange.keys.colleagues import Known, known_people
from transition_exchange.exchange.keys.team_identities import names as names_of
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.invitations import InvitationStatement, InvitedTeam
from transition_exchange.sealing.people import PersonPublic
from transition_exchange.store.models import Invitation, Membership, Principal

Doubt = Literal["", "told", "namesake", "doubtful", "unknown", "behind", "left"]

ASK_FIRST: Collection[Doubt] = ("told", "namesake")
"""The doubts that go away when somebody asks the maker in person whether they made the invitation."""


@dataclass(frozen=True)
class Maker:
    """Who made an invitation.

    Attributes:
        name: their name as the person who looks knows it, from what was signed. Empty if it is not known.
        at: when they made it, as they signed.
        doubt: why that cannot be taken for certain. `told`: only another team, in which the person who looks is not,
            says whose signature it is. `namesake`: the person knows somebody else by this name too. `doubtful`:
            different keys were named for the maker, and one of them signed. `unknown`: the person who looks does not
            know the maker's key, so nobody knows whose signature it is. `left`: they are in no team of the
            organisation any more. Somebody who has left keeps their key, and could sign another invitation with any day
            on it. `behind`: a row says that they are in a team, but no team's newest key has signed it. They have not
            taken that key yet, it is not confirmed yet, or they have left and put the row back.
        told_by: the names of the teams that say who it is, where it is `told`.
        into: the teams of the invitation, as they signed that they saw them, by id.
    """

    name: str
    at: datetime
    doubt: Doubt = ""
    told_by: tuple[str, ...] = ()
    into: Mapping[UUID, InvitedTeam] = field(default_factory=dict, repr=False, compare=False)

    @property
    def ask(self) -> bool:
        """Whether the person who looks has to ask them in person whether they made it."""
        return self.doubt in ASK_FIRST


def digest_of(invitation: Invitation) -> str:
    """A digest of whom an invitation asks into which teams, and of what its maker signed, in hexadecimal."""
    asked = {
        "id": str(invitation.id),
        "organisation": str(invitation.organisation_id),
        "name": invitation.name,
        "email": invitation.email,
        "administrator": invitation.administrator,
        "teams": sorted(invitation.team_ids),
        "statement": invitation.statement,
    }
    return hashlib.sha256(canonical(asked).encode()).hexdigest()


def require_as_asked(invitation: Invitation, *, asked: str) -> None:
    """Refuse an invitation that was changed after its five words were made.

    Whoever made the words checked who had signed it as it was then. A newcomer knows nobody's key yet.

    Args:
        asked: its digest when the words were made, as `Bundle.asked` holds it.

    Raises:
        Tampered: it asks somebody else, into other teams, or as an administrator.
    """
    if digest_of(invitation) != asked:
        raise Tampered(CHANGED)


def sign(invitation: Invitation, *, actor: Actor, teams: Sequence[TeamIdentity], now: datetime) -> None:
    """Sign an invitation as the person who makes it.

    Args:
        invitation: the invitation, which is changed.
        actor: who makes it.
        teams: its teams, as they were shown to them.
        now: when.

    Raises:
        NotAllowed: this session cannot sign as the person.
    """
    if actor.person is None:
        raise NotAllowed
    statement = InvitationStatement(
        invitation=invitation.id,
        organisation=invitation.organisation_id,
        email=invitation.email or "",
        name=invitation.name or "",
        teams=[InvitedTeam.of(team) for team in teams],
        administrator=invitation.administrator,
        maker=actor.principal_id,
        at=now,
    )
    invitation.invited_by = actor.principal_id
    invitation.statement = statement.text()
    invitation.signature = statement.sign(actor.person.signing)


def makers(session: Session, actor: Actor, invitations: Iterable[Invitation]) -> dict[UUID, Maker]:
    """Who made some invitations, by the invitations' ids.

    One that nobody signed, that says something else now than when it was signed, or whose signature is not that of the
    person whom it names is missing. So is one that the operator made, whose five words exist from the start.

    Args:
        actor: who looks. They know themselves, the colleagues of their address book, and those whom it would take in at
            their next sign-in. Of these, those are certain whom a team of the actor's says to be in it now. A member of
            the NEET group so knows who of the council invited an organisation.
    """
    signed = {
        invitation.id: (invitation, statement)
        for invitation in invitations
        if (statement := _statement_of(invitation)) is not None
    }
    if not signed:
        return {}
    known = known_people(session, actor=actor)
    whose = {UUID(str(statement.maker)) for _, statement in signed.values()}
    standings = _standings(session, actor, {id: known[id] for id in whose if id in known})
    names = Counter(person.name.casefold() for person in known.values())
    made: dict[UUID, Maker] = {}
    for invitation_id, (invitation, statement) in signed.items():
        maker_id, at = UUID(str(statement.maker)), datetime.fromisoformat(str(statement.at))
        person, into = known.get(maker_id), signed_teams(statement, invitation)
        if person is None:
            made[invitation_id] = Maker("", at, "unknown", into=into)
        elif any(_is_signed_by(statement, invitation, public) for public in person.publics):
            doubt, told_by = standings[maker_id]
            if person.doubtful:
                made[invitation_id] = Maker("", at, "doubtful", into=into)
            elif doubt:
                made[invitation_id] = Maker(person.name, at, doubt, told_by, into=into)
            elif maker_id != actor.principal_id and names[person.name.casefold()] > 1:
                made[invitation_id] = Maker(person.name, at, "namesake", into=into)
            else:
                made[invitation_id] = Maker(person.name, at, into=into)
    return made


def _standings(
    session: Session, actor: Actor, people: Mapping[UUID, Known]
) -> Mapping[UUID, tuple[Doubt, tuple[str, ...]]]:
    """Whether some people are still in a team of the actor's, by their ids; else why not, and which others say so.

    Whoever has left can say in their own rows that they have not. So it counts what a team's newest key has signed,
    which they do not know once the key has been changed.

    Args:
        people: those of whom it is asked.
    """
    there = set(
        session.scalars(
            select(Membership.principal_id)
            .join(Principal, Principal.id == Membership.principal_id)
            .where(
                Membership.principal_id.in_(people),
                Membership.removed_at.is_(None),
                Principal.removed_at.is_(None),
            )
        )
    )
    own = {team.id for team in actor.teams}
    called = names_of(session, actor=actor, team_ids={id for person in people.values() for id in person.now})
    standings: dict[UUID, tuple[Doubt, tuple[str, ...]]] = {}
    for maker_id, person in people.items():
        if maker_id == actor.principal_id:
            standings[maker_id] = "", ()
        elif maker_id not in there:
            standings[maker_id] = "left", ()
        elif not person.now:
            standings[maker_id] = "behind", ()
        elif person.certain and not own.isdisjoint(person.now):
            standings[maker_id] = "", ()
        else:
            standings[maker_id] = "told", tuple(sorted(called[id] for id in person.now if id in called))
    return standings


def _is_signed_by(statement: InvitationStatement, invitation: Invitation, maker: PersonPublic) -> bool:
    try:
        statement.check(invitation.signature or b"", maker.signing)
    except BadSignature:
        return False
    return True


def _statement_of(invitation: Invitation) -> InvitationStatement | None:
    """What was signed about an invitation, unless the row says something else. The signature is checked later."""
    statement = statement_in(invitation)
    if statement is None:
        return None
    try:
        UUID(str(statement.maker))
    except ValueError:
        return None
    return statement if _fits(statement, invitation) else None


def _fits(statement: InvitationStatement, invitation: Invitation) -> bool:
    """Whether a row says what was signed.

    An invitation into teams that its person could not join yet is a row of its own, with the statement of the one that
    they accepted. It may ask them into fewer teams than that, and not as an administrator.
    """
    signed = (statement.organisation, statement.email, statement.name, statement.maker)
    row = (
        str(invitation.organisation_id),
        invitation.email,
        invitation.name,
        str(invitation.invited_by),
    )
    if signed != row:
        return False
    teams, signed_ids = sorted(invitation.team_ids), [team.id for team in statement.teams]
    if statement.invitation == str(invitation.id):
        return (signed_ids, statement.administrator) == (teams, invitation.administrator)
    return not invitation.administrator and bool(teams) and set(teams) <= set(signed_ids)
