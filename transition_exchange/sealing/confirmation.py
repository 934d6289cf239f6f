"""Confirmation: the NEET group signs that a team's key is the one its people read out over the telephone.

The statement names the team, its organisation and its purposes too, and whoever believes the key takes them from the
statement. Somebody who can write to the database could otherwise move a confirmed team into another organisation, give
it a new purpose, or swap the names of two organisations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.errors import BadSignature, CannotOpen
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class Confirmation(Statement):
    """The statement that a key is that of a team.

    Attributes:
        area: the id of the area for which it is confirmed.
        team: who the team is, as `TeamIdentity.plain` gives it.
        version: the number of the team's key. A copy of the key with another number is not confirmed: whoever
            remembered it as the newest would refuse the team's real next key.
        fingerprint: the fingerprint of the team's key, in hexadecimal.
        confirmed_at: when it was confirmed.
    """

    kind: ClassVar[str] = "confirmation"

    area: Identifier
    team: Mapping[str, Any]
    version: int
    fingerprint: str
    confirmed_at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "area", at="confirmed_at")
        object.__setattr__(self, "team", dict(self.team))

    @property
    def identity(self) -> TeamIdentity:
        """Who the team is.

        Raises:
            BadSignature: the statement does not say it as it should. No NEET group signs such a statement.
        """
        try:
            return TeamIdentity.from_plain(self.team)
        except CannotOpen as error:
            raise BadSignature("The statement cannot be read.") from error
