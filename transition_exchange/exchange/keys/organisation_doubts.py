"""Whether the organisation that a new team names is the one that the NEET group confirmed under that name.

Callers compare an organisation's name, and what is signed holds its id too. Nobody reads an id out over the telephone,
so whoever can write to the database could put another organisation's id under the right name. So the name has to be the
one under which the id was made, or one that was confirmed of it. Rows that were taken away prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.confirmed_names import same_name
from transition_exchange.exchange.keys.organisation_ids import is_founded_as
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import TeamKey


def doubt_about(
    session: Session, trust: Trust, identity: TeamIdentity, *, known: TeamIdentity | None = None
) -> str:
    """Why a team may not be one of the organisation that it names.

    Args:
        trust: which keys the session trusts.
        identity: who the team would be confirmed to be.
        known: who it was confirmed to be before; None if never. Then its organisation is settled, and may be renamed.

    Returns:
        What is wrong, in words for whoever compares the number; empty if nothing is.
    """
    shown = identity.organisation_name
    if known is not None and same_name(known.organisation_name, shown):
        return ""
    organisation_id = identity.organisation_id
    founded = trust.area is not None and is_founded_as(organisation_id, area_id=trust.area, name=shown)
    held = any(
        team.organisation_id == organisation_id and same_name(team.organisation_name, shown)
        for team in trust.own.values()
    )
    newest: dict[UUID, tuple[str, str]] = {}
    for statement in _confirmed(session, trust):
        at, of = str(statement.confirmed_at), statement.identity
        if of.id != identity.id:
            newest[of.organisation_id] = max(
                newest.get(of.organisation_id, ("", "")), (at, of.organisation_name)
            )
    for other_id, (_, name) in newest.items():
        if other_id != organisation_id and same_name(name, shown):
            return (
                f"The council confirmed another organisation as “{shown}”, and this team stands in a second one of "
                "that name."
            )
    name = newest.get(organisation_id, ("", ""))[1]
    if known is not None or held or (name and same_name(name, shown)):
        return ""
    if name:
        return (
            f"This team stands in an organisation that the council confirmed as “{name}”, and here it is called "
            f"“{shown}”."
        )
    if founded:
        return ""
    return (
        f"The organisation in which this team stands was not invited as “{shown}”, and was never confirmed under that "
        "name. If it has changed its name since, confirm it under the first one, and let it change its name then."
    )


def is_confirmed(session: Session, trust: Trust, organisation_id: UUID) -> bool:
    """Whether the NEET group ever confirmed a team as one of an organisation, whatever rows say of it now."""
    return any(found.identity.organisation_id == organisation_id for found in _confirmed(session, trust))


def _confirmed(session: Session, trust: Trust) -> Iterator[Confirmation]:
    """All that the NEET group confirmed of any team, whether or not a second confirmer has too."""
    for key in session.scalars(select(TeamKey).where(TeamKey.confirmation.is_not(None))):
        statement = trust.confirmation(session, key)
        if statement is not None:
            yield statement
