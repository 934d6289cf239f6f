"""A signed message holds for its text, its place and its writer."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature, messages
from transition_exchange.sealing.keys import SigningKey

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
QUERY, MESSAGE = uuid4(), uuid4()


def test_it_holds_for_its_text_its_place_and_its_writer() -> None:
    signature = messages.sign(KEY, query=QUERY, message=MESSAGE, body=b"Which bus?")
    messages.verify(KEY.public, signature, query=str(QUERY), message=str(MESSAGE), body=b"Which bus?")
    for public, query, message, body in [
        (OTHER.public, QUERY, MESSAGE, b"Which bus?"),
        (KEY.public, uuid4(), MESSAGE, b"Which bus?"),
        (KEY.public, QUERY, uuid4(), b"Which bus?"),
        (KEY.public, MESSAGE, QUERY, b"Which bus?"),
        (KEY.public, QUERY, MESSAGE, b"Which train?"),
    ]:
        with pytest.raises(BadSignature):
            messages.verify(public, signature, query=query, message=message, body=body)
