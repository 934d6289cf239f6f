"""A clerk goes through what came: whole words in the list, the whole list of contents, one click for each record."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import DESKTOP, PHONE, page_is_good, tab_to
from tests.exchange.coordinators import signed_in
from tests.exchange.other_names import rename
from tests.exchange.world import World

LINES_OF = """word => {
    const texts = document.createTreeWalker(document.querySelector(".te-inbox"), NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const start = text.data.indexOf(word);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(text, start);
        range.setEnd(text, start + word.length);
        return range.getClientRects().length;
    }
    return 0;
}"""
"""On how many lines of the inbox a word stands; 0 if it is not there."""
STICKS_OUT = (
    """selector => document.querySelector(selector).scrollWidth > document.querySelector("h1").parentElement"""
    """.parentElement.clientWidth"""
)


def test_words_in_the_list_stay_whole_and_each_record_takes_one_click(
    page: Page, live: Live, world: World
) -> None:
    rename(world, "Ashdown School", "Maltholme Comprehensive School", {"Transition team": "senco"})
    for name in ("Adams", "Begum", "Clark"):
        world.sent("Amina", name)
    live.admit(page.context, signed_in(world.college_support))
    page.goto("/received")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate(LINES_OF, "Comprehensive") == 1, size
    page.set_viewport_size(DESKTOP)
    assert not page.evaluate(STICKS_OUT, ".te-inbox"), "the table is no wider than the page"
    page_is_good(page, "inbox-long-word")
    page.get_by_role("link", name="Amina Clark").click()
    page.get_by_role("button", name="Open", exact=True).click()
    for left in ("Begum", "Adams"):
        expect(
            page.get_by_text(f"The next is Amina {left}, from Maltholme Comprehensive School.")
        ).to_be_visible()
        tab_to(page, f"Open the next: Amina {left}")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Amina {left}")
    expect(page.get_by_role("button", name="Open the next")).to_have_count(0)


def test_the_contents_of_a_record_are_never_cut_off(page: Page, live: Live, world: World) -> None:
    world.sent("Amina", "Adams")
    transfer_id = world.sent("Amina", "Begum").transfer_id
    world.open(transfer_id)
    live.admit(page.context, signed_in(world.college_support))
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(f"/received/{transfer_id}")
    aside = page.locator(".te-record__aside")
    assert aside.evaluate("aside => aside.scrollHeight <= aside.clientHeight")
    page.set_viewport_size(DESKTOP)
    page_is_good(page, "record-with-next")
    page.get_by_role("link", name="Back to what is on this page").click()
    expect(page.get_by_role("heading", name="On this page")).to_be_in_viewport()
