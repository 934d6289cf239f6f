"""A public page opens for somebody whose own pages cannot be read, and says so."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.browser.walking import Walker
from tests.web.accounts.people import founded


def test_a_public_page_opens_while_ones_own_cannot_be_read(live: Live, page: Page) -> None:
    walker = Walker(page)
    robin = founded(live.db)
    walker.join(robin.link, robin.words)
    with live.db.write() as session:
        session.execute(text("ALTER TABLE sign_in_sessions RENAME TO elsewhere"))
    page.goto("/privacy")
    expect(page.get_by_role("heading", name="We cannot show what is yours")).to_be_visible()
    page_is_good(page, "cannot-tell")
    page.goto("/nowhere")
    walker.arrived("Page not found")
    expect(page.get_by_role("heading", name="We cannot show what is yours")).to_be_visible()
    page_is_good(page, "not-found-cannot-tell")
