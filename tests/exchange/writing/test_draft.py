"""An owner's draft in the hand: where its parts belong, and what is missing in its own sections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.exchange.world import World
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Record


def _draft(world: World, **answers: dict[str, Any]) -> Draft:
    record_id = world.add()
    if answers:
        world.save(record_id, answers)
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def test_its_place_is_that_of_its_record_and_its_own_revision(world: World) -> None:
    draft = _draft(world)
    with world.db.read() as session:
        record = session.get_one(Record, draft.record_id)
        assert draft.binding == parts.binding_of(record, draft.revision_id)


def test_a_report_is_about_the_owners_sections_only(world: World) -> None:
    draft = _draft(world)
    report = draft.report(world.today)
    assert {draft.version.section(gap.section).owner for gap in report.gaps} == {"transition"}
    lead = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=draft.record_id, owner="school_safeguarding"
    )
    assert {gap.section for gap in lead.report(world.today).gaps} <= {"safeguarding", "day_one_safety"}
    assert lead.report(world.today).gaps


def test_what_is_wrong_in_it_is_an_error_and_no_gap(world: World) -> None:
    draft = _draft(world)
    wrong = replace(draft, answers=draft.answers | {"pupil_number": {"upn": "A801200005001"}})
    assert [error.question for error in wrong.report(world.today).errors] == ["pupil_number.upn"]


def test_what_is_asked_for_later_counts_from_its_day_in_the_leaving_year(world: World) -> None:
    """September Guarantee: an offer by the end of September of the year in which the learner leaves."""
    record_id = world.add()
    world.fill(record_id)
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    [going] = draft.answers["destinations"]["destinations"]
    bare = {name: value for name, value in going.items() if not name.startswith("offer")}
    without_offer = replace(draft, answers=draft.answers | {"destinations": {"destinations": [bare]}})

    def lacks_offer(draft: Draft, day: date) -> bool:
        return any("offer_date" in gap.code for gap in draft.report(day).counting_gaps)

    guaranteed = date(draft.leaving_year, 9, 30)
    assert not lacks_offer(without_offer, guaranteed - timedelta(days=1))
    assert lacks_offer(without_offer, guaranteed)
    assert not lacks_offer(replace(without_offer, leaving_year=draft.leaving_year + 1), guaranteed)


def test_a_document_that_is_attached_is_not_missing(world: World) -> None:
    draft = _draft(world, sen={"provision": "E"})

    def lacks_plan(draft: Draft) -> bool:
        return any("ehc_plan" in warning.code for warning in draft.report(world.today).warnings)

    assert lacks_plan(draft)
    world.attach(draft.record_id, kind="ehc_plan")
    assert not lacks_plan(open_draft(db=world.db, actor=world.senco, record_id=draft.record_id))


def test_neither_answers_nor_keys_show_in_its_repr(world: World) -> None:
    draft = _draft(world, known_as={"preferred_name": "Mina"})
    assert "Mina" not in repr(draft)
    assert repr(draft.keys["learner"]) not in repr(draft)
