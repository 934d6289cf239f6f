"""A school whose area has a form of its own: its pages ask what that form asks."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange import own_form
from tests.exchange.world import World
from tests.web.school.safeguarding import LEAD, confirming
from tests.web.school.test_learners import NEW
from tests.web.visitor import Visitor
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Record


@pytest.fixture(autouse=True)
def agreed(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The area uses its own form for those who leave next."""
    own_form.install(tmp_path, monkeypatch)
    world.sign_rules(versions={leaving_year_on(world.today): own_form.NAME})


def _only_record(world: World) -> UUID:
    with world.db.read() as session:
        row = session.scalars(select(Record)).one()
    assert row.version == own_form.NAME
    return row.id


def test_a_learner_is_added_in_the_areas_form_and_its_questions_are_asked(
    senco: Visitor, world: World
) -> None:
    senco.follow(senco.post("/learners/add", NEW))
    page = senco.get(f"/learners/{_only_record(world)}/pages/needs")
    assert "Is there a mentor?" in page.text
    saved = senco.post(
        f"/learners/{_only_record(world)}/pages/needs",
        page.fields() | {"mentoring.mentored": ["yes"], "mentoring.mentor": ["Robin"]},
    )
    assert saved.status == 303
    answers = open_draft(db=world.db, actor=world.senco, record_id=_only_record(world)).answers
    assert answers["mentoring"] == {"mentored": True, "mentor": "Robin"}


def test_the_year_group_can_confirm_what_the_area_added(senco: Visitor, world: World) -> None:
    world.add()
    page = senco.get("/learners/year-group")
    assert page.texts("label[for^=statement]")[-1] == "They have no mentors"
    pick = senco.post("/learners/year-group", page.fields() | {"statement": ["no_mentors"]})
    assert "They have no mentors" in pick.text
    senco.follow(senco.post("/learners/year-group/confirm", pick.fields()))
    answers = open_draft(db=world.db, actor=world.senco, record_id=_only_record(world)).answers
    assert answers["mentoring"] == {"mentored": False}


def test_a_form_that_is_not_installed_is_named_on_the_pages_that_need_it(
    senco: Visitor, lead: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    year = leaving_year_on(world.today)
    world.sign_rules(versions={year: "ourtown/2026.7"})
    for path in ("/learners/add", "/learners/year-group"):
        page = senco.get(path)
        assert page.status == 409
        assert f"uses the form ourtown/2026.7 for those who leave in {year}" in page.text
        assert "Ring the council" in page.text
    assert senco.get(f"/learners/{record_id}").status == 200, "what is begun stays in its form"
    assert senco.get(f"/learners/{record_id}/send/transition").status == 200
    confirm = confirming(lead, [record_id])
    page = lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
    assert (page.status, "uses the form ourtown/2026.7" in page.text) == (409, True)
