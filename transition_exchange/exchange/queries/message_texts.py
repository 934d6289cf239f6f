"""What stands in a sealed message, as text: the body that its team signed, and the key and the signature beside it.

Anybody can seal something to a team's public key. So each text is read in one place, and whatever else stands there
raises the same error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from transition_exchange.sealing.encoding import canonical
from transition_exchange.stored_text import UnreadableText, read_moment, read_texts

FACTS = ("record", "transfer", "school", "owner", "asking_team")
"""What a body says of its question besides the words."""


@dataclass(frozen=True)
class SignedText:
    """What is sealed as a message. Whether the signature is right is asked elsewhere.

    Attributes:
        body: exactly what was signed.
        key_id: the id of the key that is said to have signed it.
    """

    body: str = field(repr=False)
    key_id: UUID
    signature: bytes

    def to_bytes(self) -> bytes:
        """The text, for sealing."""
        plain = {"body": self.body, "key": str(self.key_id), "signature": self.signature.hex()}
        return json.dumps(plain).encode()

    @staticmethod
    def read(opened: bytes) -> SignedText:
        """What `to_bytes` wrote.

        Raises:
            UnreadableText: it is something else.
        """
        body, key, signature = read_texts(opened, "body", "key", "signature")
        try:
            return SignedText(body, UUID(key), bytes.fromhex(signature))
        except ValueError:
            raise UnreadableText from None


@dataclass(frozen=True)
class Content:
    """What a message's body says.

    Attributes:
        section: the section that the question is about; empty if the message names none.
        facts: which question it belongs to and whom that concerns, by the names in `FACTS`.
        by: the name of who wrote it, as their team knows them; empty in messages of earlier releases.
    """

    text: str = field(repr=False)
    section: str
    sent_at: datetime
    facts: Mapping[str, str]
    by: str = ""

    def body(self) -> str:
        """The text that is signed."""
        words = {"text": self.text, "section": self.section, "sent_at": self.sent_at.isoformat()}
        return canonical({**self.facts, **words, **({"by": self.by} if self.by else {})})

    @staticmethod
    def read(body: str) -> Content:
        """What `body` wrote.

        Raises:
            UnreadableText: it is something else.
        """
        text, section, sent_at, *facts = read_texts(body, "text", "section", "sent_at", *FACTS)
        try:
            (by,) = read_texts(body, "by")
        except UnreadableText:
            by = ""
        return Content(text, section, read_moment(sent_at), dict(zip(FACTS, facts, strict=True)), by)
