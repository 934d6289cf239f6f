"""What somebody signs who invites a person: whom they ask, and into which teams.

Whoever makes the five words checks it first. Only a colleague's own key proves who made an invitation: a row can be put
into the database, and an event can always be appended to a chain. The teams stand in it as the inviter saw them. A
team's row can be given another name, so that somebody invites a person into another team than they think.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.statements import Statement, settle

NUMBERS = frozenset({"ukprn", "school_urn"})
"""What says of the organisation of a team whether it gets the numbers of learners."""


@dataclass(frozen=True, order=True)
class InvitedTeam:
    """A team as somebody saw it who invited a person into it.

    Attributes:
        id: its id, as text.
        name: its name.
        organisation_name: the name of its organisation.
        purposes: what it does, sorted.
        ukprn: the UKPRN of its organisation; empty if it has none.
        school_urn: the URN of its organisation, if that is a school; else empty.
    """

    id: str
    name: str
    organisation_name: str
    purposes: tuple[str, ...]
    ukprn: str = ""
    school_urn: str = ""

    @classmethod
    def of(cls, team: TeamIdentity) -> InvitedTeam:
        """What an invitation says of a team."""
        return cls(
            id=str(team.id),
            name=team.name,
            organisation_name=team.organisation_name,
            purposes=tuple(sorted(team.purposes)),
            ukprn=team.ukprn,
            school_urn=team.school_urn,
        )

    def plain(self) -> dict[str, Any]:
        """The team as JSON holds it. A number that it has not is left out."""
        numbers = {name: number for name in NUMBERS if (number := getattr(self, name))}
        said = {name: value for name, value in vars(self).items() if name not in NUMBERS}
        return {**said, "purposes": list(self.purposes), **numbers}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> InvitedTeam:
        """The team that `plain` returned.

        Raises:
            ValueError: it is none.
        """
        match plain:
            case {
                "id": str(id),
                "name": str(name),
                "organisation_name": str(organisation_name),
                "purposes": list(purposes),
                **numbers,
            } if numbers.keys() <= NUMBERS and all(
                isinstance(text, str) and text for text in (*purposes, *numbers.values())
            ):
                return cls(str(UUID(id)), name, organisation_name, tuple(purposes), **numbers)
        raise ValueError("this is no team of an invitation")


@dataclass(frozen=True)
class InvitationStatement(Statement):
    """The statement that somebody invites a person. They sign it as themselves.

    Attributes:
        invitation: the invitation's id.
        organisation: the id of the organisation that the person joins.
        email: the person's e-mail address.
        name: the person's name.
        teams: the teams that they join, as the inviter saw them, sorted by id.
        administrator: whether they become an administrator.
        maker: the id of whoever invites them.
        at: when.
    """

    kind: ClassVar[str] = "invitation"

    invitation: Identifier
    organisation: Identifier
    email: str
    name: str
    teams: Sequence[InvitedTeam]
    administrator: bool
    maker: Identifier
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "invitation", "organisation", "maker", at="at")
        object.__setattr__(self, "teams", sorted(self.teams))

    @classmethod
    def _read(cls, read: dict[str, Any]) -> InvitationStatement:
        if isinstance(read.get("teams"), list):
            read = {**read, "teams": [InvitedTeam.from_plain(plain) for plain in read["teams"]]}
        return super()._read(read)

    def _plain(self) -> dict[str, Any]:
        return {**super()._plain(), "teams": [team.plain() for team in self.teams]}
