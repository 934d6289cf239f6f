"""What a newcomer gets under the spoken code: the keys of their teams, and whose confirmations to trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.key_rows import is_published_as
from transition_exchange.exchange.keys.seen_keys import newest_councils
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.encoding import FORMAT, canonical
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Invitation, TeamKey
from transition_exchange.stored_text import read_object

CHANGED = "This invitation was changed after its five words were made. Nothing was opened. Ask for a new one."


@dataclass(frozen=True)
class Bundle:
    """What an invitation holds.

    Attributes:
        organisation_id: the organisation that the newcomer joins.
        held: the keys of the teams that have one.
        keyless: the teams that have none yet. The newcomer makes their first key.
        councils: the keys of the area's NEET group, by team. The newcomer's memberships hold them.
        second: the second confirmer to which the newcomer's new teams hold; None if the member has seen none.
        asked: the digest of whom the invitation asked into which teams when its words were made.
    """

    organisation_id: UUID
    held: Sequence[HeldKey] = field(default=(), repr=False)
    keyless: Sequence[TeamIdentity] = ()
    councils: Mapping[UUID, RememberedKey] = field(default_factory=dict)
    second: SecondConfirmer | None = None
    asked: str = ""

    @property
    def teams(self) -> frozenset[TeamIdentity]:
        """The teams that it brings, with a key or without."""
        return frozenset((*(key.team for key in self.held), *self.keyless))

    def to_bytes(self) -> bytes:
        """The bundle as canonical JSON, to be wrapped under the spoken code."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "organisation": str(self.organisation_id),
            "asked": self.asked,
            "held": [key.plain() for key in self.held],
            "keyless": [team.plain() for team in self.keyless],
            "councils": {str(team): key.plain() for team, key in self.councils.items()},
        }
        if self.second is not None:
            content["second"] = self.second.plain()
        return canonical(content).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Bundle:
        """The bundle that `to_bytes` wrote.

        Raises:
            Tampered: a version of the service with another format wrote it, or it is no bundle.
        """
        try:
            content = read_object(raw)
            if content.get("format") != FORMAT or "organisation" not in content:
                raise Tampered(
                    "This invitation was made by another version of the service. Ask for a new one."
                )
            return cls(
                organisation_id=UUID(content["organisation"]),
                held=[HeldKey.from_plain(plain) for plain in content["held"]],
                keyless=[TeamIdentity.from_plain(plain) for plain in content["keyless"]],
                councils={
                    UUID(team): RememberedKey.from_plain(plain) for team, plain in content["councils"].items()
                },
                second=SecondConfirmer.from_plain(content["second"]) if "second" in content else None,
                asked=str(content["asked"]),
            )
        except (CannotOpen, ValueError, KeyError, TypeError, AttributeError):
            raise Tampered("This invitation cannot be read. Ask for a new one.") from None

    def check(self, session: Session, invitation: Invitation) -> None:
        """Compare the bundle with what is published, and with the invitation as its page shows it.

        Args:
            invitation: the invitation that holds it.

        Raises:
            Tampered: a published key is not the one that the member put in, or the invitation is to another
                organisation or to other teams than those it was made for.
        """
        for key in self.held:
            published = session.get(TeamKey, key.key_id)
            if published is None or not is_published_as(key, published):
                raise Tampered(
                    "A team's key is not the one that was put into your invitation. Ring the council."
                )
        invited = {UUID(team_id) for team_id in invitation.team_ids}
        if (
            invitation.organisation_id != self.organisation_id
            or any(team.organisation_id != self.organisation_id for team in self.teams)
            or not {team.id for team in self.teams} <= invited
        ):
            raise Tampered(CHANGED)


def bundle_for(
    session: Session, *, actor: Actor, organisation_id: UUID, teams: Sequence[TeamIdentity]
) -> Bundle | None:
    """What the actor can put into an invitation to some teams.

    A first key is made in the NEET group only for somebody whom the NEET group invites: the newcomer's session would
    take it for a key that confirms others.

    Args:
        organisation_id: the organisation that the newcomer joins.
        teams: the teams as the actor was shown them; those without a key get theirs from the newcomer.

    Returns:
        The bundle; None if one of the teams has a key that this session does not hold or is another organisation's, or
        the actor's teams trust no NEET group key. Then somebody else must complete the invitation.
    """
    held: list[HeldKey] = []
    trust = trust_of(session, actor)
    keyed = trust.newest(session, [team.id for team in teams])
    for team_id, key in keyed.items():
        own = actor.held_team(team_id)
        if own is None or own.key_id != key.id:
            return None
        held += [held_key.for_others() for held_key in own.held_keys]
    keyless = [team for team in teams if team.id not in keyed]
    coordinating = {team.organisation_id for team in actor.teams if "neet_group" in team.purposes}
    if any("neet_group" in team.purposes and organisation_id not in coordinating for team in keyless):
        return None
    if any(team.organisation_id != organisation_id for team in (*(key.team for key in held), *keyless)):
        return None
    councils = newest_councils(session, trust=trust)
    if not councils:
        return None
    return Bundle(
        organisation_id=organisation_id, held=held, keyless=keyless, councils=councils, second=actor.second
    )
