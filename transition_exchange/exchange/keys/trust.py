"""Which team keys this session trusts: it seals to them and accepts their signatures.

It trusts a key of its own, a key that the area's NEET group has confirmed, and a key that a trusted key has signed as
its successor. After somebody has left a team, the leaver still holds the key before, so its signature alone is not
enough: another team of the organisation vouches for the new key, or the NEET group confirms it. Every team pins the
NEET group's key when it joins. A key that was only written into the database is not trusted. Who a trusted team is
comes from what was signed or sealed, not from the team's row. Where the session has seen that its area requires a
second confirmer, the NEET group's confirmation alone is not enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.key_rows import (
    fingerprint_of,
    identity_in_rows,
    keys_by_version,
    retires,
    succession_of,
)
from transition_exchange.exchange.keys.second_confirmations import second_confirmation
from transition_exchange.sealing import BadSignature, UnknownFormat, keys, pins
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import RecipientKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.sealing.succession import Succession, Voucher
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import KeyPin, Organisation, Team, TeamChange, TeamKey

Found = TypeVar("Found")


@dataclass(frozen=True)
class Trust:
    """The keys on which one session's trust rests.

    Attributes:
        own: the session's open teams by the fingerprints of all keys that it holds of them.
        roots: the ids of NEET group teams by the fingerprints of their keys: those that the session's teams pinned and
            signed, and its own. A fingerprint counts for this team alone.
        remembered: the newest keys that the person has seen, by team. No older one takes their place.
        seconds: the second confirmers whose confirmation is needed today, besides the NEET group's.
    """

    own: Mapping[bytes, OpenTeam]
    roots: Mapping[bytes, UUID]
    remembered: Mapping[UUID, RememberedKey] = field(default_factory=dict)
    seconds: tuple[SecondConfirmer, ...] = ()
    _known: dict[UUID, KnownTeam | None] = field(default_factory=dict, repr=False)
    _identities: dict[UUID, TeamIdentity | None] = field(default_factory=dict, repr=False)
    _lines: dict[UUID, dict[int, TeamKey]] = field(default_factory=dict, repr=False)

    def known(self, session: Session, key: TeamKey) -> KnownTeam | None:
        """The team of a stored key; None if this session does not trust the key, or it counts no longer."""
        if key.id not in self._known:
            identity = self._identity(session, key)
            self._known[key.id] = (
                None if identity is None or self._is_retired(session, key) else _with_key(identity, key)
            )
        return self._known[key.id]

    def current(self, session: Session, team_ids: Sequence[UUID]) -> dict[UUID, KnownTeam]:
        """The teams among some whose newest key this session trusts, by id and in the same order.

        The session's own teams are taken as it holds them, whatever their rows say. A team whose newest key is older
        than one that the person remembers is left out.
        """
        self._lines.update(keys_by_version(session, [id for id in team_ids if id not in self._lines]))
        found: dict[UUID, KnownTeam | None] = {}
        for team_id in team_ids:
            newest, remembered = max(self._lines[team_id], default=0), self.remembered.get(team_id)
            if newest and (remembered is None or newest >= remembered.version):
                found[team_id] = self.known(session, self._lines[team_id][newest])
        own = {team.id: team.known for team in self.own.values() if team.id in team_ids}
        known = found | own
        return {team_id: team for team_id in team_ids if (team := known.get(team_id)) is not None}

    def stands_alone(self, session: Session, key_id: UUID) -> bool:
        """Whether somebody else than the team's key before says that a stored key is the team's own.

        The NEET group does, or another team of the organisation.
        """
        key = session.get(TeamKey, key_id)
        if key is None:
            return False
        statement = self.confirmation(session, key)
        if statement is not None:
            return self.seconded(session, key, statement)
        identity, removed = self._followed(session, key, self._identity)
        return identity is not None and self._is_vouched_for(session, key, removed, identity)

    def is_root(self, session: Session, key: TeamKey) -> bool:
        """Whether a stored key is a NEET group's whose confirmations and rules count in this session.

        It is one that a team of the session pinned, or one that such a key signed as its successor while nobody had
        left. After somebody has left the NEET group, each team compares the number once more and pins the new key.
        """
        return self._is_root(session, key) and not self._is_retired(session, key)

    def councils(self, session: Session) -> dict[UUID, bytes]:
        """The newest key of each NEET group that counts in this session, for pinning: fingerprints by team.

        A pin says which key a line begins with. Somebody who has left may have signed another while the key that they
        know was still the newest one.
        """
        newest = {
            team_id: bytes.fromhex(remembered.fingerprint)
            for team_id, remembered in self.remembered.items()
            if remembered.root
        }
        for team_id in set(self.roots.values()):
            for key in self._line(session, team_id).values():
                if self.is_root(session, key):
                    newest[team_id] = fingerprint_of(key)
        return newest

    def confirmation(self, session: Session, key: TeamKey) -> Confirmation | None:
        """The NEET group's confirmation of a stored key; None if there is none that a trusted root signed."""
        return self.confirmation_in(session, key, key)

    def confirmation_in(
        self, session: Session, row: TeamKey | TeamChange, key: TeamKey
    ) -> Confirmation | None:
        """The NEET group's confirmation of a key that stands with the key, or with a change of its team.

        Args:
            row: where the confirmation stands.
            key: the key that it has to be about.
        """
        if row.confirmation is None or row.confirmation_signature is None or row.confirmation_key_id is None:
            return None
        confirmer = session.get(TeamKey, row.confirmation_key_id)
        if confirmer is None or not self.is_root(session, confirmer):
            return None
        try:
            statement = Confirmation.verify(
                row.confirmation, row.confirmation_signature, confirmer.signing_public
            )
            about_this = statement.identity.id == key.team_id
        except (BadSignature, UnknownFormat):
            return None
        return statement if about_this and statement.fingerprint == fingerprint_of(key).hex() else None

    def vouched(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        """Who the team of a stored key is according to the NEET group.

        Returns:
            What it confirmed of this key, or of the first key of a line of successors that ends with this one; None if
            it confirmed none of them, or nobody vouches for a key that was made because somebody left.
        """
        basis = self.basis(session, key)
        return basis[1].identity if basis else None

    def basis(self, session: Session, key: TeamKey) -> tuple[TeamKey, Confirmation] | None:
        """The key in the line that ends with a stored one which the NEET group confirmed, and what it confirmed."""
        statement = self.confirmation(session, key)
        if statement is not None:
            return key, statement
        basis, removed = self._followed(session, key, self.basis)
        return basis if basis and self._may_follow(session, key, removed, basis[1].identity) else None

    def complete(self, session: Session, key: TeamKey) -> bool:
        """Whether what the NEET group confirmed of a stored key, as `vouched` finds it, has all that it needs today."""
        basis = self.basis(session, key)
        return basis is not None and self.seconded(session, *basis)

    def seconded(self, session: Session, key: TeamKey, statement: Confirmation) -> bool:
        """Whether every second confirmer that is needed today confirmed the same as the NEET group.

        A second confirmer's own team needs none, because the area's rules name it with its fingerprint.
        """
        return all(
            second_confirmation(session, key, second, statement) is not None
            for second in self.seconds
            if (statement.identity.id, statement.fingerprint) != (second.team.id, second.fingerprint)
        )

    def waiting_since(self, session: Session, key: TeamKey) -> tuple[TeamIdentity | None, frozenset[str]]:
        """Whose a stored key is if somebody vouches for it, and who had left since the last key that counted.

        Returns:
            Who the team is, None if no line of signed successions leads from a key that the NEET group confirmed; and
            the ids of all because of whom this key, or one before it that nobody has vouched for, was made.
        """
        return self._followed(session, key, self.vouched)

    def _followed(
        self, session: Session, key: TeamKey, who: Callable[[Session, TeamKey], Found | None]
    ) -> tuple[Found | None, frozenset[str]]:
        """What is found of the last key before a stored one that counts, and who left since, by the successions."""
        removed: frozenset[str] = frozenset()
        before, succession = self._before(session, key)
        while before is not None and succession is not None:
            removed |= set(succession.removed)
            found = who(session, before)
            if found is not None:
                return found, removed
            before, succession = self._before(session, before)
        return None, removed

    def _identity(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        """Who the team of a stored key is, if this session trusts the key, whether or not it still counts."""
        if key.id not in self._identities:
            self._identities[key.id] = None  # two keys that vouch for each other prove nothing
            self._identities[key.id] = self._weigh(session, key)
        return self._identities[key.id]

    def _weigh(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        fingerprint = fingerprint_of(key)
        own = self.own.get(fingerprint)
        if own is not None:
            return own.identity if own.id == key.team_id else None
        if not self._fits_memory(key):
            return None
        if self._is_root(session, key):
            return _root_identity(session, key)
        statement = self.confirmation(session, key)
        if statement is not None:
            return statement.identity if self.seconded(session, key, statement) else None
        identity, removed = self._followed(session, key, self._identity)
        return identity if identity and self._may_follow(session, key, removed, identity) else None

    def _is_root(self, session: Session, key: TeamKey) -> bool:
        if not self._fits_memory(key):
            return False
        remembered, pinned = self.remembered.get(key.team_id), self.roots.get(fingerprint_of(key))
        if remembered is not None and remembered.root and key.version <= remembered.version:
            return key.version == remembered.version or self._leads_to_a_root(session, key)
        if pinned is not None:
            return pinned == key.team_id and (remembered is None or self.follows_a_root(session, key))
        before, succession = self._before(session, key)
        if before is None or succession is None or succession.removed:
            return False
        return self._is_root(session, before)

    def follows_a_root(self, session: Session, key: TeamKey) -> bool:
        """Whether a line of signed successions leads from a root of this session to a stored key."""
        before, succession = self._before(session, key)
        if before is None or succession is None:
            return False
        return self._is_root(session, before) or self.follows_a_root(session, before)

    def _leads_to_a_root(self, session: Session, key: TeamKey) -> bool:
        """Whether a key has signed as its successor one that the person remembers, or one that leads to it."""
        after = self._line(session, key.team_id).get(key.version + 1)
        return after is not None and succession_of(after, key) is not None and self._is_root(session, after)

    def _is_retired(self, session: Session, key: TeamKey) -> bool:
        """Whether a trusted later key of the team has signed that this one counts no longer."""
        remembered = self.remembered.get(key.team_id)
        if remembered is not None and remembered.alone and key.version < remembered.version:
            return True
        after = self._line(session, key.team_id).get(key.version + 1)
        return (
            after is not None
            and self._identity(session, after) is not None
            and (retires(after, key) or self._is_retired(session, after))
        )

    def _line(self, session: Session, team_id: UUID) -> Mapping[int, TeamKey]:
        if team_id not in self._lines:
            self._lines.update(keys_by_version(session, [team_id]))
        return self._lines[team_id]

    def _before(self, session: Session, key: TeamKey) -> tuple[TeamKey | None, Succession | None]:
        """The team's key before a stored one, and its statement that this one takes its place."""
        before = self._line(session, key.team_id).get(key.version - 1)
        return before, succession_of(key, before) if before else None

    def _fits_memory(self, key: TeamKey) -> bool:
        """Whether a stored key may be what it says beside the one that the person remembers of its team."""
        remembered = self.remembered.get(key.team_id)
        return (
            remembered is None
            or key.version != remembered.version
            or fingerprint_of(key).hex() == remembered.fingerprint
        )

    def _may_follow(
        self, session: Session, key: TeamKey, removed: Collection[str], identity: TeamIdentity
    ) -> bool:
        """Whether a key that those before signed counts: nobody had left, or another team vouches for it."""
        remembered = self.remembered.get(key.team_id)
        if fingerprint_of(key) in self.own:
            remembered = None  # whether others seal to an own key does not rest on this person's memory
        if not removed or (remembered is not None and key.version <= remembered.version):
            return True  # a remembered key was checked when it was first seen
        return self._is_vouched_for(session, key, removed, identity)

    def _is_vouched_for(
        self, session: Session, key: TeamKey, removed: Collection[str], identity: TeamIdentity
    ) -> bool:
        by = session.get(TeamKey, key.voucher_key_id) if key.voucher_key_id else None
        team = self.known(session, by) if by else None
        if team is None or team.id == key.team_id or team.organisation_id != identity.organisation_id:
            return False
        try:
            voucher = Voucher.verify(key.voucher or "", key.voucher_signature or b"", team.signing_public)
        except (BadSignature, UnknownFormat):
            return False
        about = (voucher.team, voucher.fingerprint, voucher.by_team)
        expected = (str(key.team_id), fingerprint_of(key).hex(), str(team.id))
        return about == expected and set(voucher.removed) >= set(removed)


def _with_key(identity: TeamIdentity, key: TeamKey) -> KnownTeam:
    return KnownTeam(
        **vars(identity.identity),
        key_id=key.id,
        kem_public=RecipientKey(key.kem_public),
        signing_public=key.signing_public,
    )


def _root_identity(session: Session, key: TeamKey) -> TeamIdentity | None:
    """Who a NEET group is. The pin says that it is one; only its names come from the rows."""
    team = session.get(Team, key.team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    if team is None or organisation is None:
        return None
    return replace(identity_in_rows(team, organisation), purposes=frozenset({"neet_group"}))


def trust_of(session: Session, actor: Actor) -> Trust:
    """What the actor's session trusts: its own keys, the NEET group keys that its teams pinned, the second confirmer.

    Pins that the pinning team did not sign with its newest key are left out, so swapping a pin in the database has no
    effect, and somebody who has left the team cannot make one. Whoever remembers their NEET group takes no other.
    """
    own: dict[bytes, OpenTeam] = {}
    roots: dict[bytes, UUID] = {}
    for team in actor.teams:
        for secret in (team.secret, *team.older.values()):
            own[secret.fingerprint] = team
            if "neet_group" in team.purposes:
                roots[secret.fingerprint] = team.id
    by_id = {team.id: team for team in actor.teams}
    remembered = actor.address_book.team_keys
    councils = {team_id for team_id, key in remembered.items() if key.root}
    pinned: defaultdict[tuple[UUID, bytes], set[UUID]] = defaultdict(set)
    for pin in session.scalars(select(KeyPin).where(KeyPin.team_id.in_(by_id))):
        if councils and pin.pinned_team_id not in councils:
            continue
        if _pinned_by(by_id[pin.team_id].secret, pin):
            pinned[pin.pinned_team_id, bytes.fromhex(pin.fingerprint)].add(pin.team_id)
    if not councils:
        # Any member of one team can sign a pin of that team. So where nothing is remembered, all teams must have pinned
        # the same key, and not two.
        pinning = {team.id for team in actor.teams if "neet_group" not in team.purposes}
        pinned = defaultdict(set, {what: teams for what, teams in pinned.items() if teams >= pinning})
        if len(pinned) > 1:
            pinned.clear()
    roots |= {fingerprint: council_id for council_id, fingerprint in pinned}
    today = utc_now().date()
    needed = [team.second for team in actor.teams if team.second is not None and team.second.since <= today]
    return Trust(own=own, roots=roots, remembered=remembered, seconds=tuple(needed))


def _pinned_by(secret: keys.TeamSecret, pin: KeyPin) -> bool:
    try:
        pins.verify(
            secret.signing.public,
            pin.signature,
            team_id=str(pin.pinned_team_id),
            fingerprint=bytes.fromhex(pin.fingerprint),
        )
    except (BadSignature, ValueError):  # a fingerprint that is none
        return False
    return True
