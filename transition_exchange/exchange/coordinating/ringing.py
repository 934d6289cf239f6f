"""Whom the council rings: a team, at the contact that it has signed, or else at its organisation's contact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.keys.contacts import Contact, contacts_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.confirmed_teams import teams_by_id
from transition_exchange.exchange.records.names import text_order
from transition_exchange.store.models import Organisation, Team, TeamKey


@dataclass(frozen=True, slots=True)
class AreaTeam:
    """A team of an organisation, as far as the council has to know whom to ring there.

    Attributes:
        name: as it was confirmed; else as its row says, with "(not confirmed)" after it.
        purposes: what it does, likewise.
        contact: whom the team has signed that others ring; None if it has not said so.
    """

    id: UUID
    name: str
    purposes: frozenset[str]
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class ToRing:
    """Somebody whom the council rings.

    Attributes:
        organisation: the name of their organisation.
        teams: the teams for which they are rung; none if it is not known which team it is.
        name, phone: who answers, and the number; both are empty if nobody is known.
        signed: whether these teams have signed it themselves. If not, it is what the organisation's row says.
    """

    organisation: str
    teams: tuple[str, ...]
    name: str = field(repr=False)
    phone: str = field(repr=False)
    signed: bool

    @property
    def known(self) -> bool:
        """Whether there is anybody to ring."""
        return bool(self.name or self.phone)

    @property
    def at(self) -> str:
        """Where they are: the team of the organisation, or the organisation with the teams to ask for."""
        if self.signed:
            return f"{listed(self.teams)} at {self.organisation}"
        asked_for = f"; ask for {listed(self.teams)}" if self.teams else ""
        return f"the contact of {self.organisation}{asked_for}"

    @property
    def words(self) -> str:
        """All of it in one line, as a table for download has it."""
        who = " on ".join(part for part in (self.name, self.phone) if part) or "Nobody is known"
        return f"{who} ({self.at})"


def area_teams(session: Session, *, trust: Trust) -> Mapping[UUID, tuple[AreaTeam, ...]]:
    """The teams of every organisation, by its id, in the order of their names.

    A team stands where it was confirmed, wherever its row is today.

    Args:
        trust: which keys the session trusts.
    """
    ids = {*session.scalars(select(Team.id)), *session.scalars(select(TeamKey.team_id))}
    teams = teams_by_id(session, trust=trust, team_ids=sorted(ids))
    contacts = contacts_of(session, trust=trust, team_ids=ids)
    found: dict[UUID, list[AreaTeam]] = {}
    for team in teams.values():
        who = team.identity or team.row
        if who is not None:
            contact = contacts.get(team.id)
            entry = AreaTeam(team.id, team.name, frozenset(who.purposes), contact)
            found.setdefault(who.organisation_id, []).append(entry)
    return {
        organisation_id: tuple(sorted(entries, key=lambda entry: (text_order(entry.name), entry.id)))
        for organisation_id, entries in found.items()
    }


def contact_in_row(organisation: Organisation) -> Contact | None:
    """An organisation's contact as its row says; None if it names nobody and no number."""
    name, phone = organisation.contact_name or "", organisation.phone or ""
    return Contact(name, phone) if name or phone else None


def whom_to_ring(
    teams: Iterable[AreaTeam], *, organisation: str, contact: Contact | None
) -> tuple[ToRing, ...]:
    """Whom to ring for some teams of an organisation: each team's own contact, then the organisation's for the others.

    Args:
        teams: the teams; none if it is not known which team it is.
        organisation: the name of the organisation.
        contact: its own contact; None if it has none.
    """
    teams = tuple(teams)
    by_contact: dict[Contact, list[str]] = {}
    for team in teams:
        if team.contact is not None:
            by_contact.setdefault(team.contact, []).append(team.name)
    found = [
        ToRing(organisation, tuple(names), known.name, known.phone, signed=True)
        for known, names in by_contact.items()
    ]
    others = tuple(team.name for team in teams if team.contact is None)
    if others or not teams:
        row = contact or Contact("", "")
        found.append(ToRing(organisation, others, row.name, row.phone, signed=False))
    return tuple(found)


def those_for(teams: Iterable[AreaTeam], work: Collection[str]) -> tuple[AreaTeam, ...]:
    """The teams that do any of some work, purposes of `purposes`."""
    return tuple(team for team in teams if not team.purposes.isdisjoint(work))
