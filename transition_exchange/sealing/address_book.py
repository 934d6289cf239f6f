"""A person's memory of their colleagues' keys, sealed to themselves.

A colleague's keys are remembered the first time that they are seen, as a member of a team whose key signed them. From
then on nothing that stands in the database replaces them: not even the team's key can, because somebody who has left
the team still knows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from transition_exchange.sealing import personal
from transition_exchange.sealing.encoding import FORMAT, canonical, from_base64, moment, to_base64
from transition_exchange.sealing.errors import UnknownFormat
from transition_exchange.sealing.keys import KeyPair, RecipientKey
from transition_exchange.sealing.people import PersonPublic


@dataclass(frozen=True)
class Colleague:
    """Somebody whose keys a person remembers.

    Attributes:
        public: their public keys.
        since: when they were first seen, in ISO 8601.
    """

    public: PersonPublic
    since: str


@dataclass(frozen=True)
class AddressBook:
    """A person's colleagues, by their ids."""

    colleagues: Mapping[UUID, Colleague] = field(default_factory=dict)

    def with_new(self, seen: Mapping[UUID, PersonPublic], *, now: datetime) -> AddressBook:
        """The book with those who were not in it. Whoever is in it stays as they were first seen.

        Args:
            seen: the public keys of colleagues, by their ids.
            now: when they were seen.
        """
        new = {
            principal_id: Colleague(public, moment(now))
            for principal_id, public in seen.items()
            if principal_id not in self.colleagues
        }
        return AddressBook({**self.colleagues, **new}) if new else self

    def others_than_remembered(self, seen: Mapping[UUID, PersonPublic]) -> tuple[UUID, ...]:
        """The ids of colleagues whose keys are now said to be others than those remembered."""
        return tuple(
            principal_id
            for principal_id, public in seen.items()
            if principal_id in self.colleagues and self.colleagues[principal_id].public != public
        )

    def seal(self, pair: KeyPair, *, principal_id: UUID) -> bytes:
        """Seal the book to its owner."""
        content = {
            "format": FORMAT,
            "colleagues": {
                str(colleague_id): {
                    "kem": to_base64(colleague.public.kem),
                    "signing": to_base64(colleague.public.signing),
                    "since": colleague.since,
                }
                for colleague_id, colleague in self.colleagues.items()
            },
        }
        return personal.seal(pair, canonical(content).encode(), use=_use(principal_id))

    @classmethod
    def open(cls, pair: KeyPair, sealed: bytes, *, principal_id: UUID) -> AddressBook:
        """Open a book that its owner sealed.

        Raises:
            UnknownFormat: it is in a version that this release does not know.
            CannotOpen: it is somebody else's, or was changed.
        """
        content = json.loads(personal.open(pair, sealed, use=_use(principal_id)))
        if content["format"] != FORMAT:
            raise UnknownFormat("address book", content["format"])
        return cls(
            {
                UUID(colleague_id): Colleague(
                    PersonPublic(RecipientKey(from_base64(plain["kem"])), from_base64(plain["signing"])),
                    plain["since"],
                )
                for colleague_id, plain in content["colleagues"].items()
            }
        )


def _use(principal_id: UUID) -> str:
    return f"address book {principal_id}"
