"""Manifests and grants: the signed statements about a released revision, in canonical JSON.

A manifest lists the ciphertexts of a revision; its owner signs it. A grant says which team got which keyring; its
grantor signs it. The signed bytes name the kind of statement, so neither can replace the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self

from transition_exchange.sealing.encoding import Identifier
from transition_exchange.sealing.statements import Statement, settle


@dataclass(frozen=True)
class Manifest(Statement):
    """The list of ciphertexts of a released revision.

    Attributes:
        area: the area's id.
        record: the record's id.
        revision: the revision's id.
        owner: the sending purpose that released it.
        number: 1 for the owner's first revision of the record, then one more for each.
        version: the pro-forma version.
        released_at: when it was released.
        parts: SHA-256 digests of the ciphertexts, in hex, by part name.
        previous: the digest of the owner's previous manifest, or None for the first.
        withdraws: the number of the version before, if this one takes back what the owner has answered in it and in all
            before it; then it answers nothing itself. Otherwise None, and the text has no such field.
    """

    kind: ClassVar[str] = "manifest"

    area: Identifier
    record: Identifier
    revision: Identifier
    owner: str
    number: int
    version: str
    released_at: datetime | str
    parts: Mapping[str, str]
    previous: str | None = None
    withdraws: int | None = None

    def __post_init__(self) -> None:
        settle(self, "area", "record", "revision", at="released_at")
        object.__setattr__(self, "parts", dict(self.parts))
        if self.withdraws is not None and (
            type(self.withdraws) is not int or self.withdraws != self.number - 1
        ):
            raise ValueError("a version takes back the one before it")

    def _plain(self) -> dict[str, Any]:
        plain = super()._plain()
        return {name: value for name, value in plain.items() if (name, value) != ("withdraws", None)}

    @classmethod
    def _read(cls, read: dict[str, Any]) -> Self:
        return super()._read({"withdraws": None} | read)


@dataclass(frozen=True)
class Grant(Statement):
    """A statement of who was given which keyring of which revision, and by whom.

    Attributes:
        grantor_team: the id of the team that grants.
        grantor_fingerprint: the fingerprint of that team's keys, in hex.
        manifest_digest: the digest of the revision's manifest; empty for a draft, which has none.
        record: the record's id.
        revision: the revision's id, or the attachment's.
        owner: the sending purpose whose part it is.
        empty: whether it is a draft that its owner did not make: a team that does other work made it with the learner.
            It counts only while nothing is written in it.
        transfer: the transfer's id, or None for a grant within the school.
        recipient_fingerprint: the fingerprint of the recipient team's keys, in hex.
        recipient_team: the recipient team's id.
        keyring_digest: SHA-256 of the sealed keyring, in hex.
        keys_digest: the digest of the part keys in it (`keyrings.digest_of`). Whoever opens the keyring, or what its
            team kept of it, compares them.
        known_to: of a draft the fingerprints of all team keys to which the grantor sealed these part keys, sorted. All
            grants of these keys name the same, and nobody grants the keys to another team key. None for what is no
            draft.
        granted_at: when it was granted.
        parts: digests, by part name, of granted ciphertexts that no manifest names: the destination and PDFs of a
            transfer, and attachments.
    """

    kind: ClassVar[str] = "grant"

    grantor_team: Identifier
    grantor_fingerprint: str
    manifest_digest: str
    record: Identifier
    revision: Identifier
    owner: str
    empty: bool
    transfer: Identifier | None
    recipient_fingerprint: str
    recipient_team: Identifier
    keyring_digest: str
    keys_digest: str
    granted_at: datetime | str
    known_to: Collection[str] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settle(self, "grantor_team", "record", "revision", "transfer", "recipient_team", at="granted_at")
        object.__setattr__(self, "parts", dict(self.parts))
        _put_in_order(self, "known_to")


def _put_in_order(statement: Grant, name: str) -> None:
    """Sort a collection of texts and take none twice, as they are signed, so that there is one way to say it."""
    texts = getattr(statement, name)
    if texts is not None:
        object.__setattr__(statement, name, tuple(sorted(set(texts))))
