"""Who a team is: what a confirmation states, and what a membership and an invitation hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from transition_exchange.purposes import COORDINATING, RECEIVING, SENDING
from transition_exchange.sealing.errors import CannotOpen

PURPOSES = frozenset((*SENDING, *RECEIVING, *COORDINATING))
"""All the work that a team can do."""

UKPRN, URN = re.compile(r"[1-9][0-9]{7}"), re.compile(r"[0-9]{6}")
"""The numbers of a provider and of a school, as `ukprn` and `school_urn` take them."""

LONGEST_NAME = 200
"""Characters in the name of a team or an organisation, as the forms take them."""


@dataclass(frozen=True, kw_only=True)
class TeamIdentity:
    """A team with its organisation and what it is for.

    Attributes:
        purposes: what the team does, as `purposes` lists them.
        formerly: what it did before, while it was confirmed for that, and does no more. What it signed then still
            counts; nothing new is sealed to it for these purposes.
        ukprn: the UK provider reference number of its organisation; empty if it has none.
        school_urn: the unique reference number of its organisation, if that is a school; empty for every other.
    """

    id: UUID
    name: str
    organisation_id: UUID
    organisation_name: str
    purposes: frozenset[str]
    formerly: frozenset[str] = frozenset()
    ukprn: str = ""
    school_urn: str = ""

    @property
    def place(self) -> frozenset[str]:
        """What its organisation is: codes of `purposes.PLACES`, which decide whether it gets a learner's numbers."""
        return frozenset(
            code for code, number in (("with_ukprn", self.ukprn), ("school", self.school_urn)) if number
        )

    @property
    def receives(self) -> bool:
        """Whether the team reads records that are sent to its organisation."""
        return not self.purposes.isdisjoint(RECEIVING)

    @property
    def identity(self) -> TeamIdentity:
        """The identity alone, of a team that also has keys."""
        return TeamIdentity(
            id=self.id,
            name=self.name,
            organisation_id=self.organisation_id,
            organisation_name=self.organisation_name,
            purposes=self.purposes,
            formerly=self.formerly,
            ukprn=self.ukprn,
            school_urn=self.school_urn,
        )

    @property
    def signs_for(self) -> frozenset[str]:
        """The purposes for which a signature of the team counts: those that it has, and those that it had."""
        return self.purposes | self.formerly

    def changed(self, *, name: str, organisation_name: str, purposes: Collection[str]) -> TeamIdentity:
        """The same team after a change of its name, its organisation's name or its purposes."""
        now = frozenset(purposes)
        return replace(
            self.identity,
            name=name,
            organisation_name=organisation_name,
            purposes=now,
            formerly=self.signs_for - now,
        )

    def plain(self) -> dict[str, Any]:
        """The identity as JSON holds it, with the purposes sorted. What may be empty is left out while it is."""
        plain: dict[str, Any] = {
            "id": str(self.id),
            "name": self.name,
            "organisation": str(self.organisation_id),
            "organisation_name": self.organisation_name,
            "purposes": sorted(self.purposes),
        }
        further = {
            "formerly": sorted(self.formerly),
            "ukprn": self.ukprn,
            "school_urn": self.school_urn,
        }
        return plain | {name: value for name, value in further.items() if value}

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> TeamIdentity:
        """The identity that `plain` returned.

        Raises:
            CannotOpen: something in it is missing or is not what it should be, such as work that no team does.
        """
        try:
            identity = TeamIdentity(
                id=UUID(plain["id"]),
                name=str(plain["name"]),
                organisation_id=UUID(plain["organisation"]),
                organisation_name=str(plain["organisation_name"]),
                purposes=frozenset(map(str, plain["purposes"])),
                formerly=frozenset(map(str, plain.get("formerly", ()))),
                ukprn=_number(plain, "ukprn", UKPRN),
                school_urn=_number(plain, "school_urn", URN),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CannotOpen from None
        if not identity.purposes or not identity.signs_for <= PURPOSES:
            raise CannotOpen
        names = (identity.name, identity.organisation_name)
        if not all(name.strip() and len(name) <= LONGEST_NAME for name in names):
            raise CannotOpen
        return identity


def _number(plain: Mapping[str, Any], name: str, shape: re.Pattern[str]) -> str:
    """A number of the organisation; empty if it is not there.

    Raises:
        ValueError: it is no such number.
    """
    if name not in plain:
        return ""
    number = plain[name]
    if not isinstance(number, str) or shape.fullmatch(number) is None:
        raise ValueError
    return number
