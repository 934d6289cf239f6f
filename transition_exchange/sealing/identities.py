"""Who a team is: what a confirmation states, and what a membership and an invitation hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from transition_exchange.sealing.errors import CannotOpen


@dataclass(frozen=True, kw_only=True)
class TeamIdentity:
    """A team with its organisation and what it is for.

    Attributes:
        purposes: what the team does, as `purposes` lists them.
    """

    id: UUID
    name: str
    organisation_id: UUID
    organisation_name: str
    purposes: frozenset[str]

    @property
    def identity(self) -> TeamIdentity:
        """The identity alone, of a team that also has keys."""
        return TeamIdentity(
            id=self.id,
            name=self.name,
            organisation_id=self.organisation_id,
            organisation_name=self.organisation_name,
            purposes=self.purposes,
        )

    def plain(self) -> dict[str, Any]:
        """The identity as JSON holds it, with the purposes sorted."""
        return {
            "id": str(self.id),
            "name": self.name,
            "organisation": str(self.organisation_id),
            "organisation_name": self.organisation_name,
            "purposes": sorted(self.purposes),
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> TeamIdentity:
        """The identity that `plain` returned.

        Raises:
            CannotOpen: something in it is missing or is not what it should be.
        """
        try:
            identity = TeamIdentity(
                id=UUID(plain["id"]),
                name=str(plain["name"]),
                organisation_id=UUID(plain["organisation"]),
                organisation_name=str(plain["organisation_name"]),
                purposes=frozenset(map(str, plain["purposes"])),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CannotOpen from None
        return identity
