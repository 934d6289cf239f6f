"""Names, documents and courses of one very long word: no page gets wider than its window."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Live
from tests.browser.looking import DESKTOP, PHONE, page_is_no_wider, picture
from tests.exchange.answers import destination
from tests.exchange.coordinators import signed_in
from tests.exchange.documents import pdf
from tests.exchange.world import World
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving.opening import open_transfer

SURNAME = "Wolfeschlegelsteinhausenbergerdorffwelchevoraltern"
DOCUMENT = "Annual_review_and_outcomes_" + "2026_final_version_" * 4 + "signed.pdf"
COURSE = "Landwirtschaftsmaschinenmechatronikergrundausbildung"
COLLEGE = "Northway College"


BROKEN_LABELS = """() => [...document.querySelectorAll(".te-table__label")]
  .filter(label => label.offsetParent && !/\\s/.test(label.textContent.trim()))
  .filter(label => {
    const range = document.createRange();
    range.selectNodeContents(label);
    return range.getClientRects().length > 1;
  })
  .map(label => label.textContent)"""
"""The labels of one word that stand on more than one line."""


@pytest.fixture
def pages(live: Live, world: World) -> dict[str, tuple[str, ...]]:
    """The addresses to look at, by the person of the world who does."""
    live.app.extensions["renderer"] = world.renderer
    record_id = world.add("Maximilian", SURNAME, date_of_birth="2011-01-05")
    world.add("Maximilian", SURNAME, date_of_birth="2011-01-05", actor=world.other_senco)
    world.fill(record_id)
    college = destination(world.places[COLLEGE].id, COLLEGE, course=COURSE)
    world.save(record_id, {"sen": {"provision": "K"}, "destinations": {"destinations": [college]}})
    world.attach(record_id, kind="strategies", name=DOCUMENT, content=pdf(1))
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    open_transfer(db=world.db, actor=world.college_support, transfer_id=transfer_id)
    asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text=f"Is it {COURSE}?")
    learner, area = f"/learners/{record_id}", f"/area/learners/{record_id}"
    return {
        "senco": (
            "/learners",
            learner,
            f"{learner}/documents",
            f"{learner}/destinations",
            f"{learner}/destinations/0",
            f"{learner}/check/transition",
            f"{learner}/send/transition",
            f"{learner}/sent",
            f"{learner}/pages/learner",
            "/learners/questions",
        ),
        "safeguarding_lead": ("/learners/safeguarding", learner),
        "college_support": ("/received", f"/received/{transfer_id}", f"/received/{transfer_id}/ask"),
        "coordinator": ("/area", "/area/learners", area, "/area/same-learner", "/area/organisations"),
    }


@pytest.mark.parametrize("person", ["senco", "safeguarding_lead", "college_support", "coordinator"])
def test_a_long_word_makes_no_page_wider(
    live: Live,
    world: World,
    context: BrowserContext,
    page: Page,
    person: str,
    pages: dict[str, tuple[str, ...]],
) -> None:
    actor = getattr(world, person)
    live.admit(context, signed_in(actor) if person == "coordinator" else actor)
    for number, path in enumerate(pages[person]):
        page.set_viewport_size(DESKTOP)
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, path
        page_is_no_wider(page, DESKTOP)
        page_is_no_wider(page, PHONE)
        assert page.evaluate(BROKEN_LABELS) == [], "our own short words stay whole"
        picture(page, f"long-{person}-{number}")
