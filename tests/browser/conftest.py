"""A real Chromium against a real server on a fresh SQLite database."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from tests.browser.looking import DESKTOP
from tests.exchange.built_world import BuiltWorld
from tests.exchange.world import World
from tests.web.conftest import CHEAP, SECRET
from tests.web.visitor import admit
from transition_exchange.config import Config
from transition_exchange.exchange.actor import Actor
from transition_exchange.store.database import Database
from transition_exchange.web import create_app

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
"""Chromium as root refuses its sandbox; tests open pages of our own only."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium; a test that needs it fails if it is missing."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, "Chromium is needed for these tests: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@dataclass
class Live:
    """A server that runs, with its application and database."""

    url: str
    app: Flask
    db: Database

    def admit(self, context: BrowserContext, actor: Actor) -> None:
        """Sign a browser in as somebody of the test's world, without a passphrase."""
        name = self.app.config["SIGN_IN_COOKIE"]
        context.add_cookies([{"name": name, "value": admit(self.app, actor), "url": self.url}])


@contextmanager
def served(folder: Path, template: Path, **settings: Any) -> Iterator[Live]:
    """A server on a fresh SQLite database in a folder. Plain HTTP is allowed; its area is what a test makes.

    Args:
        template: a SQLite file with every table and no row.
        settings: what its configuration says apart from a test's own.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    shutil.copy(template, folder / "live.db")
    db = Database(f"sqlite:///{folder / 'live.db'}")
    config = Config(**{"sample": True, "secret_key": SECRET, "passphrase_memory_kib": CHEAP, **settings})
    app = create_app(config, db)
    server = make_server("localhost", 0, _read_at_once(app), threaded=True)
    # How often it looks whether it is to end: by itself it would hold each test up for a quarter of a second.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Live(f"http://localhost:{server.port}", app, db)
    server.shutdown()
    thread.join()
    server.server_close()
    db.dispose()


def _read_at_once(app: Flask) -> Any:
    """The application for this server, which leaves a file open where a browser drops the connection."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer


@pytest.fixture
def live(tmp_path: Path, sqlite_template: Path) -> Iterator[Live]:
    """A server of one test's own. A module whose tests share a server says so by a fixture of this name."""
    with served(tmp_path, sqlite_template) as running:
        yield running


@pytest.fixture
def world(live: Live, built_world: BuiltWorld) -> World:
    """A small area with nobody added yet, in the server's database."""
    return built_world.copied_to(live.db)


@pytest.fixture
def context(chromium: Browser, live: Live) -> Iterator[BrowserContext]:
    """A browser with an empty profile that knows the server as its home."""
    context = chromium.new_context(base_url=live.url, viewport=DESKTOP, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab. Whatever the browser refuses or complains about fails the test."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    yield page
    # A page that says 400 or 404 is logged as an error too; those are for the test to judge.
    real = [
        complaint for complaint in complaints if "the server responded with a status of 4" not in complaint
    ]
    assert not real, real


@pytest.fixture
def plain(chromium: Browser, live: Live) -> Iterator[Page]:
    """A tab without JavaScript."""
    context = chromium.new_context(base_url=live.url, viewport=DESKTOP, java_script_enabled=False)
    yield context.new_page()
    context.close()
