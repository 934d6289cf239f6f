"""Which NEET group's keys a session goes by. Everything that it believes of others begins with them.

Each member holds them in their sealed membership, and remembers newer ones. A row of the database can add only a key
that one of these has signed as the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.key_rows import fingerprint_of, pinned_by
from transition_exchange.exchange.keys.lines import Followed, KeyLines, fits, is_seen
from transition_exchange.purposes import COORDINATING
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import KeyPin, TeamKey


@dataclass(frozen=True)
class Roots:
    """The keys of NEET groups with which a session's trust begins.

    Attributes:
        fingerprints: the ids of NEET group teams by the fingerprints of their keys: those of the person's memberships
            and memory, those that a team of theirs has pinned since, and its own. One counts for its own team alone.
        remembered: the newest keys that the person has seen, by team, the NEET group's always among them. No older one
            takes their place.
        lines: the keys of teams in their order.
    """

    fingerprints: Mapping[bytes, UUID]
    remembered: Mapping[UUID, RememberedKey] = field(default_factory=dict)
    lines: KeyLines = field(default_factory=KeyLines, repr=False)
    _held: dict[UUID, bool | None] = field(default_factory=dict, repr=False)
    _led_to: dict[UUID, Followed[bool] | None] = field(default_factory=dict, repr=False)

    @property
    def council_ids(self) -> frozenset[UUID]:
        """The NEET groups whose keys they are."""
        return frozenset(self.fingerprints.values())

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.fingerprints)

    def hold(self, session: Session, key: TeamKey) -> bool:
        """Whether a stored key is one of them, or one that such a key signed as the next while nobody had left.

        Whether it was retired since is not asked.
        """
        if key.team_id not in self.council_ids:
            return False
        holds: bool | None = self.lines.weighed(session, key, findings=self._held, weigh=self._weigh)
        return bool(holds)

    def _weigh(self, session: Session, key: TeamKey) -> bool:
        remembered = self.remembered.get(key.team_id)
        if not self.fit(key):
            return False
        if remembered is not None and remembered.root and key.version <= remembered.version:
            return is_seen(key, remembered)
        council_id = self.fingerprints.get(fingerprint_of(key))
        if council_id is not None:
            return council_id == key.team_id and (remembered is None or self.lead_to(session, key))
        before = self.lines.of(session, key.team_id).get(key.version - 1)
        if before is None or not self.hold(session, before):
            return False
        _, succession = self.lines.before(session, key)
        return succession is not None and not succession.removed

    def lead_to(self, session: Session, key: TeamKey) -> bool:
        """Whether a line of signed successions leads from one of them to a stored key, whoever has left."""

        def holds(before: TeamKey) -> bool | None:
            return self.hold(session, before) or None

        return self.lines.followed(session, key, findings=self._led_to, who=holds) is not None

    def fit(self, key: TeamKey) -> bool:
        """Whether a stored key may be what it says beside the one that the person remembers of its team."""
        return fits(key, self.remembered.get(key.team_id))


def is_said_to_be_council(team: TeamIdentity) -> bool:
    """Whether a team is called a NEET group that does nothing else than a council's teams do."""
    return ROOT in team.purposes <= set(COORDINATING)


def roots_of(session: Session, actor: Actor) -> Roots:
    """The roots of the actor's session: what its memberships and its memory hold, and the keys of its own NEET group.

    A NEET group that not all memberships name is none, not even if a membership says that it is the own one: whoever
    was invited by somebody false would bring theirs along.

    A pin names a later key of such a NEET group, and counts only if the earlier one signed it as the next. Pins that
    the pinning team did not sign with its newest key are left out: somebody who has left the team cannot make one. So
    are those of a team whose newest key the actor has not been given.
    """
    own = {
        secret.fingerprint: team.id
        for team in actor.teams
        for secret in team.secrets
        if ROOT in team.purposes and all(team.id in other.councils for other in actor.teams)
    }
    book = actor.address_book
    for team in actor.teams:
        book = book.with_team_keys(team.councils)
    remembered = {
        team_id: key
        for team_id, key in book.team_keys.items()
        if not key.root or all(team_id in team.councils for team in actor.teams)
    }
    councils = {team_id: key for team_id, key in remembered.items() if key.root}
    held = {bytes.fromhex(key.fingerprint): team_id for team_id, key in councils.items()}
    behind = {team.id for team in actor.without_key}
    secrets = {team.id: team.secret for team in actor.teams if team.id not in behind}
    compared: dict[bytes, UUID] = {}
    for pin in session.scalars(
        select(KeyPin).where(KeyPin.team_id.in_(secrets), KeyPin.pinned_team_id.in_(councils))
    ):
        fingerprint = pinned_by(secrets[pin.team_id], pin)
        if fingerprint is not None:
            compared[fingerprint] = pin.pinned_team_id
    return Roots(fingerprints=compared | held | own, remembered=remembered)


def councils_agree(session: Session, *, held: Iterable[HeldKey], book: AddressBook) -> bool:
    """Whether a person's memberships and memory name the same councils, and keys of one line.

    They were sealed by the person, but not all under the words of the same colleague. If one of two keys is newer, the
    older one has signed it as the next.
    """
    named = [key.councils for key in held]
    if any(councils.keys() != named[0].keys() for councils in named):
        return False
    remembered = {team_id: key for team_id, key in book.team_keys.items() if key.root}
    lines = KeyLines()
    for team_id in {id for councils in (*named, remembered) for id in councils}:
        keys = {councils[team_id] for councils in (*named, remembered) if team_id in councils}
        fingerprints = {key.version: key.fingerprint for key in keys}
        if {(key.version, key.fingerprint) for key in keys} != set(fingerprints.items()):
            return False
        line = lines.of(session, team_id)
        for older, newer in pairwise(sorted(fingerprints)):
            row = line.get(newer)
            if row is None or fingerprint_of(row).hex() != fingerprints[newer]:
                return False
            while row.version > older:
                before, succession = lines.before(session, row)
                if before is None or succession is None:
                    return False
                row = before
            if fingerprint_of(row).hex() != fingerprints[older]:
                return False
    return True
