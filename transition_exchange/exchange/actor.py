"""The person who acts, with the team keys that their session opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import NotAllowed, ProofNeeded
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import RecipientKey, TeamSecret, fingerprint, spoken_fingerprint
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store import events
from transition_exchange.store.models import Principal


@dataclass(frozen=True, kw_only=True)
class KnownTeam(TeamIdentity):
    """A team with a key to which this session may seal, and whose signatures it accepts.

    Only `OpenTeam.known`, from a secret that the session holds, and `keys.trust`, from a row that it has checked, make
    one. So a raw row does not fit where something is sealed to a team; a test looks for other places that make one.

    Attributes:
        key_id: the id of the key's row.
        kem_public: the public key to which keyrings and cards are sealed.
        signing_public: the public key of its signatures.
    """

    key_id: UUID
    kem_public: RecipientKey = field(repr=False)
    signing_public: bytes = field(repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of both public keys, in hexadecimal."""
        return fingerprint(self.kem_public, self.signing_public).hex()


@dataclass(frozen=True)
class OlderKey:
    """An earlier key of a team, which this session still holds.

    Attributes:
        version: its number among the team's keys, from 1 on.
    """

    version: int
    secret: TeamSecret = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OpenTeam(TeamIdentity):
    """A team whose secret this session holds. Who the team is comes from the sealed membership.

    Attributes:
        key_id: the team's current key.
        secret: the secret of the current key.
        version: the number of the current key, from 1 on.
        older: the team's earlier keys that the member was given, by key id, the oldest first. They open what was sealed
            to those. Not every number need be among them.
        confirmed: whether the NEET group has confirmed the current key as this team's. Until then it sends nothing.
        awaited: whether it is not confirmed, and the NEET group has confirmed an earlier key of it, or this one without
            the second confirmer. Then others can tell what the key signed from what somebody put there.
        change: the digest of the acceptance by which the team became what it is; empty if it has not changed since the
            current key was made.
        moved: whether the membership still says what the team was before, or names no second confirmer or no rules that
            the member has seen. It is sealed anew at the next sign-in.
        second: the second confirmer, without which this session believes no key; None if it has seen none.
        councils: the NEET groups' keys that the membership holds, by team.
        remembers: whether the membership says that the person has an address book.
        awaits_council: whether a membership says that the team counts only once the NEET group has confirmed it.
        rules: the newest rules of the area that the member of its NEET group has seen; None for other teams.
    """

    key_id: UUID
    secret: TeamSecret = field(repr=False)
    version: int = 1
    older: Mapping[UUID, OlderKey] = field(default_factory=dict, repr=False)
    confirmed: bool = False
    awaited: bool = False
    change: str = ""
    moved: bool = False
    second: SecondConfirmer | None = None
    councils: Mapping[UUID, RememberedKey] = field(default_factory=dict)
    remembers: bool = False
    awaits_council: bool = False
    rules: AreaRules | None = None

    @property
    def rank(self) -> int:
        """How soon others believe what the current key signs: 0 if they do, 1 if they await the key, 2 otherwise."""
        return 0 if self.confirmed else 1 if self.awaited else 2

    def secret_of(self, key_id: UUID) -> TeamSecret | None:
        """The team's secret for one of its keys; None if this membership does not hold it."""
        if key_id == self.key_id:
            return self.secret
        older = self.older.get(key_id)
        return older.secret if older else None

    @property
    def secrets(self) -> tuple[TeamSecret, ...]:
        """The secrets of all keys of the team that this session holds, the current one first."""
        return self.secret, *(older.secret for older in self.older.values())

    def version_of(self, fingerprint: bytes) -> int | None:
        """The number of the key with a fingerprint; None if this session does not hold it."""
        if fingerprint == self.secret.fingerprint:
            return self.version
        found = (older.version for older in self.older.values() if older.secret.fingerprint == fingerprint)
        return next(found, None)

    @property
    def held(self) -> HeldKey:
        """The current key as a membership holds it."""
        return self.held_keys[-1]

    @property
    def held_keys(self) -> list[HeldKey]:
        """Every key of the team that this session holds, the oldest first."""
        older = [
            HeldKey(self.identity, key_id, key.secret, key.version, awaits_council=self.awaits_council)
            for key_id, key in self.older.items()
        ]
        current = HeldKey(
            self.identity,
            self.key_id,
            self.secret,
            self.version,
            change=self.change,
            second=self.second,
            councils=self.councils,
            remembers=self.remembers,
            awaits_council=self.awaits_council,
            rules=self.rules,
        )
        return [*older, current]

    @property
    def known(self) -> KnownTeam:
        """The team with the public keys of its current secret. Nothing in it comes from the database."""
        return self.known_by(self.key_id)

    def known_by(self, key_id: UUID) -> KnownTeam:
        """The team with the public keys of one of its secrets.

        Raises:
            KeyError: this membership does not hold the key.
        """
        secret = self.secret if key_id == self.key_id else self.older[key_id].secret
        return KnownTeam(
            **vars(self.identity),
            key_id=key_id,
            kem_public=secret.kem.public,
            signing_public=secret.signing.public,
        )


