"""The second confirmer: a team of another organisation that confirms each team too, where an area requires it.

A council that also runs the database could otherwise insert a college's team with a key of its own and confirm it
alone. The area's rules name the second confirmer with its fingerprint, and whoever has seen that keeps it sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.identities import TeamIdentity


@dataclass(frozen=True)
class SecondConfirmer:
    """Who confirms besides the NEET group, and from which day on nobody is believed without it.

    Attributes:
        team: who the team is.
        fingerprint: the fingerprint of its key, in hexadecimal. Keys that followed on this one count too.
        since: the first day on which a team needs both confirmations.
        version: the number of its key. A copy of the key with another number is not the one that is named.
    """

    team: TeamIdentity
    fingerprint: str
    since: date
    version: int = 1

    @property
    def words(self) -> str:
        """The team as a sentence names it."""
        return f"{self.team.name} at {self.team.organisation_name}"

    def is_same_as(self, other: SecondConfirmer | None) -> bool:
        """Whether another one is the same team with the same key, whatever it is called and since whenever."""
        return other is not None and self.key == other.key

    @property
    def key(self) -> tuple[UUID, int, str]:
        """The team's id, and the number and the fingerprint of its key."""
        return self.team.id, self.version, self.fingerprint

    def is_needed_on(self, day: date) -> bool:
        """Whether a team needs both confirmations on a day."""
        return self.since <= day

    def earliest(self, other: SecondConfirmer) -> SecondConfirmer:
        """The same confirmer since the earlier of two days. A day that was announced is not put off again."""
        return replace(self, since=min(self.since, other.since))

    def plain(self) -> dict[str, Any]:
        """The content as JSON holds it."""
        return {
            "team": self.team.plain(),
            "fingerprint": self.fingerprint,
            "since": self.since.isoformat(),
            "version": self.version,
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> SecondConfirmer:
        """The content that `plain` returned.

        Raises:
            CannotOpen: something in it is missing or is not what it should be.
        """
        try:
            fingerprint, since = str(plain["fingerprint"]), date.fromisoformat(plain["since"])
            return SecondConfirmer(
                TeamIdentity.from_plain(plain["team"]), fingerprint, since, int(plain["version"])
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CannotOpen from None


class SecondConfirmation(Confirmation):
    """The second confirmer's own statement of whose key it is, with the same fields as the NEET group's."""

    kind: ClassVar[str] = "second confirmation"
