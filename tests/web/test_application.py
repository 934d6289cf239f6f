"""What the application is set up with: cookies, hosts, and what it refuses to be served as."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from flask import Flask

from tests.web.conftest import SECRET
from tests.web.visitor import Page, Visitor
from transition_exchange.config import BadConfig, Config
from transition_exchange.store.database import Database
from transition_exchange.store.keyed_digests import keyed_digest
from transition_exchange.web import create_app


def test_cookies_are_secure_and_out_of_reach_of_scripts(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/account/sign-in", base_url="https://exchange.example")
    cookies = SimpleCookie("; ".join(answer.headers.getlist("Set-Cookie")))
    cookie = cookies["__Host-form"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )


def test_plain_http_is_for_a_sample_on_this_machine_only(web_db: Database) -> None:
    create_app(Config(sample=True, secret_key=SECRET), web_db, testing=True)
    for config in (
        Config(secret_key=SECRET),
        Config(sample=True, secret_key=SECRET, public_url="http://exchange.example"),
        Config(public_url="https://exchange.example", secret_key="short"),  # pragma: allowlist secret
    ):
        with pytest.raises(BadConfig):
            create_app(config, web_db, testing=True)


@pytest.mark.parametrize("host", ["EXCHANGE.example", "exchange.example.", "Exchange.Example."])
def test_the_name_of_the_host_may_be_written_otherwise(visitor: Visitor, host: str) -> None:
    """Names of hosts have no case, and a dot at the end names the root (RFC 9110, section 4.2.3; RFC 1034, 3.1)."""
    client, base = visitor.client, f"https://{host}"
    assert client.get("/privacy", base_url=base, headers={"Host": f"{host}:443"}).status_code == 200
    form = Page(client.get("/account/sign-in", base_url=base)).fields(0)
    sent = client.post(
        "/account/sign-in",
        base_url=base,
        data={**form, "email": "a@b.example", "passphrase": "x"},
        headers={"Referer": f"{base}/account/sign-in"},
    )
    assert sent.status_code == 422


@pytest.mark.parametrize("host", ["exchange.example..", ".exchange.example", "exchange.example.evil.example"])
def test_a_name_that_only_resembles_the_host_is_refused(visitor: Visitor, host: str) -> None:
    answer = visitor.client.get("/privacy", headers={"Host": host}, base_url=visitor.base)
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")


def test_another_host_name_is_refused(visitor: Visitor) -> None:
    assert visitor.client.get("/privacy", base_url="https://evil.example").status_code == 400


def test_all_processes_that_serve_pages_count_tries_together() -> None:
    """Each makes an application of its own. With a key for each, guesses would be let through as many times."""
    config = Config(sample=True, secret_key=SECRET, database_url="sqlite://")
    digests = set()
    for _ in range(2):
        database: Database = create_app(config, testing=True).extensions["db"]
        with database.read() as session:
            digests.add(keyed_digest(session, "account cora@council.example"))
        database.dispose()
    assert len(digests) == 1
