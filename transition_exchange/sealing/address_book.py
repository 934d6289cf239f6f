"""What a person remembers of keys, sealed to themselves: their colleagues' own keys, and the newest keys of teams.

A colleague's keys are remembered the first time that they are seen, as a member of a team whose key signed them. From
then on nothing that stands in the database replaces them: not even the team's key can, because somebody who has left
the team still knows it. For the same reason a team's newer key, once seen, is never exchanged for an older one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from transition_exchange.sealing import personal
from transition_exchange.sealing.encoding import FORMAT, canonical, from_base64, moment, to_base64
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat
from transition_exchange.sealing.keys import KeyPair, RecipientKey
from transition_exchange.sealing.people import PersonPublic
from transition_exchange.stored_text import read_object


@dataclass(frozen=True)
class Colleague:
    """Somebody whose keys a person remembers.

    Attributes:
        public: their public keys.
        name: their name when they were first seen. Nobody can take a colleague's name afterwards.
        since: when they were first seen, in ISO 8601.
    """

    public: PersonPublic
    name: str
    since: str


@dataclass(frozen=True)
class RememberedKey:
    """The newest key of a team that a person has seen.

    Attributes:
        version: its number among the team's keys.
        fingerprint: its fingerprint, in hexadecimal.
        alone: whether the keys before it count no longer.
        root: whether it is the NEET group's, from which confirmations start.
    """

    version: int
    fingerprint: str
    alone: bool = False
    root: bool = False

    def plain(self) -> dict[str, Any]:
        """The key as JSON holds it."""
        return dict(vars(self))

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
                "alone": bool(alone),
                "root": bool(root),
            }:
                return cls(version, fingerprint, alone, root)
        raise CannotOpen


@dataclass(frozen=True)
class AddressBook:
    """What a person remembers.

    Attributes:
        colleagues: by their ids.
        team_keys: the newest key of the NEET group and of each team that has had more than one, by the team's id.
    """

    colleagues: Mapping[UUID, Colleague] = field(default_factory=dict)
    team_keys: Mapping[UUID, RememberedKey] = field(default_factory=dict)

    def with_colleagues(self, seen: Mapping[UUID, tuple[PersonPublic, str]], *, now: datetime) -> AddressBook:
        """The book with those who were not in it. Whoever is in it stays as they were first seen.

        Args:
            seen: the public keys and the names of colleagues, by their ids.
            now: when they were seen.
        """
        new = {
            principal_id: Colleague(public, name, moment(now))
            for principal_id, (public, name) in seen.items()
            if principal_id not in self.colleagues
        }
        return replace(self, colleagues={**self.colleagues, **new}) if new else self

    def with_team_keys(self, seen: Mapping[UUID, RememberedKey]) -> AddressBook:
        """The book with team keys that are newer than those in it. None is exchanged for an older one.

        Args:
            seen: the newest keys of teams, by the teams' ids.
        """
        new = {
            team_id: key
            for team_id, key in seen.items()
            if (known := self.team_keys.get(team_id)) is None
            or key.version > known.version
            or (key.fingerprint == known.fingerprint and key.alone and not known.alone)
        }
        return replace(self, team_keys={**self.team_keys, **new}) if new else self

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
                }
                for colleague_id, colleague in self.colleagues.items()
            },
            "team_keys": {str(team_id): key.plain() for team_id, key in self.team_keys.items()},
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
                    )
                    for colleague_id, plain in content["colleagues"].items()
                },
                {
                    UUID(team_id): RememberedKey.from_plain(plain)
                    for team_id, plain in content["team_keys"].items()
                },
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CannotOpen from None


def _use(principal_id: UUID) -> str:
    return f"address book {principal_id}"
