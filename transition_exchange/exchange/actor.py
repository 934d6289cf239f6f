"""The person who acts, with the team keys that their session opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store import events
from transition_exchange.store.models import Principal

SENDING_PURPOSES = frozenset({"transition", "safeguarding"})
RECEIVING_PURPOSES = frozenset({"admissions", "learning_support", "safeguarding", "exams"})
COORDINATING_PURPOSES = frozenset({"neet_group", "send"})

About = str | int | UUID | None
"""What an event may say of what it is about: an id, a code or a count."""


@dataclass(frozen=True)
class OpenTeam:
    """A team whose secret this session holds.

    Attributes:
        purposes: what the team is for, sending, receiving or coordinating.
        key_id: the current team key; `secret` belongs to it.
        older: secrets of the team's earlier keys, by key id, to open what was sealed to those.
    """

    id: UUID
    organisation_id: UUID
    name: str
    purposes: frozenset[str]
    key_id: UUID
    secret: TeamSecret = field(repr=False)
    older: Mapping[UUID, TeamSecret] = field(default_factory=dict, repr=False)

    def secret_of(self, key_id: UUID) -> TeamSecret | None:
        """The team's secret for one of its keys, or None where this membership doesn't hold it."""
        return self.secret if key_id == self.key_id else self.older.get(key_id)


@dataclass(frozen=True)
class Actor:
    """Who is signed in, for whom, and which teams' keys are open for as long as the request lasts.

    Attributes:
        session_id: the session under which opened lists may stay in memory; empty for none.
    """

    principal_id: UUID
    organisation_id: UUID
    name: str
    administrator: bool
    teams: tuple[OpenTeam, ...] = ()
    session_id: str = ""

    def team_for(self, purpose: str) -> OpenTeam | None:
        """The first open team with a purpose, or None."""
        return next((team for team in self.teams if purpose in team.purposes), None)

    def require(self, purpose: str) -> OpenTeam:
        """The open team with a purpose.

        Raises:
            NotAllowed: none of this person's teams has it.
        """
        team = self.team_for(purpose)
        if team is None:
            raise NotAllowed
        return team

    def team(self, team_id: UUID) -> OpenTeam | None:
        """The open team with an id, or None where the person is no member or holds no key."""
        return next((team for team in self.teams if team.id == team_id), None)

    def note(self, session: Session, kind: str, **about: About) -> None:
        """Write down in the organisation's chain of events what this person did. Call it last in the transaction.

        Args:
            kind: what was done, such as `record.saved`.
            about: ids, codes and counts, and nothing that a form says.

        Raises:
            ValueError: `kind` is no such word, or `about` holds what is neither id, code nor count.
        """
        events.append(
            session,
            organisation_id=self.organisation_id,
            kind=kind,
            principal_id=self.principal_id,
            about=about,
        )


def note_by(session: Session, principal: Principal, kind: str, **about: About) -> None:
    """The same for somebody who is not signed in fully at that moment, such as a newcomer.

    Raises:
        ValueError: as `Actor.note`.
    """
    events.append(
        session,
        organisation_id=principal.organisation_id,
        kind=kind,
        principal_id=principal.id,
        about=about,
    )
