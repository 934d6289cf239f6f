"""Finding the right form of a page that has several."""

from __future__ import annotations

from tests.web.visitor import Page


def form_to(page: Page, address: str) -> dict[str, list[str]]:
    """What the first form that goes to an address would send as it stands."""
    for number, form in enumerate(page.forms):
        if address in (form.action or ""):
            return page.fields(number)
    raise AssertionError(f"no form goes to {address}")
