"""Whom to ring at teams that send: what each has signed with a key that counts. A row alone says nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.contacts import ContactStatement
from transition_exchange.store.models import TeamContact
from transition_exchange.store.unreadable import leave_out


@dataclass(frozen=True)
class Contact:
    """Whom to ring at a team, as it signed it.

    Attributes:
        name: who answers there.
        phone: the number.
    """

    name: str = field(repr=False)
    phone: str = field(repr=False)

    @property
    def words(self) -> str:
        """Both, as a sentence has them."""
        return f"{self.name}, {self.phone}"


def contacts_of(session: Session, *, trust: Trust, team_ids: Collection[UUID]) -> Mapping[UUID, Contact]:
    """Whom to ring, by team. Teams that have not said so, or of which nothing that counts says it, are left out.

    What a team whose key counts has not signed is counted among the rows that cannot be read.

    Args:
        trust: which keys the session trusts.
        team_ids: the teams.
    """
    rows = session.scalars(select(TeamContact).where(TeamContact.team_id.in_(team_ids)))
    found: dict[UUID, Contact] = {}
    for row in rows:
        key = key_in_rows(session, row.team_key_id)
        team = trust.known(session, key) if key is not None else None
        if team is None or team.id != row.team_id:
            continue
        statement = statement_in(row, team.signing_public)
        if statement is None:
            leave_out()
        else:
            found[row.team_id] = Contact(statement.name, statement.phone)
    return found


def statement_in(row: TeamContact, signing_public: bytes) -> ContactStatement | None:
    """What a team signed about itself; None if this key did not sign it, or it is about another team."""
    try:
        statement = ContactStatement.verify(row.statement, row.signature, signing_public)
    except (BadSignature, UnknownFormat):
        return None
    return statement if statement.team == str(row.team_id) else None
