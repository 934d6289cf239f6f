"""Cards on their way: a school's team signs whose card it is, of which record, for which team, and when it was made.

Anybody can seal something to a team's public key. Without a signature, somebody who can write to the database could put
a learner who does not exist on a list, or one learner's card in another's place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from transition_exchange.sealing.encoding import Identifier, canonical, from_base64, to_base64
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.sealing.statements import Statement, digest_of, settle
from transition_exchange.stored_text import read_moment, read_object


@dataclass(frozen=True)
class CardStatement(Statement):
    """What is signed about a card.

    Attributes:
        card: the id of the card.
        school: the id of the organisation whose team made it.
        record: the record's id.
        transfer: the transfer's id; None for a card of the record itself.
        recipient: the id of the team that gets it.
        content: the digest of its content as canonical JSON, in hexadecimal.
        made_at: when it was made.
    """

    kind: ClassVar[str] = "card"

    card: Identifier
    school: Identifier
    record: Identifier
    transfer: Identifier | None
    recipient: Identifier
    content: str
    made_at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "card", "school", "record", "transfer", "recipient", at="made_at")


@dataclass(frozen=True)
class Place:
    """Where a card belongs: what its row says, and what the signature must say too.

    Attributes:
        card: the id of the card.
        record: the record's id.
        transfer: the transfer's id; None for a card of the record itself.
        recipient: the id of the team that gets it.
    """

    card: UUID
    record: UUID
    transfer: UUID | None
    recipient: UUID

    @property
    def use(self) -> str:
        """The use for which the card is sealed, by post and in the ledger."""
        return f"card {self.card} {self.record} {self.transfer or 'own'}"


@dataclass(frozen=True)
class SignedCard:
    """A card with its signature, as it is sealed.

    Attributes:
        content: the fields of the card.
        school: the id of the organisation whose team made it.
        key: the id of the key that signed it.
        made_at: when it was made, in ISO 8601.
        signature: over the statement.
    """

    content: Mapping[str, Any] = field(repr=False)
    school: UUID
    key: UUID
    made_at: str
    signature: bytes = field(repr=False)

    @classmethod
    def sign(
        cls,
        signing_key: SigningKey,
        *,
        place: Place,
        school: UUID,
        key: UUID,
        content: Mapping[str, Any],
        made_at: datetime,
    ) -> SignedCard:
        """Sign a card.

        Args:
            signing_key: the key of the team that makes it.
            place: where it belongs.
            school: the organisation of the team that makes it.
            key: the id of the row of that key.
            content: the fields of the card.
            made_at: when it is made.
        """
        statement = _statement(place, school=school, content=content, made_at=made_at)
        return cls(content, school, key, str(statement.made_at), statement.sign(signing_key))

    def check(self, signing_public: bytes, *, place: Place) -> None:
        """Check the signature.

        Args:
            signing_public: the public key of the team that should have signed.
            place: where the card was found.

        Raises:
            BadSignature: another key signed it, or for another place.
        """
        statement = _statement(place, school=self.school, content=self.content, made_at=self.made_at)
        statement.check(self.signature, signing_public)

    def to_bytes(self) -> bytes:
        """The card as JSON, for sealing."""
        plain = {
            "content": self.content,
            "school": str(self.school),
            "key": str(self.key),
            "made_at": self.made_at,
            "signature": to_base64(self.signature),
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> SignedCard:
        """Read what `to_bytes` wrote. The signature is not checked.

        Raises:
            CannotOpen: it is no signed card.
        """
        try:
            plain = read_object(raw)
            content, made_at = plain["content"], plain["made_at"]
            school, key = UUID(plain["school"]), UUID(plain["key"])
            signature = from_base64(plain["signature"])
            read_moment(made_at)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CannotOpen from None
        if not isinstance(content, dict):
            raise CannotOpen
        return cls(content, school, key, made_at, signature)


def _statement(
    place: Place, *, school: UUID, content: Mapping[str, Any], made_at: datetime | str
) -> CardStatement:
    return CardStatement(
        card=place.card,
        school=school,
        record=place.record,
        transfer=place.transfer,
        recipient=place.recipient,
        content=digest_of(canonical(content)),
        made_at=made_at,
    )
