"""Which version of the form an area uses for each leaving year. New records are begun in that version.

A record stays in the version in which it was begun, so a new choice holds for learners added from then on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.proforma import ProformaError, Version, load, version_for, versions
from transition_exchange.store.database import Database
from transition_exchange.store.models import AgreedVersion, Organisation

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FormChoice:
    """What an area can choose for one leaving year, and what it chose.

    Attributes:
        leaving_year: the year.
        agreed: the name of the version that the area agreed on; empty for the newest core version.
        newest: the core version that is used while nothing is agreed.
        versions: the installed versions for this year or an earlier one, newest first.
    """

    leaving_year: int
    agreed: str
    newest: Version
    versions: tuple[Version, ...]

    def takes(self, name: str) -> bool:
        """Whether the area can choose the version of this name; an empty name stands for the newest core version."""
        return not name or name in {version.name for version in self.versions}


def agreed_version(session: Session, area_id: UUID, leaving_year: int) -> Version:
    """The version that an area uses for those who leave in a year: what it agreed on, or the newest core version.

    Raises:
        UnknownVersion: the version agreed on is no longer installed.
    """
    row = session.get(AgreedVersion, (area_id, leaving_year))
    return load(row.version if row else version_for(leaving_year))


def form_for(*, db: Database, actor: Actor, leaving_year: int) -> Version:
    """The version that the area of the actor's organisation uses for those who leave in a year.

    Raises:
        UnknownVersion: the version agreed on is no longer installed.
    """
    with db.read() as session:
        area_id = session.get_one(Organisation, actor.organisation_id).area_id
        return agreed_version(session, area_id, leaving_year)


def choices(session: Session, area_id: UUID, years: Sequence[int]) -> tuple[FormChoice, ...]:
    """What an area can choose for some leaving years, and what it chose."""
    agreed = {
        row.leaving_year: row.version
        for row in session.scalars(select(AgreedVersion).where(AgreedVersion.area_id == area_id))
    }
    installed = [version for name in reversed(versions()) if (version := _readable(name))]
    return tuple(
        FormChoice(
            leaving_year=year,
            agreed=agreed.get(year, ""),
            newest=load(version_for(year)),
            versions=tuple(version for version in installed if version.year <= year),
        )
        for year in years
    )


def _readable(name: str) -> Version | None:
    """An installed version; None if its file is broken, which is logged for the operator."""
    try:
        return load(name)
    except (ProformaError, ImportError, SyntaxError, TypeError, NameError, AttributeError) as error:
        log.error("the file of the form %s cannot be used: %s", name, error)
        return None


def agree(session: Session, area_id: UUID, chosen: Mapping[int, str]) -> bool:
    """Store which versions an area agreed on. The caller has checked them with `choices`.

    Args:
        session: a session that writes.
        area_id: the area.
        chosen: the version's name by leaving year; an empty name stands for the newest core version.

    Returns:
        Whether anything changed.
    """
    changed = False
    for year, name in chosen.items():
        row = session.get(AgreedVersion, (area_id, year))
        if (row.version if row else "") == name:
            continue
        changed = True
        if row is None:
            session.add(AgreedVersion(area_id=area_id, leaving_year=year, version=name))
        elif name:
            row.version = name
        else:
            session.delete(row)
    return changed
