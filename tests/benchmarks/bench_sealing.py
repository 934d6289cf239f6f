"""Sealing a complete EHC plan record for five teams and opening it, against the bare calls it needs.

`python -m tests.benchmarks.bench_sealing`. The baseline does the same encryptions, encapsulations and
signatures with `cryptography` alone: nothing padded, framed, checked or named. Both load keys from bytes, as
rows hold them.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from transition_exchange.sealing import keyrings, parts
from transition_exchange.sealing.keys import RecipientKey, TeamSecret, public_key
from transition_exchange.sealing.manifests import Grant, Manifest

ROUNDS = 40
GOAL = 3.0
TEAMS = 5
# Bytes of JSON in each section of a long EHC plan record: many short ones, some pages of prose.
SECTIONS = [
    300,
    250,
    400,
    120,
    900,
    6000,
    9000,
    2500,
    1800,
    700,
    3200,
    1500,
    400,
    5200,
    800,
    350,
    260,
    600,
    140,
]
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class Place:
    """The ids under which one record is sealed."""

    area: UUID
    record: UUID
    revision: UUID

    def name(self, part: str) -> parts.PartName:
        return parts.PartName(self.area, self.record, self.revision, part, "core/2027.1")


def ours(texts: dict[str, bytes], school: bytes, teams: list[bytes], publics: list[RecipientKey]) -> None:
    """Seal, sign and grant as a release does; then open and check as five teams do."""
    place, now = Place(uuid4(), uuid4(), uuid4()), datetime.now(UTC)
    grantor = TeamSecret.from_bytes(school)
    keys = {name: parts.new_key() for name in texts}
    sealed = {name: parts.seal(keys[name], place.name(name), text) for name, text in texts.items()}
    digests = {name: parts.digest(body) for name, body in sealed.items()}
    manifest = Manifest(
        place.area, place.record, place.revision, "transition", 1, "core/2027.1", now, digests, previous=None
    )
    signature = manifest.sign(grantor.signing)
    use = f"keyring {place.record} {place.revision}"
    granted = []
    for public in publics:
        ring = keyrings.seal(public, keys, use=use)
        grant = Grant(
            grantor_team="",
            grantor_fingerprint="",
            manifest_digest=manifest.digest(),
            record=place.record,
            revision=place.revision,
            owner="transition",
            empty=False,
            transfer=None,
            recipient_fingerprint="",
            recipient_team="",
            keyring_digest=parts.digest(ring),
            keys_digest=keyrings.digest_of(keys),
            granted_at=now,
        )
        granted.append((ring, grant.text(), grant.sign(grantor.signing)))
    for secret, (ring, text, signed) in zip(teams, granted, strict=True):
        grant = Grant.verify(text, signed, grantor.signing.public)
        assert grant.keyring_digest == parts.digest(ring)
        opened = keyrings.open(TeamSecret.from_bytes(secret).kem, ring, use=use)
        assert grant.keys_digest == keyrings.digest_of(opened)
        read = Manifest.verify(manifest.text(), signature, grantor.signing.public)
        for name, body in sealed.items():
            assert read.parts[name] == parts.digest(body)
            parts.open(opened[name], place.name(name), body)


def bare(texts: dict[str, bytes], school: bytes, teams: list[bytes], publics: list[RecipientKey]) -> None:
    """The same with `cryptography` alone."""
    signing = TeamSecret.from_bytes(school).signing
    verifier = signing.public
    keys = {name: AESGCM.generate_key(256) for name in texts}
    sealed = {}
    for name, text in texts.items():
        nonce = os.urandom(12)
        sealed[name] = nonce, AESGCM(keys[name]).encrypt(nonce, text, b"place")
    ring = b"".join(keys.values())
    statement = bytes(2000)
    signature = signing.sign(statement)
    granted = [
        (SUITE.encrypt(ring, public_key(public), info=b"use"), signing.sign(b"grant")) for public in publics
    ]
    for secret, (message, signed) in zip(teams, granted, strict=True):
        public = Ed25519PublicKey.from_public_bytes(verifier)
        public.verify(signed, b"grant")
        public.verify(signature, statement)
        SUITE.decrypt(message, TeamSecret.from_bytes(secret).kem.private, info=b"use")
        for name, (nonce, body) in sealed.items():
            AESGCM(keys[name]).decrypt(nonce, body, b"place")


def timed(work: Callable[[], None]) -> float:
    """Milliseconds that one run takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def measure() -> tuple[float, float]:
    """Medians of both in milliseconds, their runs taken in turn so that a busy machine slows both alike."""
    chance = random.Random(1)
    texts = {f"section_{number}": chance.randbytes(size) for number, size in enumerate(SECTIONS)}
    school = TeamSecret.generate().to_bytes()
    secrets = [TeamSecret.generate() for _ in range(TEAMS)]
    teams, publics = [secret.to_bytes() for secret in secrets], [secret.kem.public for secret in secrets]
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        taken["ours"].append(timed(lambda: ours(texts, school, teams, publics)))
        taken["bare"].append(timed(lambda: bare(texts, school, teams, publics)))
    return statistics.median(taken["ours"]), statistics.median(taken["bare"])


def main() -> None:
    """Print the two medians and their ratio."""
    sealed, baseline = measure()
    ratio = sealed / baseline
    print(f"Sealing a record of {len(SECTIONS)} sections for {TEAMS} teams and opening it by each of them")
    print(f"  transition_exchange.sealing   {sealed:8.2f} ms")
    print(f"  bare cryptography calls       {baseline:8.2f} ms")
    print(f"  ratio {ratio:.2f} (goal: under {GOAL:.0f}) {'met' if ratio < GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
