"""What a person remembers of keys, sealed to themselves: their colleagues' own keys, and the newest keys of teams.

A colleague's keys are remembered the first time that they are seen, as a member of a team whose key signed them, with
the team that said so. From then on nothing that stands in the database replaces them: not even the team's key can,
because somebody who has left the team still knows it. For the same reason a team's newer key, once
seen, is never exchanged for an older one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from transition_exchange.sealing import personal
from transition_exchange.sealing.encoding import FORMAT, canonical, from_base64, moment, to_base64
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat
from transition_exchange.sealing.keys import KeyPair, RecipientKey
from transition_exchange.sealing.people import PersonPublic
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.stored_text import read_object


@dataclass(frozen=True)
class Sighting:
    """What a team's key says of one of its members.

    Attributes:
        team: the team.
        own: whether the person who sees it is in that team.
        public: the member's public keys.
        name: their name.
    """

    team: UUID
    own: bool
    public: PersonPublic
    name: str


@dataclass(frozen=True)
class Colleague:
    """Somebody whose keys a person remembers.

    Attributes:
        public: their public keys.
        name: their name when they were first seen, by what a team of the person's own says if one does. Nobody can
            take a colleague's name afterwards.
        since: when they were first seen, in ISO 8601.
        own_teams: the person's own teams that said so, each with the time at which it was first seen, in ISO 8601.
        other_teams: the teams that said so without the person being in them.
        newest: of each of these own teams, the number of the newest key while which they were seen to be in it. They
            may know every key up to that one.
        while_left: those of all these teams that have said so only while somebody who had left still knew their key,
            and could have made this colleague up.
    """

    public: PersonPublic
    name: str
    since: str
    own_teams: Mapping[UUID, str] = field(default_factory=dict)
    other_teams: frozenset[UUID] = frozenset()
    newest: Mapping[UUID, int] = field(default_factory=dict)
    while_left: frozenset[UUID] = frozenset()

    @property
    def teams(self) -> frozenset[UUID]:
        """Every team that said so."""
        return self.other_teams | self.own_teams.keys()

    @property
    def sure_teams(self) -> frozenset[UUID]:
        """The teams that said so while nobody who had left them knew their key."""
        return self.teams - self.while_left

    def seen_again(
        self, seen: Sequence[Sighting], *, now: datetime, left: Collection[UUID] = ()
    ) -> Colleague:
        """The same colleague with the teams that say so now. If one of them names other keys, nothing changes.

        Args:
            seen: what teams say of them now.
            now: when.
            left: the teams whose key somebody knows who has left them.
        """
        if any(sighting.public != self.public for sighting in seen):
            return self
        own = [sighting for sighting in seen if sighting.own]
        others = {sighting.team for sighting in seen if not sighting.own}
        name = own[0].name if own and not self.own_teams else self.name
        own_teams = {sighting.team: moment(now) for sighting in own} | dict(self.own_teams)
        say_so = {sighting.team for sighting in seen}
        first_seen, cleared = say_so - self.teams, say_so.difference(left)
        return replace(
            self,
            name=name,
            own_teams=own_teams,
            other_teams=self.other_teams | others,
            while_left=(self.while_left | first_seen) - cleared,
        )

    def there_with(self, team_id: UUID, number: int) -> Colleague:
        """The same colleague, seen to be in a team of the person's own while its key with a number was the newest."""
        if team_id not in self.own_teams or self.newest.get(team_id, 0) >= number:
            return self
        return replace(self, newest={**self.newest, team_id: number})


