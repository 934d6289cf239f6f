"""Rows that tests begin with."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Principal, Record, Team, TeamKey


def organisation(db: Database, name: str = "Ashdown School") -> UUID:
    """An organisation in an area of its own."""
    with db.write() as session:
        area = Area(name="Ashdown")
        session.add(area)
        session.flush()
        school = Organisation(area_id=area.id, name=name, kind="school", sends=True)
        session.add(school)
        session.flush()
        return school.id


def principal(session: Session, organisation_id: UUID, email: str = "a.person@example.org") -> Principal:
    """A person of an organisation."""
    row = Principal(organisation_id=organisation_id, name="A. Person", email=email)
    session.add(row)
    session.flush()
    return row


def team(session: Session, organisation_id: UUID, *purposes: str) -> Team:
    """A team of an organisation."""
    row = Team(organisation_id=organisation_id, name="Team", purposes=list(purposes))
    session.add(row)
    session.flush()
    return row


def team_key(session: Session, team_id: UUID, version: int = 1) -> TeamKey:
    """A version of a team's key."""
    row = TeamKey(team_id=team_id, version=version, kem_public=b"", signing_public=b"")
    session.add(row)
    session.flush()
    return row


def record(session: Session, organisation_id: UUID, **columns: Any) -> Record:
    """A record of an organisation's learner."""
    school = session.get_one(Organisation, organisation_id)
    given = {"leaving_year": 2027, "version": "core/2027.1", "delete_on": date(2028, 8, 31), **columns}
    row = Record(area_id=school.area_id, organisation_id=organisation_id, **given)
    session.add(row)
    session.flush()
    return row
