"""The invented people, teams and ids of the test vectors, the same at every run."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from transition_exchange.sealing.encoding import to_base64
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import KeyPair, TeamSecret, spoken_fingerprint
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.statements import Statement


def numbered(name: str) -> str:
    """An invented id."""
    return str(UUID(bytes=(name.encode() * 16)[:16], version=4))


def secret(start: int) -> TeamSecret:
    """An invented secret, of the numbers from `start` on."""
    return TeamSecret(bytes(range(start, start + 32)), bytes(range(start + 32, start + 64)))


AREA, RECORD, REVISION, TRANSFER = map(numbered, ("area", "record", "revision", "transfer"))
VERSION = "core/2027.1"

PRINCIPAL = numbered("principal")
PERSON = KeyPair.from_seed(bytes(range(32)))


def identity(
    team: str,
    name: str,
    organisation: str,
    organisation_name: str,
    *purposes: str,
    ukprn: str = "",
    school_urn: str = "",
) -> TeamIdentity:
    return TeamIdentity(
        id=UUID(numbered(team)),
        name=name,
        organisation_id=UUID(numbered(organisation)),
        organisation_name=organisation_name,
        purposes=frozenset(purposes),
        ukprn=ukprn,
        school_urn=school_urn,
    )


SCHOOL = HeldKey(
    identity(
        "school team", "SENCO and office", "school", "Ashdown School", "transition", school_urn="123456"
    ),
    UUID(numbered("school key")),
    secret(32),
)
COLLEGE = HeldKey(
    identity(
        *("team", "Learning support", "college", "Northway College", "learning_support", "exams"),
        ukprn="10001234",
    ),
    UUID(numbered("key")),
    secret(96),
)
NEET_GROUP = HeldKey(
    identity("neet group", "NEET group", "council", "Ashdown Council", "neet_group"),
    UUID(numbered("neet group key")),
    secret(160),
)
KEYLESS = identity(
    "second team", "Équipe d’accueil", "college", "Northway College", "admissions", ukprn="10001234"
)
BEFORE = TeamSecret(bytes(range(224, 256)), bytes(range(192, 224)))
"""The key that the college's team had before."""


def signed(statement: Statement, by: HeldKey) -> dict[str, str]:
    """A statement as it is stored, with its digest."""
    return {
        "text": statement.text(),
        "signature": statement.sign(by.secret.signing).hex(),
        "digest": statement.digest(),
    }


def described(held: HeldKey) -> dict[str, Any]:
    """A team with its key and what comes from it."""
    own = held.secret
    return held.team.plain() | {
        "key": str(held.key_id),
        "secret": own.to_bytes().hex(),
        "kem_public": to_base64(own.kem.public),
        "signing_public": own.signing.public.hex(),
        "fingerprint": own.fingerprint.hex(),
        "spoken_fingerprint": spoken_fingerprint(own.fingerprint),
        "ledger_key": own.ledger_key.hex(),
        "kept_key": own.kept_key.hex(),
    }
