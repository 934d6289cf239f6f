"""People who walk through pages by hand: what they click and type is counted, so that a way's length can be kept.

walker = Walker(page)
walker.go(link)
walker.type("Your name", "Robin Marsh")
walker.press("Join")
walker.seconds                    # as an average person would have needed
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.mailbox import Mailbox
from tests.web.accounts.people import PASSPHRASE, code_for
from transition_exchange.mail import send_due

READ, POINT, KEY, FETCH = 8.0, 2.5, 0.28, 20.0
"""Seconds to read a new page, to find and click something, to strike a key (the keystroke-level model's average
typist), and to fetch something from elsewhere: a mail, a code on a telephone."""


@dataclass
class Walker:
    """Somebody at a browser."""

    page: Page
    pages: int = 0
    clicks: int = 0
    keys: int = 0
    fetched: int = 0

    @property
    def seconds(self) -> float:
        """How long an average person takes for what was done so far."""
        return self.pages * READ + self.clicks * POINT + self.keys * KEY + self.fetched * FETCH

    def go(self, address: str) -> None:
        """Open a link from a mail."""
        self.page.goto(address)
        self.pages += 1
        self.fetched += 1

    def type(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.clicks += 1
        self.keys += len(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)
        self.clicks += 2

    def tick(self, label: str) -> None:
        """Tick a box or a circle."""
        self.page.get_by_label(label, exact=True).check()
        self.clicks += 1

    def press(self, name: str) -> None:
        """Press a button, which leads to another page."""
        self._leave(lambda: self.page.get_by_role("button", name=name, exact=True).click())

    def follow(self, name: str) -> None:
        """Follow a link to another page."""
        self._leave(lambda: self.page.get_by_role("link", name=name, exact=True).first.click())

    def arrived(self, heading: str) -> None:
        """See that a page is the one expected."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def _leave(self, act: Callable[[], None]) -> None:
        act()
        self.clicks += 1
        self.pages += 1

    def join(self, link: str, words: str) -> str:
        """From an invitation's link to being in: five words, passphrase, the telephone's code, recovery code.

        Returns:
            The secret that the telephone has now.

        Raises:
            AssertionError: a page on the way is not the one expected.
        """
        self.go(link)
        self.type("The five words you were told", words)
        self.type("Your passphrase", PASSPHRASE)
        self.press("Join")
        self.arrived("Set up your second step")
        self.page.get_by_text("I cannot scan it").click()
        self.fetched += 1
        secret = self.page.locator(".te-code").inner_text()
        self.type("Code", code_for(secret))
        self.press("Finish")
        self.arrived("You have joined")
        self.press("Make a recovery code")
        self.press("Make a recovery code")
        kept = self.page.locator("#recovery-code").inner_text()
        self.keys += len(kept)  # written down by hand
        self.press("I have it")
        self.type("Recovery code", kept)
        self.press("Check")
        self.arrived("Your account")
        return secret


@dataclass
class Post:
    """The post: what waits in the outbox goes to a real SMTP server, and a mail's link is read out of it."""

    live: Live
    mailbox: Mailbox
    port: int

    def send(self) -> None:
        """Send what is due."""
        config = replace(
            self.live.app.extensions["config"],
            public_url=self.live.url,
            smtp_host="127.0.0.1",
            smtp_port=self.port,
            mail_from="exchange@example.org",
        )
        send_due(self.live.db, config)

    def link_for(self, address: str) -> str:
        """Send what is due, and give the link of the newest mail to an address.

        Raises:
            AssertionError: there is none.
        """
        self.send()
        mails = [mail for mail in self.mailbox.mails if str(mail["To"]) == address]
        assert mails, f"no mail to {address}: {[str(mail['To']) for mail in self.mailbox.mails]}"
        found = re.search(r"https?://\S+", mails[-1].get_content())
        assert found
        return found[0]


def invite_organisation(
    walker: Walker, name: str, kind: str, does: str, administrator: str, address: str
) -> str:
    """A council's administrator invites an organisation on the page. Returns the five words to say."""
    walker.page.goto("/area/organisations")
    walker.press("Invite an organisation")
    walker.type("Its name", name)
    walker.choose("What kind of organisation is it?", kind)
    walker.tick(does)
    walker.type("Their name", administrator)
    walker.type("Their work e-mail address", address)
    walker.press("Invite")
    walker.arrived("Tell them these five words")
    return walker.page.locator("#spoken-code").inner_text()
