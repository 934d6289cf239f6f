"""What somebody signs who invites a person: whom they ask, and into which teams.

Whoever makes the five words checks it first. Only a colleague's own key proves who made an invitation: a row can be put
into the database, and an event can always be appended to a chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class InvitationStatement(Statement):
    """The statement that somebody invites a person. They sign it as themselves.

    Attributes:
        invitation: the invitation's id.
        organisation: the id of the organisation that the person joins.
        email: the person's e-mail address.
        name: the person's name.
        teams: the ids of the teams that they join, sorted.
        administrator: whether they become an administrator.
        maker: the id of whoever invites them.
        at: when.
    """

    kind: ClassVar[str] = "invitation"

    invitation: Identifier
    organisation: Identifier
    email: str
    name: str
    teams: Sequence[str]
    administrator: bool
    maker: Identifier
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "invitation", "organisation", "maker", at="at")
        object.__setattr__(self, "teams", sorted(map(str, self.teams)))