WaitsFor = Literal["council", "rules", "confirmation"]
"""What a key waits for whose team has become another: that the person compares the council's new number, that they
decide on the area's rules about the second confirmer, or that the team is confirmed as what it has become."""


@dataclass(frozen=True)
class Offer:
    """A newer key of a team that a colleague has handed over.

    Attributes:
        id: the id of the handover's row.
        held: the key.
        giver_name: the colleague's name, as the person remembers it.
        former_name: the name under which the person holds the team.
        earlier: the keys between this one and the one that the person holds, the oldest first. They are taken with it.
        from_member: whether the colleague is in the team now. Nobody takes a key from somebody who is not.
        waits_for: what has to be done before the person can take it; None if they can decide now.
    """

    id: UUID
    held: HeldKey = field(repr=False)
    giver_id: UUID
    giver_name: str
    former_name: str = ""
    earlier: tuple[Offer, ...] = ()
    from_member: bool = True
    waits_for: WaitsFor | None = None

    @property
    def team_name(self) -> str:
        """What to call the team: as the person holds it for as long as nobody can tell what it has become."""
        return self.former_name if self.waits_for else self.held.team.name

    @property
    def spoken(self) -> str:
        """The key's security number, to be compared with what the colleague sees."""
        return spoken_fingerprint(self.held.secret.fingerprint)

    @property
    def seen(self) -> str:
        """What taking it names, so that no other key is taken than the one that was on the page."""
        return self.held.secret.fingerprint.hex()


