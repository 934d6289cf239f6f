"""Which team keys this session trusts: it seals to them and accepts their signatures.

It trusts a key of its own, a key that the area's NEET group has confirmed, and a key that a trusted key has signed as
its successor. After somebody has left a team, the leaver still holds the key before, so its signature alone is not
enough: another team of the organisation vouches for the new key, or the NEET group confirms it. Which NEET group that
is stands in each member's sealed membership. A key that was only written into the database is not trusted. Who a
trusted team is comes from what was signed or sealed, not from the team's row. Where the session has seen that its area
requires a second confirmer, the NEET group's confirmation alone is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.key_rows import (
    confirmed_in,
    council_in_rows,
    fingerprint_of,
    key_in_rows,
    retires,
    voucher_in,
)
from transition_exchange.exchange.keys.lines import Followed, KeyLines
from transition_exchange.exchange.keys.roots import Roots, roots_of
from transition_exchange.exchange.keys.second_confirmations import is_of_line, second_confirmation
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import RecipientKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Organisation, TeamChange, TeamKey


@dataclass(frozen=True)
class Trust:
    """The keys on which one session's trust rests.

    Attributes:
        own: the session's open teams by the fingerprints of all keys that it holds of them.
        roots: the NEET groups' keys with which everything begins, and what the person remembers.
        believes_own: whether the session's own keys count without anybody's confirmation.
        seconds: the second confirmers whose confirmation is needed today, besides the NEET group's.
        second_keys: the newest key that the person has seen of each of them, if they have seen one.
        area: the area of the session's organisation. What was confirmed for another does not count.
    """

    own: Mapping[bytes, OpenTeam]
    roots: Roots
    seconds: tuple[SecondConfirmer, ...] = ()
    second_keys: Mapping[SecondConfirmer, RememberedKey] = field(default_factory=dict, repr=False)
    area: UUID | None = None
    believes_own: bool = True
    _known: dict[UUID, KnownTeam | None] = field(default_factory=dict, repr=False)
    _identities: dict[UUID, TeamIdentity | None] = field(default_factory=dict, repr=False)
    _followed_identities: dict[UUID, Followed[TeamIdentity] | None] = field(default_factory=dict, repr=False)
    _followed_bases: dict[UUID, Followed[tuple[TeamKey, Confirmation]] | None] = field(
        default_factory=dict, repr=False
    )
    _retired: dict[UUID, bool] = field(default_factory=dict, repr=False)
    _once: dict[UUID, TeamIdentity | None] = field(default_factory=dict, repr=False)
    _bases: dict[UUID, tuple[TeamKey, Confirmation] | None] = field(default_factory=dict, repr=False)

    @property
    def council_ids(self) -> frozenset[UUID]:
        """The NEET groups whose confirmations this session goes by."""
        return self.roots.council_ids

    @property
    def _lines(self) -> KeyLines:
        return self.roots.lines

    def without_own(self) -> Trust:
        """What this session would trust if it believed no team for being its own: what follows from the NEET group."""
        return Trust(
            own=self.own,
            roots=self.roots,
            seconds=self.seconds,
            second_keys=self.second_keys,
            area=self.area,
            believes_own=False,
        )

    def known(self, session: Session, key: TeamKey) -> KnownTeam | None:
        """The team of a stored key; None if this session does not trust the key, or it counts no longer."""
        if key.id not in self._known:
            identity = self._identity(session, key)
            self._known[key.id] = (
                None if identity is None or self._is_retired(session, key) else _with_key(identity, key)
            )
        return self._known[key.id]

    def is_of_team(self, session: Session, key: TeamKey) -> bool:
        """Whether a stored key is a team's that this session trusts, also if a later one has retired it."""
        return self._identity(session, key) is not None

    def counts(self, session: Session, key_id: UUID | None) -> bool:
        """Whether there is a stored key with an id that this session trusts, and it counts still.

        What a retired key has signed is not signed anew: whoever has left could have signed it since.
        """
        key = key_in_rows(session, key_id)
        return key is not None and self.known(session, key) is not None

    def known_once(self, session: Session, key: TeamKey) -> KnownTeam | None:
        """As `known`, also of a key that later ones of its team have retired, each the one before it.

        That is for what was checked while the key counted, and was put where only its reader writes.
        """
        identity, passed = self._identity(session, key), list[TeamKey]()
        line, before = self._lines.of(session, key.team_id), key
        while identity is None and before.id not in self._once:
            passed.append(before)
            after = line.get(before.version + 1)
            if after is None or not retires(after, before):
                break
            identity, before = self._identity(session, after), after
        identity = identity or self._once.get(before.id)
        self._once.update((row.id, identity) for row in passed)
        return _with_key(identity, key) if identity is not None else None

    def current(self, session: Session, team_ids: Sequence[UUID]) -> dict[UUID, KnownTeam]:
        """The teams among some whose newest key this session trusts, by id and in the same order.

        The session's own teams are taken as it holds them, whatever their rows say. A team whose newest key is older
        than one that the person remembers is left out.
        """
        found: dict[UUID, KnownTeam | None] = {}
        for team_id, newest in self.newest(session, team_ids).items():
            remembered = self.roots.remembered.get(team_id)
            if remembered is None or newest.version >= remembered.version:
                found[team_id] = self.known(session, newest)
        own = {team.id: team.known for team in self.own.values() if team.id in team_ids}
        known = found | own
        return {team_id: team for team_id in team_ids if (team := known.get(team_id)) is not None}

    def newest(self, session: Session, team_ids: Iterable[UUID]) -> dict[UUID, TeamKey]:
        """The newest key of each of some teams that has one, by team, whether or not this session trusts it.

        It is the last to which signed successions lead from a key that the session trusts or the NEET group confirmed.
        A row with a higher number that none of them signed is nobody's key: it neither shuts the team out nor is it
        shown as the team's.
        """
        team_ids = list(team_ids)
        self._lines.read(session, team_ids)
        newest = {
            team_id: self._lines.newest(
                session,
                team_id,
                counts=lambda key: self.is_of_team(session, key) or self.basis(session, key) is not None,
            )
            for team_id in team_ids
        }
        return {team_id: key for team_id, key in newest.items() if key is not None}

    def stands_alone(self, session: Session, key_id: UUID) -> bool:
        """Whether somebody else than the team's key before says that a stored key is the team's own.

        The NEET group does, or another team of the organisation.
        """
        key = key_in_rows(session, key_id)
        if key is None:
            return False
        statement = self.confirmation(session, key)
        if statement is not None:
            return self.seconded(session, key, statement)
        before = self._followed(session, key)
        return before is not None and self._is_vouched_for(session, key, before.removed, before.found)

    def is_root(self, session: Session, key: TeamKey) -> bool:
        """Whether a stored key is a NEET group's whose confirmations and rules count in this session.

        It is one that a membership of the session holds, or one that such a key signed as its successor while nobody
        had left. After somebody has left the NEET group, each team compares the number once more and pins the new key.
        """
        return self.roots.hold(session, key) and not self._is_retired(session, key)

    def confirmation(self, session: Session, key: TeamKey) -> Confirmation | None:
        """The NEET group's confirmation of a stored key; None if there is none that a trusted root signed."""
        return self.confirmation_in(session, key, key)

    def is_confirmed(self, session: Session) -> Callable[[TeamKey], bool]:
        """What tells whether the NEET group confirmed a stored key itself."""
        return lambda key: self.confirmation(session, key) is not None

    def confirmation_in(
        self, session: Session, row: TeamKey | TeamChange, key: TeamKey
    ) -> Confirmation | None:
        """The NEET group's confirmation of a key that stands with the key, or with a change of its team.

        Args:
            row: where the confirmation stands.
            key: the key that it has to be about.
        """
        confirmer = key_in_rows(session, row.confirmation_key_id)
        if confirmer is None or not self.is_root(session, confirmer):
            return None
        return confirmed_in(row, key, by=confirmer, area=self.area)

    def vouched(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        """Who the team of a stored key is according to the NEET group.

        Returns:
            What it confirmed of this key, or of the first key of a line of successors that ends with this one; None if
            it confirmed none of them, or nobody vouches for a key that was made because somebody left.
        """
        basis = self.basis(session, key)
        return basis[1].identity if basis else None

    def confirmed_in_line(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        """Who the team of a stored key was last confirmed to be, whether or not this key counts yet; None if never."""
        return self.vouched(session, key) or self.waiting_since(session, key)[0]

    def basis(self, session: Session, key: TeamKey) -> tuple[TeamKey, Confirmation] | None:
        """The key in the line that ends with a stored one which the NEET group confirmed, and what it confirmed."""
        return self._lines.weighed(session, key, findings=self._bases, weigh=self._basis)

    def _basis(self, session: Session, key: TeamKey) -> tuple[TeamKey, Confirmation] | None:
        statement = self.confirmation(session, key)
        if statement is not None:
            return key, statement
        if not self._continues(session, key):
            return None
        before = self._lines.followed(
            session, key, findings=self._followed_bases, who=lambda row: self.basis(session, row)
        )
        if before is None or not self._may_follow(session, key, before.removed, before.found[1].identity):
            return None
        return before.found

    def complete(self, session: Session, key: TeamKey) -> bool:
        """Whether what the NEET group confirmed of a stored key, as `vouched` finds it, has all that it needs today."""
        basis = self.basis(session, key)
        return basis is not None and self.seconded(session, *basis)

    def seconded(self, session: Session, key: TeamKey, statement: Confirmation) -> bool:
        """Whether every second confirmer that is needed today confirmed the same as the NEET group.

        A second confirmer's own team needs none: the area's rules name its key, and those that follow on it.
        """
        confirmed = self.is_confirmed(session)
        return all(
            is_of_line(session, key, second, lines=self._lines, remembered=seen, confirmed=confirmed)
            or second_confirmation(
                session, key, second, statement, lines=self._lines, remembered=seen, confirmed=confirmed
            )
            is not None
            for second in self.seconds
            for seen in [self.second_keys.get(second)]
        )

    def waiting_since(self, session: Session, key: TeamKey) -> tuple[TeamIdentity | None, frozenset[str]]:
        """Whose a stored key is if somebody vouches for it, and who had left since the last key that counted.

        Returns:
            Who the team is, None if no line of signed successions leads from a key that the NEET group confirmed; and
            the ids of all because of whom this key, or one before it that nobody has vouched for, was made.
        """
        removed: frozenset[str] = frozenset()
        if not self._continues(session, key):
            return None, removed
        before, succession = self._lines.before(session, key)
        while before is not None and succession is not None:
            removed |= set(succession.removed)
            identity = self.vouched(session, before)
            if identity is not None:
                return identity, removed
            before, succession = self._lines.before(session, before)
        return None, removed

    def _continues(self, session: Session, key: TeamKey) -> bool:
        return self._lines.continues(session, key, self.roots.remembered.get(key.team_id))

    def _followed(self, session: Session, key: TeamKey) -> Followed[TeamIdentity] | None:
        """Who the team of the last key before a stored one is that the session trusts, and who left since."""
        return self._lines.followed(
            session,
            key,
            findings=self._followed_identities,
            who=lambda before: self._identity(session, before),
        )

    def _identity(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        """Who the team of a stored key is, if this session trusts the key, whether or not it still counts."""
        return self._lines.weighed(session, key, findings=self._identities, weigh=self._weigh)

    def _weigh(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        fingerprint = fingerprint_of(key)
        own = self.own.get(fingerprint)
        if own is not None and self.believes_own:
            # The number too: whoever remembered a copy with a higher one would wait for that key for ever.
            is_published = (own.id, own.version_of(fingerprint)) == (key.team_id, key.version)
            return own.identity if is_published else None
        if not self.roots.fit(key):
            return None
        if self.roots.hold(session, key):
            return council_in_rows(session, key)
        statement = self.confirmation(session, key)
        if statement is not None:
            return statement.identity if self.seconded(session, key, statement) else None
        if not self._continues(session, key):
            return None
        before = self._followed(session, key)
        if before is None or not self._may_follow(session, key, before.removed, before.found):
            return None
        return before.found

    def _is_retired(self, session: Session, key: TeamKey) -> bool:
        """Whether a trusted later key of the team has signed that this one counts no longer."""
        return self._lines.is_retired(
            session,
            key,
            remembered=self.roots.remembered.get(key.team_id),
            findings=self._retired,
            follows=lambda after: self._identity(session, after) is not None,
        )

    def _may_follow(
        self, session: Session, key: TeamKey, removed: Collection[str], identity: TeamIdentity
    ) -> bool:
        """Whether a key that those before signed counts: nobody had left, or another team vouches for it."""
        remembered = self.roots.remembered.get(key.team_id)
        if fingerprint_of(key) in self.own:
            remembered = None  # whether others seal to an own key does not rest on this person's memory
        if not removed or (remembered is not None and key.version <= remembered.version):
            return True  # a remembered key was checked when it was first seen
        return self._is_vouched_for(session, key, removed, identity)

    def _is_vouched_for(
        self, session: Session, key: TeamKey, removed: Collection[str], identity: TeamIdentity
    ) -> bool:
        by = key_in_rows(session, key.voucher_key_id)
        team = self.known(session, by) if by else None
        if team is None or team.id == key.team_id or team.organisation_id != identity.organisation_id:
            return False
        voucher = voucher_in(key, team)
        return voucher is not None and set(voucher.removed) >= set(removed)


def _with_key(identity: TeamIdentity, key: TeamKey) -> KnownTeam:
    return KnownTeam(
        **vars(identity.identity),
        key_id=key.id,
        kem_public=RecipientKey(key.kem_public),
        signing_public=key.signing_public,
    )


def trust_of(session: Session, actor: Actor) -> Trust:
    """What the actor's session trusts: its own keys, its roots, and the second confirmer."""
    own = {secret.fingerprint: team for team in actor.teams for secret in team.secrets}
    today = utc_now().date()
    held = {team.second for team in actor.teams} | {actor.second}
    needed = [second for second in held if second is not None and second.is_needed_on(today)]
    area = session.scalar(select(Organisation.area_id).where(Organisation.id == actor.organisation_id))
    book = actor.address_book
    seen = {second: key for second in held if second is not None and (key := book.key_of(second)) is not None}
    return Trust(own=own, roots=roots_of(session, actor), seconds=tuple(needed), second_keys=seen, area=area)
