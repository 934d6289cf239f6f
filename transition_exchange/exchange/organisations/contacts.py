"""Whom others ring about what a team sent: a member says it, and the team's key signs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.contacts import Contact, contacts_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.proforma.rules import contact as rules
from transition_exchange.proforma.rules.wrong import Wrong
from transition_exchange.purposes import SENDING
from transition_exchange.sealing.contacts import ContactStatement
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Team, TeamContact


def contacts(*, db: Database, actor: Actor) -> Mapping[UUID, Contact | None]:
    """Whom to ring at each team of the actor's organisation that sends; None where nothing that counts says it."""
    with db.read() as session:
        rows = session.scalars(select(Team).where(Team.organisation_id == actor.organisation_id))
        ids = [team.id for team in rows if not set(SENDING).isdisjoint(team.purposes)]
        ids += [team.id for team in to_ask(actor) if team.id not in ids]
        known = contacts_of(session, trust=trust_of(session, actor), team_ids=ids)
        return {team_id: known.get(team_id) for team_id in ids}


def to_ask(actor: Actor) -> tuple[OpenTeam, ...]:
    """The actor's teams that send, which can say whom to ring."""
    return tuple(team for team in actor.teams if not team.purposes.isdisjoint(SENDING))


def contact(*, db: Database, actor: Actor, team_id: UUID) -> tuple[OpenTeam, Contact | None]:
    """A team of the actor's that sends, and whom to ring there; None if it has not said so.

    Raises:
        NotFound: the actor is not in this team, or it does not send.
    """
    team = _own(actor, team_id)
    with db.read() as session:
        found = contacts_of(session, trust=trust_of(session, actor), team_ids=[team_id])
    return team, found.get(team_id)


def set_contact(
    *, db: Database, actor: Actor, team_id: UUID, name: str, phone: str, now: datetime | None = None
) -> Contact:
    """Sign whom others ring about what a team sent. It takes the place of what the team said before.

    Args:
        team_id: the team.
        name: who answers there.
        phone: the number, in any way of writing it.

    Returns:
        The contact as it was signed.

    Raises:
        NotFound: the actor is not in this team, or it does not send.
        Refused: the name is missing, or it is no phone number.
    """
    team = _own(actor, team_id)
    wrong: dict[str, str] = {}
    if not name.strip():
        wrong["name"] = "Enter who answers there"
    try:
        phone = rules.phone(phone)
    except Wrong as refused:
        wrong["phone"] = refused.message if phone.strip() else "Enter the number to ring"
    if wrong:
        raise Refused("Something is missing or wrong.", wrong)
    statement = ContactStatement(team=team.id, name=name.strip(), phone=phone, at=now or utc_now())
    with db.write() as session:
        # What was there may be a row that nobody can read; it makes room all the same.
        session.execute(delete(TeamContact).where(TeamContact.team_id == team.id))
        session.add(
            TeamContact(
                team_id=team.id,
                statement=statement.text(),
                signature=statement.sign(team.secret.signing),
                team_key_id=team.key_id,
            )
        )
        actor.note(session, "team.contact_set", team=team.id)
    return Contact(statement.name, statement.phone)


def _own(actor: Actor, team_id: UUID) -> OpenTeam:
    team = next((team for team in to_ask(actor) if team.id == team_id), None)
    if team is None:
        raise NotFound
    return team
