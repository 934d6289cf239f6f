"""What stands in a sealed message is read as it was written, and anything else is one error."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from transition_exchange.exchange.queries.message_texts import FACTS, Content, SignedText
from transition_exchange.stored_text import UnreadableText

SIGNED = SignedText("what was signed", uuid4(), b"s" * 64)
CONTENT = Content(
    "Which bus?", "contacts", datetime(2027, 9, 1, 9, 0, tzinfo=UTC), dict.fromkeys(FACTS, "id")
)


def test_what_was_written_is_read() -> None:
    assert SignedText.read(SIGNED.to_bytes()) == SIGNED
    assert Content.read(CONTENT.body()) == CONTENT


@pytest.mark.parametrize(
    "opened",
    [
        b"no JSON",
        b"[]",
        b"{}",
        SIGNED.to_bytes().replace(b'"key": "', b'"key": "x'),
        SIGNED.to_bytes().replace(b'"signature": "', b'"signature": "x'),
        SIGNED.to_bytes().replace(b'"what was signed"', b"null"),
    ],
)
def test_another_message_is_unreadable(opened: bytes) -> None:
    with pytest.raises(UnreadableText):
        SignedText.read(opened)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"Which bus?"', "3"),
        ('"contacts"', "null"),
        ("2027-09", "soon"),
        ('"record"', '"recorded"'),
        ("{", ""),
    ],
)
def test_another_body_is_unreadable(before: str, after: str) -> None:
    assert before in CONTENT.body()
    with pytest.raises(UnreadableText):
        Content.read(CONTENT.body().replace(before, after))