@dataclass(frozen=True)
class Actor:
    """Who is signed in, for which organisation, and the teams whose keys are open during this request.

    Attributes:
        administrator: whether the person invites and removes people of their organisation.
        teams: the teams whose keys this session holds, in the order in which they act where one of several is enough:
            those first whose key counts for others (`OpenTeam.rank`), and of the council's those that are its NEET
            group. Among equals it is their sealed names that decide, so no row of the database has a say.
        session_id: the session under which opened ledgers stay in memory. If it is empty, nothing stays.
        without_key: the teams whose newest key this person has not been given. The session does nothing for them.
        set_aside: teams that the person took from an invitation although they had an account, and that the NEET group
            has not confirmed. Whoever gave them the five words can have made the team up, so until it is confirmed the
            session shows its security number and can invite others, and does nothing else for it.
        offers: newer keys of the teams without a key that a colleague has handed over and nobody else vouches for, one
            for each team: the newest that the person can take. They take it if they know that the colleague really
            made it. One may wait for something else first.
        person: the person's own keys; None if the session signs nothing as the person.
        address_book: whom the person remembers, and which keys of which teams.
        proven_until: until when the passphrase or the code counts that the person gave in this session to confirm who
            they are; None if they gave none.
    """

    principal_id: UUID
    organisation_id: UUID
    name: str
    administrator: bool
    teams: tuple[OpenTeam, ...] = ()
    session_id: str = ""
    without_key: tuple[TeamIdentity, ...] = ()
    set_aside: tuple[OpenTeam, ...] = ()
    offers: tuple[Offer, ...] = ()
    person: PersonKeys | None = field(default=None, repr=False)
    address_book: AddressBook = field(default_factory=AddressBook, repr=False)
    proven_until: datetime | None = None

    def __post_init__(self) -> None:
        teams = tuple(sorted(self.teams, key=self._order))
        object.__setattr__(self, "teams", teams)

    def _order(self, team: OpenTeam) -> tuple[int, bool, str, UUID]:
        is_council = ROOT in team.purposes and all(team.id in other.councils for other in self.teams)
        return team.rank, not is_council, team.name, team.id

    def teams_for(self, purpose: str) -> tuple[OpenTeam, ...]:
        """The open teams with a purpose, in the order in which they act."""
        return tuple(team for team in self.teams if purpose in team.purposes)

    def team_for(self, purpose: str) -> OpenTeam | None:
        """The open team that acts for a purpose, the first of `teams_for`; None if no team has it.

        What concerns one certain team is signed by that team's key instead (`team`).
        """
        return next(iter(self.teams_for(purpose)), None)

    def require(self, purpose: str) -> OpenTeam:
        """The open team that acts for a purpose, as `team_for`.

        Raises:
            NotAllowed: the person has no open team with this purpose.
        """
        team = self.team_for(purpose)
        if team is None:
            raise NotAllowed
        return team

    def signer_for(self, purpose: str) -> OpenTeam:
        """The open team that signs anew what a team with a purpose signed: one that has it, or else one that had it.

        Raises:
            NotAllowed: the person has no such team.
        """
        formerly = (team for team in self.teams if purpose in team.formerly)
        team = self.team_for(purpose) or next(formerly, None)
        if team is None:
            raise NotAllowed
        return team

    def require_proof(self, now: datetime) -> None:
        """Refuse what somebody at an unattended browser must not do.

        Raises:
            ProofNeeded: the person has given neither passphrase nor code in this session lately.
        """
        if self.proven_until is None or now >= self.proven_until:
            raise ProofNeeded

    def team(self, team_id: UUID) -> OpenTeam | None:
        """The open team with an id; None if the person is not a member or holds no key of it."""
        return next((team for team in self.teams if team.id == team_id), None)

    @property
    def second(self) -> SecondConfirmer | None:
        """The second confirmer to which the person holds: the one that they remember, or else that of their teams."""
        held = [self.address_book.second, *(team.second for team in self.teams)]
        return next((second for second in held if second is not None), None)

    def held_team(self, team_id: UUID) -> OpenTeam | None:
        """The same, also of a team that is set aside: its number can be shown, and others invited into it."""
        return next((team for team in (*self.teams, *self.set_aside) if team.id == team_id), None)

    def note(self, session: Session, kind: str, **about: events.Detail) -> None:
        """Append what this person did to their organisation's chain of events. Call it last in the transaction.

        Args:
            kind: what was done, such as `record.saved`.
            about: ids, codes and counts by name, and never an answer from a form.

        Raises:
            ValueError: `kind` is not words in lower case joined by dots, or `about` holds something other than ids,
                codes and counts.
        """
        events.append(
            session,
            organisation_id=self.organisation_id,
            kind=kind,
            principal_id=self.principal_id,
            about=about,
        )


def note_by(session: Session, principal: Principal, kind: str, **about: events.Detail) -> None:
    """Append an event for somebody who is not fully signed in, such as a newcomer; otherwise as `Actor.note`.

    Args:
        principal: who did it.
        kind: what was done, such as `person.joined`.
        about: ids, codes and counts by name.

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
