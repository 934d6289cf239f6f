"""The server is killed between two automatic saves: nothing that was typed is lost."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from flask import Flask
from playwright.sync_api import Browser, expect

from tests.web.accounts.school_keys import School
from tests.web.conftest import SECRET
from transition_exchange.config import Config
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.database import Database
from transition_exchange.web import create_app

SERVER = """
import sys
from werkzeug.serving import make_server
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.web import create_app
url, port, secret = sys.argv[1:]
app = create_app(Config(sample=True, secret_key=secret), Database(url))
server = make_server("localhost", int(port), app, threaded=True)
print("ready", flush=True)
server.serve_forever()
"""


@contextmanager
def _serving(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, which is killed at the end."""
    command = [sys.executable, "-W", "ignore", "-c", SERVER, url, str(port), SECRET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        try:
            yield server
        finally:
            server.kill()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        port: int = taken.getsockname()[1]
        return port


def test_nothing_is_lost_when_the_server_is_killed_between_two_saves(
    chromium: Browser, tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "killed.db")
    url, port = f"sqlite:///{tmp_path / 'killed.db'}", _free_port()
    db = Database(url)
    app: Flask = create_app(Config(sample=True, secret_key=SECRET), db)
    school = School.build(app, db)
    address = school.add_learner(school.sam)
    context = chromium.new_context(base_url=f"http://localhost:{port}", locale="en-GB")
    context.add_cookies(
        [
            {
                "name": app.config["SIGN_IN_COOKIE"],
                "value": school.sam.cookie,
                "url": f"http://localhost:{port}",
            }
        ]
    )
    page = context.new_page()
    name, pronouns = (page.locator(f'[name="known_as.{field}"]') for field in ("preferred_name", "pronouns"))
    with _serving(url, port):
        page.goto(address)
        name.fill("Mina")
        name.blur()
        expect(page.locator("[data-saved]")).to_contain_text("Saved ")
    pronouns.fill("she/her")
    pronouns.blur()
    expect(page.locator("[data-not-saved]")).to_contain_text("could not be saved")
    with _serving(url, port):
        page.get_by_role("button", name="Save and continue").focus()
        page.evaluate("document.forms[document.forms.length - 1].dispatchEvent(new Event('change'))")
        expect(page.locator("[data-not-saved]")).to_have_text("")
    record_id = UUID(address.split("/")[2])
    resumed = sessions.resume(db=db, cookie=school.sam.cookie)
    assert resumed is not None
    assert resumed.actor is not None
    draft = open_draft(db=db, actor=resumed.actor, record_id=record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina", "pronouns": "she/her"}
    context.close()
    db.dispose()