@dataclass(frozen=True)
class RememberedKey:
    """The newest key of a team that a person has seen.

    Attributes:
        version: its number among the team's keys.
        fingerprint: its fingerprint, in hexadecimal.
        counts_from: the number of the first key of the team that counts. Those before it were retired. It never goes
            down, whatever stands in the database later.
        root: whether it is the NEET group's, from which confirmations start.
        before: number and fingerprint of each key before it that the person has seen to be the team's. Whoever knows a
            key can sign any key as the one after it, so a successor's row proves nothing about the key before.
    """

    version: int
    fingerprint: str
    counts_from: int = 1
    root: bool = False
    before: tuple[tuple[int, str], ...] = ()

    def names(self, version: int, fingerprint: str) -> bool:
        """Whether a key is this one, or one before it that the person has seen."""
        return (version, fingerprint) in ((self.version, self.fingerprint), *self.before)

    def after(self, seen: RememberedKey) -> RememberedKey:
        """What is remembered once a key was seen: the newer of the two, and all that either says is retired.

        A key with the same number and another fingerprint is not the team's, so nothing changes.
        """
        if seen.version == self.version and seen.fingerprint != self.fingerprint:
            return self
        counts_from = max(self.counts_from, seen.counts_from)
        if seen.version < self.version:
            return replace(self, counts_from=counts_from)
        before = dict(seen.before) | dict(self.before)
        if seen.version == self.version:
            return replace(self, counts_from=counts_from, before=tuple(sorted(before.items())))
        before[self.version] = self.fingerprint
        return replace(seen, counts_from=counts_from, before=tuple(sorted(before.items())))

    def plain(self) -> dict[str, Any]:
        """The key as JSON holds it."""
        return vars(self) | {"before": {str(version): key for version, key in self.before}}

    @classmethod
    def from_plain(cls, plain: Any) -> RememberedKey:
        """The key that `plain` returned.

        Raises:
            CannotOpen: it is none.
        """
        match plain:
            case {
                "version": int(version),
                "fingerprint": str(fingerprint),
                "counts_from": int(counts_from),
                "root": bool(root),
                "before": dict(before),
            }:
                earlier = sorted((int(number), str(key)) for number, key in before.items())
                return cls(version, fingerprint, counts_from, root, tuple(earlier))
        raise CannotOpen


