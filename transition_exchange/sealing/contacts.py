"""A team's contact: a team that sends signs whom others ring about what it sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class ContactStatement(Statement):
    """The statement of a team whom to ring.

    Attributes:
        team: the team's id.
        name: who answers there.
        phone: the number.
        at: when a member said so.
    """

    kind: ClassVar[str] = "contact"

    team: Identifier
    name: str
    phone: str
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "team", at="at")
        if {type(self.name), type(self.phone)} != {str}:
            raise TypeError("a contact is a name and a number")
