"""Tokens: random, and known to the database by their digest only."""

from __future__ import annotations

import hashlib
import re

from flask import Flask

from transition_exchange.store.tokens import invitation_link, new_token, token_digest
from transition_exchange.web.accounts import blueprint


def test_no_two_tokens_are_the_same_and_none_needs_quoting_in_an_address() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_digest_is_the_sha_256_of_the_token() -> None:
    assert token_digest("token") == hashlib.sha256(b"token").hexdigest()


def test_a_link_leads_to_the_page_that_takes_it() -> None:
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    path = app.url_map.bind("exchange.example.org").build("accounts.join", {"token": "abc"})
    assert invitation_link("https://exchange.example.org", "abc") == f"https://exchange.example.org{path}"
