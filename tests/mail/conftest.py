"""A real SMTP server, of aiosmtpd, takes what these tests send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.mail.rows import Serve
from tests.mailbox import Mailbox, serving
from transition_exchange.config import Config


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(mailbox: Mailbox) -> Iterator[Serve]:
    """Start the server, with aiosmtpd's own options, and return settings that point to it."""
    with ExitStack() as running:

        def start(**options: Any) -> Config:
            return Config(
                smtp_host="127.0.0.1",
                smtp_port=running.enter_context(serving(mailbox, **options)),
                public_url="https://exchange.example.org",
                mail_from="exchange@example.org",
            )

        yield start
