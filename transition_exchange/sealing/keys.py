"""Key pairs, signing keys, team secrets, and the fingerprints by which people compare keys.

Private keys are stored as seeds of 32 bytes. A key pair is X-Wing's (draft-connolly-cfrg-xwing-kem): SHAKE-256
of the seed gives 96 bytes, 64 for ML-KEM-768 (d and z of FIPS 203) and 32 for X25519 (RFC 7748).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import NewType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transition_exchange.sealing.encoding import FORMAT, framed
from transition_exchange.sealing.errors import BadSignature, CannotOpen, UnknownFormat

RecipientKey = NewType("RecipientKey", bytes)
"""The public key of somebody to whom one may seal.

Every key pair gives its own. The bytes of a database row become one only where they were checked; a test looks for
other places that make one. So the type checker refuses to seal to a row as it stands.
"""
SEED_SIZE = 32
_MLKEM_PUBLIC = 1184
PUBLIC_SIZE = _MLKEM_PUBLIC + 32


@dataclass(frozen=True)
class KeyPair:
    """A key pair for sealing and opening.

    Attributes:
        seed: the 32 bytes from which both halves come. Only the seed is stored, and only wrapped.
    """

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> KeyPair:
        """A new key pair from the system's randomness."""
        return cls(secrets.token_bytes(SEED_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> KeyPair:
        """The key pair of a seed.

        Raises:
            CannotOpen: `seed` is not 32 bytes long.
        """
        if len(seed) != SEED_SIZE:
            raise CannotOpen
        return cls(bytes(seed))

    @cached_property
    def private(self) -> MLKEM768X25519PrivateKey:
        """The private key as `cryptography` takes it."""
        return MLKEM768X25519PrivateKey(*self._halves)

    @cached_property
    def public(self) -> RecipientKey:
        """The public key: ML-KEM-768's encapsulation key (1,184 bytes), then X25519's (32)."""
        mlkem, x25519 = self._halves
        return RecipientKey(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    @cached_property
    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.seed).digest(96)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
            X25519PrivateKey.from_private_bytes(expanded[64:]),
        )


def public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """A public key as `cryptography` takes it.

    Raises:
        CannotOpen: these bytes are not a public key.
    """
    if len(public) != PUBLIC_SIZE:
        raise CannotOpen("These bytes are no public key.")
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
        )
    except ValueError:
        raise CannotOpen("These bytes are no public key.") from None


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key (RFC 8032), stored as its seed of 32 bytes."""

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> SigningKey:
        """A new signing key from the system's randomness."""
        return cls(secrets.token_bytes(SEED_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """The signing key of a seed.

        Raises:
            CannotOpen: `seed` is not 32 bytes long.
        """
        if len(seed) != SEED_SIZE:
            raise CannotOpen
        return cls(bytes(seed))

    @cached_property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`, 64 bytes."""
        return self._private.sign(message)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Check a signature.

    Raises:
        BadSignature: it is not this key's signature over this message.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise BadSignature from None


@dataclass(frozen=True)
class TeamSecret:
    """What each member of a team holds: the seeds of its key pair and of its signing key."""

    kem_seed: bytes = field(repr=False)
    signing_seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> TeamSecret:
        """The secret of a new team key."""
        return cls(secrets.token_bytes(SEED_SIZE), secrets.token_bytes(SEED_SIZE))

    @classmethod
    def from_bytes(cls, raw: bytes) -> TeamSecret:
        """Read what `to_bytes` wrote.

        Raises:
            UnknownFormat: `raw` is in another version of the format.
            CannotOpen: `raw` is not 65 bytes long.
        """
        if raw[:1] != bytes([FORMAT]):
            raise UnknownFormat("team secret", raw[0] if raw else None)
        if len(raw) != 1 + 2 * SEED_SIZE:
            raise CannotOpen
        return cls(raw[1 : 1 + SEED_SIZE], raw[1 + SEED_SIZE :])

    def to_bytes(self) -> bytes:
        """The version byte and both seeds, 65 bytes, for sealing to a member."""
        return bytes([FORMAT]) + self.kem_seed + self.signing_seed

    @cached_property
    def kem(self) -> KeyPair:
        """The key pair to which keyrings and cards are sealed."""
        return KeyPair.from_seed(self.kem_seed)

    @cached_property
    def signing(self) -> SigningKey:
        """The key that signs the team's manifests and grants."""
        return SigningKey.from_seed(self.signing_seed)

    @cached_property
    def ledger_key(self) -> bytes:
        """The symmetric key of the team's ledger: HKDF-SHA256 of the key pair's seed."""
        return HKDF(SHA256(), SEED_SIZE, salt=None, info=framed("ledger-key")).derive(self.kem_seed)

    @cached_property
    def kept_key(self) -> bytes:
        """The symmetric key of the keyrings that the team has sealed to itself: HKDF-SHA256 of the key pair's seed."""
        return HKDF(SHA256(), SEED_SIZE, salt=None, info=framed("kept-key")).derive(self.kem_seed)

    @property
    def fingerprint(self) -> bytes:
        """The fingerprint of the team's two public keys."""
        return fingerprint(self.kem.public, self.signing.public)


def fingerprint(kem_public: bytes, signing_public: bytes) -> bytes:
    """SHA-256 over both public keys of a team. Confirmations, pins and grants name it."""
    return hashlib.sha256(framed("fingerprint", kem_public, signing_public)).digest()


def spoken_fingerprint(raw: bytes) -> str:
    """A fingerprint for comparing by telephone: six groups of five digits, 99 bits.

    An attacker who wants a key that reads the same must try about 2**99 keys.
    """
    number = int.from_bytes(raw, "big")
    groups = [f"{number // 100_000**place % 100_000:05d}" for place in range(5, -1, -1)]
    return " ".join(groups)


__all__ = [
    "PUBLIC_SIZE",
    "SEED_SIZE",
    "BadSignature",
    "KeyPair",
    "RecipientKey",
    "SigningKey",
    "TeamSecret",
    "fingerprint",
    "public_key",
    "spoken_fingerprint",
    "verify",
]
