"""Who made an invitation, and what a page showed of it.

An invitation is a row, and whoever can write to the database can put one there or change one. They can append an event
to a chain too. So whoever makes an invitation signs what it says as themselves, and it counts for those who know their
key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, Tampered
from transition_exchange.exchange.joining.bundles import CHANGED
from transition_exchange.exchange.keys.remembering import colleagues
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.invitations import InvitationStatement
from transition_exchange.sealing.people import PersonPublic
from transition_exchange.store.models import Invitation, Principal

Doubt = Literal["", "unknown", "left"]


@dataclass(frozen=True)
class Maker:
    """Who made an invitation.

    Attributes:
        name: their name as the person who looks knows it; as the database says, if there is a doubt. May be empty.
        at: when they made it, as they signed.
        doubt: why that cannot be taken for certain. `unknown`: the person who looks does not know their key, so nobody
            knows whose signature it is. `left`: they are no longer in the organisation. Somebody who has left keeps
            their key, and could sign another invitation with any day on it.
    """

    name: str
    at: datetime
    doubt: Doubt = ""


def digest_of(invitation: Invitation) -> str:
    """A digest of whom an invitation asks into which teams, in hexadecimal."""
    asked = {
        "id": str(invitation.id),
        "organisation": str(invitation.organisation_id),
        "name": invitation.name,
        "email": invitation.email,
        "administrator": invitation.administrator,
        "teams": sorted(invitation.team_ids),
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


def sign(invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    """Sign an invitation as the person who makes it.

    Args:
        invitation: the invitation, which is changed.
        actor: who makes it.
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
        teams=invitation.team_ids,
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
            their next sign-in. A member of the NEET group so knows who of the council invited an organisation.
    """
    signed = {
        invitation.id: (invitation, statement)
        for invitation in invitations
        if (statement := _statement_of(invitation)) is not None
    }
    ids = {UUID(str(statement.maker)) for _, statement in signed.values()}
    rows = session.execute(
        select(Principal.id, Principal.name, Principal.removed_at).where(Principal.id.in_(ids))
    )
    in_rows = {row.id: row for row in rows}
    known = _known(session, actor, ids)
    made: dict[UUID, Maker] = {}
    for invitation_id, (invitation, statement) in signed.items():
        maker_id, at = UUID(str(statement.maker)), datetime.fromisoformat(str(statement.at))
        row = in_rows.get(maker_id)
        if maker_id not in known:
            made[invitation_id] = Maker(row.name if row else "", at, "unknown")
            continue
        public, name = known[maker_id]
        try:
            statement.check(invitation.signature or b"", public.signing)
        except BadSignature:
            continue
        there = row is not None and row.removed_at is None
        made[invitation_id] = Maker(name, at, "" if there else "left")
    return made


def _known(session: Session, actor: Actor, ids: Set[UUID]) -> Mapping[UUID, tuple[PersonPublic, str]]:
    """The public keys and names of those of some people whom the actor knows, by id."""
    known = {
        id: (colleague.public, colleague.name) for id, colleague in actor.address_book.colleagues.items()
    }
    if actor.person is not None:
        known[actor.principal_id] = (actor.person.public, actor.name)
    if ids <= known.keys():
        return known
    met = colleagues(session, actor=actor, trust=trust_of(session, actor))
    return {**met, **known}  # whom they remember stays as they were first seen


def _statement_of(invitation: Invitation) -> InvitationStatement | None:
    """What was signed about an invitation, unless the row says something else. The signature is checked later."""
    if invitation.statement is None or invitation.signature is None:
        return None
    try:
        statement = InvitationStatement.read(invitation.statement)
        UUID(str(statement.maker))
    except (BadSignature, UnknownFormat, ValueError):
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
    teams = sorted(invitation.team_ids)
    if statement.invitation == str(invitation.id):
        return (list(statement.teams), statement.administrator) == (teams, invitation.administrator)
    return not invitation.administrator and bool(teams) and set(teams) <= set(statement.teams)