@dataclass(frozen=True)
class AddressBook:
    """What a person remembers.

    Attributes:
        colleagues: by their ids.
        team_keys: the newest key of the NEET group and of each team that has had more than one, by the team's id.
        second: the second confirmer to which the person holds, for the time in which they are in no team; None if there
            is none.
        second_key: the newest key of the second confirmer that the person has seen; None if they have seen none. It is
            kept apart from `team_keys`, because it confirms before anybody vouches for it, and nothing is sealed to it.
    """

    colleagues: Mapping[UUID, Colleague] = field(default_factory=dict)
    team_keys: Mapping[UUID, RememberedKey] = field(default_factory=dict)
    second: SecondConfirmer | None = None
    second_key: RememberedKey | None = None

    def with_colleagues(
        self, seen: Mapping[UUID, Sequence[Sighting]], *, now: datetime, left: Collection[UUID] = ()
    ) -> AddressBook:
        """The book with those who were not in it. Whoever is in it keeps the keys with which they were first seen.

        Somebody new of whom two teams name different keys is left out.

        Args:
            seen: what teams say of colleagues, by the colleagues' ids.
            now: when that was seen.
            left: the teams whose key somebody knows who has left them.
        """
        new: dict[UUID, Colleague] = {}
        for principal_id, sightings in seen.items():
            if not sightings:
                continue
            first, known = sightings[0], self.colleagues.get(principal_id)
            after = (known or Colleague(first.public, first.name, moment(now))).seen_again(
                sightings, now=now, left=left
            )
            if after != known and after.teams:
                new[principal_id] = after
        return replace(self, colleagues={**self.colleagues, **new}) if new else self

    def with_members(self, team_id: UUID, members: Collection[UUID], *, number: int) -> AddressBook:
        """The book with the number of a key that members of a team of the person's own may know.

        It goes by who is in the team, whatever keys or statements somebody's row names: whoever writes rows
        can make theirs say less.

        Args:
            team_id: the team.
            members: who is in it. Those whom the person does not know from this team are left out.
            number: the number of its newest key.
        """
        after = {
            person: colleague.there_with(team_id, number)
            for person in members
            if (colleague := self.colleagues.get(person)) is not None
        }
        colleagues = {**self.colleagues, **after}
        return self if colleagues == self.colleagues else replace(self, colleagues=colleagues)

    def with_team_keys(self, seen: Mapping[UUID, RememberedKey]) -> AddressBook:
        """The book with team keys that are newer than those in it, and with what they retired.

        None is exchanged for an older one.

        Args:
            seen: the newest keys of teams, by the teams' ids.
        """
        after = {
            team_id: known.after(key) if (known := self.team_keys.get(team_id)) else key
            for team_id, key in seen.items()
        }
        team_keys = {**self.team_keys, **after}
        return self if team_keys == self.team_keys else replace(self, team_keys=team_keys)

    def with_second(self, second: SecondConfirmer | None) -> AddressBook:
        """The book with the second confirmer to which the person holds now. Another one's key is forgotten."""
        if second == self.second:
            return self
        same = second is not None and second.is_same_as(self.second)
        return replace(self, second=second, second_key=self.second_key if same else None)

    def key_of(self, second: SecondConfirmer) -> RememberedKey | None:
        """The newest key of a second confirmer that the person has seen; None if they hold to another one."""
        return self.second_key if second.is_same_as(self.second) else None

    def public_of(self, principal_id: UUID) -> PersonPublic | None:
        """The public keys of a colleague; None for somebody who is not remembered."""
        colleague = self.colleagues.get(principal_id)
        return colleague.public if colleague else None

    def seal(self, pair: KeyPair, *, principal_id: UUID) -> bytes:
        """Seal the book to its owner."""
        return personal.seal(pair, canonical(self._plain()).encode(), use=_use(principal_id))

    def _plain(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "colleagues": {
                str(colleague_id): {
                    "kem": to_base64(colleague.public.kem),
                    "signing": to_base64(colleague.public.signing),
                    "name": colleague.name,
                    "since": colleague.since,
                    "own_teams": {str(team): since for team, since in colleague.own_teams.items()},
                    "other_teams": sorted(map(str, colleague.other_teams)),
                    "newest": {str(team): number for team, number in colleague.newest.items()},
                    "while_left": sorted(map(str, colleague.while_left)),
                }
                for colleague_id, colleague in self.colleagues.items()
            },
            "team_keys": {str(team_id): key.plain() for team_id, key in self.team_keys.items()},
            "second": self.second.plain() if self.second else None,
            "second_key": self.second_key.plain() if self.second_key else None,
        }

    @classmethod
    def open(cls, pair: KeyPair, sealed: bytes, *, principal_id: UUID) -> AddressBook:
        """Open a book that its owner sealed.

        Raises:
            UnknownFormat: it is in a version that this release does not know.
            CannotOpen: it is somebody else's, or was changed.
        """
        try:
            content = read_object(personal.open(pair, sealed, use=_use(principal_id)))
            if content["format"] != FORMAT:
                raise UnknownFormat("address book", content["format"])
            return cls(
                {
                    UUID(colleague_id): Colleague(
                        PersonPublic(RecipientKey(from_base64(plain["kem"])), from_base64(plain["signing"])),
                        plain["name"],
                        plain["since"],
                        {UUID(team): since for team, since in plain["own_teams"].items()},
                        frozenset(map(UUID, plain["other_teams"])),
                        {UUID(team): int(number) for team, number in plain["newest"].items()},
                        frozenset(map(UUID, plain["while_left"])),
                    )
                    for colleague_id, plain in content["colleagues"].items()
                },
                {
                    UUID(team_id): RememberedKey.from_plain(plain)
                    for team_id, plain in content["team_keys"].items()
                },
                SecondConfirmer.from_plain(content["second"]) if content["second"] is not None else None,
                RememberedKey.from_plain(content["second_key"])
                if content["second_key"] is not None
                else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CannotOpen from None


def _use(principal_id: UUID) -> str:
    return f"address book {principal_id}"
