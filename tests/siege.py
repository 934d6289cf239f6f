"""Strangers who keep every place for passphrase work taken, and a SENCO who signs in on her own browser meanwhile.

The server runs as operators run it: gunicorn with two processes. It believes `X-Forwarded-For`, as behind a proxy, so
that each stranger comes from an address of their own.
"""

from __future__ import annotations

import http.client
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.exchange.people import PASSPHRASE, Accounts, Clock, Person
from tests.mailbox import free_port
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database

SERVE = """
import sys
from pathlib import Path
from transition_exchange.commands.serving import gunicorn
from transition_exchange.config import Config
folder, port, memory_kib = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
config = Config(
    database_url=f"sqlite:///{folder / 'siege.db'}", public_url=f"http://localhost:{port}", sample=True,
    secret_key="s" * 40, proxies=1, passphrase_memory_kib=memory_kib, instance=folder, workers=2, threads=8,
)
sys.argv[1:] = []
gunicorn(config, bind=f"127.0.0.1:{port}").run()
"""
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Client:
    """A browser of its own, at a network address of its own."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    token: str = field(default="", repr=False)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request.

        Returns:
            The status, and where a redirect leads.
        """
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        headers = {
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"csrf_token": self.token, **form}) if form is not None else None
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            page = response.read().decode()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        if found := CSRF.search(page):
            self.token = found[1]
        return response.status, response.headers.get("Location", "")

    def open_sign_in(self) -> Client:
        """Open the page for signing in, so that its form can be sent."""
        self.ask("GET", "/account/sign-in")
        return self


@dataclass
class Siege:
    """A server, and the SENCO of a school with her authenticator app."""

    port: int
    senco: Person
    her_browser: Client
    over: threading.Event = field(default_factory=threading.Event)
    answers: Counter[int] = field(default_factory=Counter)
    slowest_refusal: float = 0.0

    def sign_in(self, browser: Client) -> float:
        """The SENCO signs in with a browser, and tries again whenever the service is busy.

        Returns:
            How many seconds it took until she had her account before her.
        """
        began = time.monotonic()
        while True:
            form = {"email": self.senco.email, "passphrase": PASSPHRASE}
            status, place = browser.ask("POST", "/account/sign-in", form)
            if status == 303:
                break
            assert status in {429, 503}, status
            assert time.monotonic() - began < 60, "she gave up"
            time.sleep(1)
        if "code" in place:
            status, _ = browser.ask("POST", "/account/code", {"code": self.senco.backup_codes[-1]})
            self.senco.backup_codes = self.senco.backup_codes[:-1]
            assert status == 303
        assert browser.ask("GET", "/account")[0] == 200
        return time.monotonic() - began

    @contextmanager
    def strangers(self, count: int) -> Iterator[None]:
        """Strangers guess at random accounts, each try from another address, until the block ends."""
        stranger = Client(self.port, "192.0.2.1").open_sign_in()

        def guess(seed: int) -> None:
            chance = random.Random(seed)
            while not self.over.is_set():
                address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
                one = Client(self.port, address, dict(stranger.cookies), stranger.token)
                form = {"email": f"{chance.random()}@example.org", "passphrase": "a guess"}
                began = time.monotonic()
                status, _ = one.ask("POST", "/account/sign-in", form)
                self.answers[status] += 1
                if status == 503:
                    self.slowest_refusal = max(self.slowest_refusal, time.monotonic() - began)

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()


@contextmanager
def besieged(folder: Path, *, memory_kib: int) -> Iterator[Siege]:
    """A server whose SENCO has signed in once on her own browser.

    Args:
        memory_kib: what a try at a passphrase costs.
    """
    db = Database(f"sqlite:///{folder / 'siege.db'}")
    db.create()
    accounts = Accounts(db, Clock(utc_now()))
    senco = accounts.school(accounts.found())
    db.dispose()
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SERVE, str(folder), str(port), str(memory_kib)]) as server:
        try:
            her_browser = _opened(Client(port, "198.51.100.7"))
            siege = Siege(port, senco, her_browser)
            siege.sign_in(her_browser)
            yield siege
        finally:
            server.terminate()


def _opened(browser: Client) -> Client:
    for _ in range(300):
        try:
            return browser.open_sign_in()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server never came up")
