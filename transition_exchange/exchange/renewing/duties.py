"""What a person has to do about the keys of their teams, for the pages that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor, Offer, WaitsFor
from transition_exchange.exchange.keys.held_keys import waits_for
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import changing, confirmers, council_key, progress, vouching
from transition_exchange.exchange.renewing.changing import Change
from transition_exchange.exchange.renewing.confirmers import Awaiting
from transition_exchange.exchange.renewing.council_key import CouncilKey
from transition_exchange.exchange.renewing.vouching import NewKey
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.database import Database

BEFORE: Mapping[WaitsFor, str] = MappingProxyType(
    {
        "council": "Compare the council’s new security number first.",
        "rules": "Decide first whether you accept the area’s new rule about who confirms teams.",
        "confirmation": "It waits until the team is confirmed under its new name or for its new work.",
    }
)
"""What a person has to do, or to wait for, before they can take a key."""


@dataclass(frozen=True)
class Duties:
    """What waits for one person.

    Attributes:
        changes: what changing the key of each of their teams would do.
        offers: new keys that a colleague has handed over, for the person to take. Some wait for something else first.
        without_key: their teams whose new key nobody has handed over to them.
        to_vouch: new keys of other teams of the organisation for which one of theirs can vouch.
        council: the council's new number, which has to be compared; None if there is none.
        left: how many things are still to be made anew after a change.
        awaiting: their teams whose new key somebody else has to confirm.
        aside_for: what has to be done before their teams that are set aside can count; None if there are none.
    """

    changes: tuple[Change, ...]
    offers: tuple[Offer, ...]
    without_key: tuple[TeamIdentity, ...]
    to_vouch: tuple[NewKey, ...]
    council: CouncilKey | None
    left: int
    awaiting: tuple[Awaiting, ...] = ()
    aside_for: WaitsFor | None = None

    @property
    def council_first(self) -> bool:
        """Whether a key cannot be taken before the council's number was compared."""
        return any(offer.waits_for == "council" for offer in self.offers)

    @property
    def due(self) -> tuple[Change, ...]:
        """The teams whose key has to be changed, because somebody who knows it has left."""
        return tuple(change for change in self.changes if change.due)

    @property
    def headline(self) -> str:
        """The most pressing of it, in a sentence; empty if nothing waits."""
        false = [offer.team_name for offer in self.offers if not offer.from_member]
        if false:
            return f"Somebody outside {listed(false)} handed you a new key of it. You cannot take that key."
        if self.without_key or self.offers:
            names = [team.name for team in self.without_key] + [offer.team_name for offer in self.offers]
            new = f"{listed(names)} {'has' if len(names) == 1 else 'have'} a new key, which you do not have yet."
            first = next((BEFORE[offer.waits_for] for offer in self.offers if offer.waits_for), "")
            return f"{new} {first}".rstrip()
        if self.due:
            return f"Somebody has left {listed(change.team.name for change in self.due)}. It needs a new key."
        if self.left:
            return "The change of a key is not finished."
        if self.to_vouch:
            return f"{self.to_vouch[0].team.name} has a new key that your team can confirm."
        if self.council:
            return "The council has a new security number to compare."
        if self.awaiting:
            waiting = listed(team.team for team in self.awaiting)
            return f"The new key of {waiting} is not confirmed yet. Until then, nothing is sent or received."
        return ""

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self.headline)


def duties(*, db: Database, actor: Actor) -> Duties:
    """What waits for a person. Nothing is changed."""
    offered = {offer.held.team.id for offer in actor.offers}
    to_vouch = vouching.waiting_keys(db=db, actor=actor)
    by_them = {key.team.id for key in to_vouch}
    aside_for: WaitsFor | None = None
    if actor.set_aside:
        with db.read() as session:
            aside_for = waits_for(session, actor=actor, trust=trust_of(session, actor))
    return Duties(
        changes=changing.changes(db=db, actor=actor, staying=False),
        offers=actor.offers,
        without_key=tuple(team for team in actor.without_key if team.id not in offered),
        to_vouch=to_vouch,
        council=council_key.key_to_compare(db=db, actor=actor),
        left=progress.progress(db=db, actor=actor).left,
        awaiting=tuple(
            waiting for waiting in confirmers.awaiting(db=db, actor=actor) if waiting.team_id not in by_them
        ),
        aside_for=aside_for,
    )
