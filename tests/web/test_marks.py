"""Marks of the safeguarding team's list: kept through searches, filters and ways back, without a script."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import World
from tests.web.school.forms import LEAD, marked
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.sending import kept_marks
from transition_exchange.web import marks

LIST = "/learners/safeguarding"


@pytest.fixture
def lead(app: Flask, world: World) -> Visitor:
    app.extensions["renderer"] = world.renderer
    return Visitor(app, world.safeguarding_lead)


def chosen(page: Page) -> set[str]:
    """The marks that a page of the list shows as made."""
    fields = page.fields()
    values = [value for name in fields if name.startswith("mark-") for value in fields[name]]
    return {value for value in values if not value.endswith(":later")}


def kept(lead: Visitor) -> set[str]:
    """The marks that a new look at the list of all shows."""
    return chosen(lead.get(f"{LIST}?state=all"))


def said(*record_ids: UUID, mark: str = "no") -> set[str]:
    return {f"{record_id}:{mark}" for record_id in record_ids}


def test_a_search_and_a_filter_lose_no_mark_and_say_how_many_they_hide(lead: Visitor, world: World) -> None:
    amina, ben, cara = world.add(), world.add("Ben", "Stone"), world.add("Cara", "Dale")
    form = (
        lead.get(LIST).fields()
        | marked(amina, ben)
        | {"record": [str(amina), str(ben), str(cara)], "q": "dale"}
    )
    found = lead.post(LIST, form)
    assert found.status == 303
    assert str(amina) not in found.location, "no address says who is marked"
    page = lead.follow(found)
    assert "2 more learners are marked and not shown here." in page.text
    assert page.fields()["record"] == [str(cara)]
    page = lead.follow(
        lead.post(LIST, page.fields() | marked(cara, mark="yes") | {"q": "", "state": "marked"})
    )
    assert chosen(page) == said(amina, ben) | said(cara, mark="yes")
    assert "not shown here" not in page.text
    # "Not now" takes a mark away.
    page = lead.follow(lead.post(LIST, page.fields() | {f"mark-{ben}": f"{ben}:later", "state": "released"}))
    assert "2 more learners are marked and not shown here." in page.text
    assert kept(lead) == said(amina) | said(cara, mark="yes")


def test_continue_takes_those_who_are_not_shown_and_going_back_keeps_all(lead: Visitor, world: World) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    page = lead.follow(lead.post(LIST, lead.get(LIST).fields() | marked(amina) | {"q": "stone"}))
    confirm = lead.post(f"{LIST}/confirm", page.fields() | marked(ben, mark="not_disclosed"))
    assert "for 2 learners" in confirm.h1
    assert "Amina Khan" in confirm.text
    back = confirm.href("Go back: your marks are kept")
    assert back == f"{LIST}?state=waiting&found=yes", "to the list as it was searched"
    page = lead.get(back)
    assert chosen(page) == said(ben, mark="not_disclosed")
    assert "1 more learner is marked and not shown here." in page.text
    assert kept(lead) == said(amina) | said(ben, mark="not_disclosed")


def test_what_is_released_is_not_marked_any_more_also_after_it_is_taken_back(
    lead: Visitor, world: World
) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    lead.post(LIST, lead.get(LIST).fields() | marked(amina, ben))
    confirm = lead.post(f"{LIST}/confirm", marked(amina) | {"record": [str(amina), str(ben)]})
    lead.post(f"{LIST}/release", confirm.fields() | LEAD)
    taken_back(world, amina)
    assert kept(lead) == set()
    lead.post(LIST, marked(amina))
    answer(world, {amina: "no"})
    assert kept(lead) == set(), "nor what a colleague released meanwhile"


def test_a_script_keeps_a_mark_as_it_is_made(lead: Visitor, senco: Visitor, world: World) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    for record_id in (amina, ben):
        done = lead.post(f"{LIST}/marks", {"record": str(record_id), f"mark-{record_id}": f"{record_id}:no"})
        assert (done.status, done.source) == (204, "")
    assert kept(lead) == said(amina, ben)
    lead.post(f"{LIST}/marks", {"record": str(ben), f"mark-{ben}": f"{ben}:later"})
    assert kept(lead) == said(amina)
    assert senco.post(f"{LIST}/marks", marked(amina)).status == 403
    assert lead.post(f"{LIST}/marks", {"record": str(ben), f"mark-{ben}": f"{ben}:maybe"}).status == 404


def test_the_cookie_names_nobody_and_is_gone_after_signing_out(lead: Visitor, world: World) -> None:
    amina = world.add()
    lead.post(LIST, marked(amina))
    with lead.client.session_transaction(base_url=lead.base) as session:
        kept_now = session["marks"]
    assert str(amina)[:8] not in kept_now
    lead.act_as(world.safeguarding_lead)  # another session
    assert kept(lead) == set()
    lead.post(LIST, marked(amina))
    lead.post("/account/sign-out")
    with lead.client.session_transaction(base_url=lead.base) as session:
        assert "marks" not in session


def test_more_than_are_kept_are_not_lost_in_silence(
    lead: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    for module in (kept_marks, marks):
        monkeypatch.setattr(module, "MOST", 1)
    form = lead.get(LIST).fields() | marked(amina, ben)
    page = lead.post(LIST, form)
    assert page.status == 422
    assert page.errors == [marks.TOO_MANY]
    assert chosen(page) == said(amina, ben)
    confirm = lead.post(f"{LIST}/confirm", form)
    assert "for 2 learners" in confirm.h1
    assert "no more than that are kept if you go back" in confirm.text
    assert "your marks are kept" not in confirm.text


@pytest.fixture
def senco(app: Flask, world: World) -> Visitor:
    return Visitor(app, world.senco)
