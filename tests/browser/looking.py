"""What every page has to be, looked at in a real browser: accessible, and no wider than a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All of WCAG 2.2 AA that axe knows (target size is off unless asked for), and its good practice."""
LAYOUT_RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "rule",
        "values": ["target-size", "scrollable-region-focusable", "link-in-text-block"],
    },
}
"""What may differ on a phone. The rest takes seconds on a long page and was asked on the wide screen."""
PHONE = ViewportSize(width=375, height=812)
DESKTOP = ViewportSize(width=1280, height=900)


def _ask_axe(page: Page, rules: dict[str, Any]) -> list[dict[str, Any]]:
    """What axe finds on the page as it is now. Its half a megabyte of JavaScript is given to a page once."""
    if page.evaluate("() => typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(rules).then(found => found.violations)", rules
    )
    return violations


def page_is_accessible(page: Page, rules: dict[str, Any] = EVERY_RULE) -> None:
    """No axe rule finds anything: those of WCAG 2.2 AA, and what axe itself holds for good practice.

    Raises:
        AssertionError: with each violation and where it is.
    """
    page.wait_for_load_state()  # a click returns as soon as the next page has begun
    found = _ask_axe(page, rules)
    said = "\n".join(
        f"{violation['id']}: {violation['help']}\n  "
        + "\n  ".join(str(node["html"]) for node in violation["nodes"][:5])
        for violation in found
    )
    assert not found, f"{page.url}\n{said}"


def page_is_no_wider(page: Page, size: ViewportSize) -> None:
    """In a window of this size nothing sticks out to the right. The window keeps the size.

    Raises:
        AssertionError: with what does.
    """
    page.set_viewport_size(size)
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? []
            : [...document.querySelectorAll("body *")]
                .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
                .map(one => one.outerHTML.slice(0, 160)).slice(0, 5)"""
    )
    assert not wide, f"{page.url} is wider than {size['width']} pixels: {wide}"


def page_fits_a_phone(page: Page) -> None:
    """At a phone's width nothing sticks out to the right, and what can be touched is large enough.

    Raises:
        AssertionError: with what does.
    """
    before = page.viewport_size
    page_is_no_wider(page, PHONE)
    page_is_accessible(page, LAYOUT_RULES)
    if before:
        page.set_viewport_size(before)


def page_is_good(page: Page, name: str | None = None) -> None:
    """All of it; under a name, a picture is kept too, where somebody asked for pictures."""
    page_is_accessible(page)
    page_fits_a_phone(page)
    if name:
        picture(page, name)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page at both widths in the folder that PICTURES names; without it, none."""
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
    if before:
        page.set_viewport_size(before)


def focused(page: Page) -> str:
    """What the keyboard is on: its text, its label or its name; empty if it is on the page as a whole."""
    found: str = page.evaluate(
        """() => { const one = document.activeElement;
            if (one === document.body) return "";
            return (one.labels?.[0]?.innerText || one.innerText || one.name || one.tagName).trim(); }"""
    )
    return found


def tab_to(page: Page, text: str, *, most: int = 80) -> None:
    """Reach something with the keyboard alone.

    Raises:
        AssertionError: the Tab key never gets there.
    """
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if text in seen[-1]:
            return
    raise AssertionError(f"Tab never reaches {text!r}: {seen}")
