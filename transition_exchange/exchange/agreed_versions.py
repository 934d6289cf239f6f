"""Which version of the form an area uses for each leaving year. New records are begun in that version.

A record stays in the version in which it was begun, so a new choice holds for learners added from then on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.keys.area_rules import rules_for
from transition_exchange.proforma import ProformaError, Version, load, version_for, versions
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.store.database import Database

log = logging.getLogger(__name__)

NOT_INSTALLED = (
    "Your area uses the form {name} for those who leave in {year}, and this service does not have it, "
    "so nobody can be added. Ring the council and tell it the name of the form."
)


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


def agreed_version(rules: AreaRules, leaving_year: int) -> Version:
    """The version that an area uses for those who leave in a year: what it agreed on, or the newest core version.

    Raises:
        NotReady: the version agreed on is not installed, or its file cannot be used.
    """
    name = rules.versions.get(str(leaving_year)) or version_for(leaving_year)
    version = _readable(name)
    if version is None:
        raise NotReady(NOT_INSTALLED.format(name=name, year=leaving_year))
    return version


def form_for(*, db: Database, actor: Actor, leaving_year: int) -> Version:
    """The version that the area of the actor's organisation uses for those who leave in a year.

    Raises:
        NotReady: the area's rules cannot be checked, or the version agreed on cannot be used.
    """
    with db.read() as session:
        return agreed_version(rules_for(session, actor), leaving_year)


def choices(rules: AreaRules | None, years: Sequence[int]) -> tuple[FormChoice, ...]:
    """What an area can choose for some leaving years, and what it chose."""
    installed = [version for name in reversed(versions()) if (version := _readable(name))]
    return tuple(
        FormChoice(
            leaving_year=year,
            agreed=rules.versions.get(str(year), "") if rules else "",
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
