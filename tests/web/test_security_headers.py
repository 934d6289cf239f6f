"""What every answer tells the browser, header by header."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor

EXPECTED = {
    "Content-Security-Policy": "default-src 'none'; "
    "script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; "  # pragma: allowlist secret
    "style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cache-Control": "no-store, max-age=0",
    "Content-Type": "text/html; charset=utf-8",
    "Vary": "Cookie",
}


def headers_of(visitor: Visitor, path: str) -> dict[str, str]:
    return {
        name: value
        for name, value in visitor.get(path).response.headers
        if name not in {"Content-Length", "Set-Cookie", "Location"}
    }


@pytest.mark.parametrize("path", ["/", "/privacy", "/account/sign-in", "/nowhere", "/account/sign-out"])
def test_every_page_has_exactly_these_headers(visitor: Visitor, path: str) -> None:
    found = headers_of(visitor, path)
    found.pop("Allow", None)  # a 405 says which methods there are
    assert found == EXPECTED


def test_a_page_with_data_is_never_kept(app: Flask, world: World) -> None:
    assert headers_of(Visitor(app, world.senco), "/account/teams")["Cache-Control"] == ("no-store, max-age=0")


def test_a_static_file_may_be_kept_under_its_digest(visitor: Visitor) -> None:
    source = visitor.get("/").source
    (href,) = re.findall(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', source)
    with visitor.client.get(href, base_url=visitor.base) as kept:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with visitor.client.get("/static/app.css", base_url=visitor.base) as bare:
        assert bare.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/nothing.css?v=1", "/static/nothing.css", "/static/?v=1"])
def test_a_page_about_a_missing_static_file_is_never_kept(app: Flask, world: World, path: str) -> None:
    page = Visitor(app, world.senco).get(path)
    assert (page.status, page.response.headers["Cache-Control"]) == (404, "no-store, max-age=0")
    assert "Signed in as" in page.text


def test_a_static_file_that_the_browser_has_stays_kept(visitor: Visitor) -> None:
    with visitor.client.get("/static/app.css?v=1", base_url=visitor.base) as whole:
        tag = whole.headers["ETag"]
    asked = {"If-None-Match": tag}
    with visitor.client.get("/static/app.css?v=1", base_url=visitor.base, headers=asked) as same:
        kept = (same.status_code, same.headers["Cache-Control"])
    assert kept == (304, "public, max-age=31536000, immutable")
    refused = visitor.post("/static/app.css?v=1")
    assert (refused.status, refused.response.headers["Cache-Control"]) == (405, "no-store, max-age=0")


def test_the_one_inline_script_is_the_one_the_policy_allows(visitor: Visitor) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", visitor.get("/").source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in EXPECTED["Content-Security-Policy"]
