"""A person's own keys, and how a team's members know each other by them.

Everything comes from one seed. What is sealed to a person opens with it alone. What they sign proves that it was them,
and not another member of their team, all of whom hold the team's key. Members need this when a team gets a new key
because somebody has left: the leaver knows the old one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transition_exchange.sealing.encoding import Identifier, framed, from_base64, to_base64
from transition_exchange.sealing.errors import BadSignature, CannotOpen
from transition_exchange.sealing.keys import SEED_SIZE, KeyPair, RecipientKey, SigningKey
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class PersonPublic:
    """The public keys of a person.

    Attributes:
        kem: the key to which something is sealed for them.
        signing: the key of their signatures.
    """

    kem: RecipientKey = field(repr=False)
    signing: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over both, in hexadecimal."""
        return hashlib.sha256(framed("person", self.kem, self.signing)).hexdigest()


@dataclass(frozen=True)
class PersonKeys:
    """All keys of a person.

    Attributes:
        pair: the key pair that opens what is sealed to them.
    """

    pair: KeyPair = field(repr=False)

    @cached_property
    def signing(self) -> SigningKey:
        """Their signing key: HKDF-SHA256 of the seed."""
        derived = HKDF(SHA256(), SEED_SIZE, salt=None, info=framed("person-signing")).derive(self.pair.seed)
        return SigningKey.from_seed(derived)

    @cached_property
    def tagging(self) -> bytes:
        """Their key for tags of content: HKDF-SHA256 of the seed. It seals and signs nothing."""
        return HKDF(SHA256(), 32, salt=None, info=framed("person-tagging")).derive(self.pair.seed)

    @property
    def public(self) -> PersonPublic:
        """Their public keys."""
        return PersonPublic(self.pair.public, self.signing.public)


@dataclass(frozen=True)
class Member(Statement):
    """The statement that somebody is a member of a team, with their name and public keys. The team's key signs it.

    Attributes:
        team: the team's id.
        principal: the id of the person.
        name: their name. Their row can be given anybody's.
        kem: their public key for sealing, in base64.
        signing: their public key for signatures, in base64.
        joined_at: when they joined.
    """

    kind: ClassVar[str] = "member"

    team: Identifier
    principal: Identifier
    name: str
    kem: str
    signing: str
    joined_at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "team", "principal", at="joined_at")

    @classmethod
    def of(
        cls, *, team: UUID, principal: UUID, name: str, public: PersonPublic, joined_at: datetime
    ) -> Member:
        """The statement about somebody who joins."""
        return cls(team, principal, name, to_base64(public.kem), to_base64(public.signing), joined_at)

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        name = read.get("name")
        if not isinstance(name, str) or not name.strip():
            raise BadSignature("The statement names nobody.")
        return super()._read(read)

    @property
    def public(self) -> PersonPublic:
        """The member's public keys.

        Raises:
            BadSignature: they are no keys. No member signs such a statement.
        """
        try:
            return PersonPublic(RecipientKey(from_base64(self.kem)), from_base64(self.signing))
        except CannotOpen as error:
            raise BadSignature("The statement cannot be read.") from error
