"""The sample's schools write, attach, send and release as their people would on the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.factories import TODAY
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area import writing
from transition_exchange.sample.area.accounts import NOT_JOINED, Area
from transition_exchange.sample.organisations import BY_KEY
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.models import Record, Revision


def _everybody(area: Area) -> Sequence[SampleLearner]:
    """The 300, with the database's ids in their destinations."""
    return learners(today=TODAY, organisation_ids=area.organisation_ids)


def _ready(area: Area, fits: Callable[[SampleLearner], bool] = bool) -> SampleLearner:
    """The first learner of the 300 whose pack may go to the college group, and who fits."""
    college = area.organisation_ids["three_rivers"]
    return next(
        learner
        for learner in _everybody(area)
        if writing.is_ready(learner)
        and learner.destinations[0].get("organisation") == college
        and fits(learner)
    )


def _number(learner: SampleLearner, number: int) -> SampleLearner:
    return replace(learner, number=number)


def test_a_learner_is_added_with_the_answers_that_were_made_up(area: Area) -> None:
    learner = _ready(area)
    record_id = writing.add(area, learner, today=TODAY)
    actor = writing.sender_of(area, learner)
    draft = open_draft(db=area.db, actor=actor, record_id=record_id)
    assert (draft.version.name, draft.leaving_year) == (learner.version, learner.leaving_year)
    assert draft.answers["learner"]["legal_surname"] == learner.answers["learner"]["legal_surname"]
    assert {name for name, answers in draft.answers.items() if answers} == set(learner.answers)
    assert draft.report(TODAY).complete
    with area.db.read() as session:
        record = session.get_one(Record, record_id)
        assert str(record.organisation_id) == area.organisation_ids[learner.school.key]


@pytest.mark.parametrize(("number", "attached"), [(149, True), (150, False), (199, False), (200, True)])
def test_every_second_half_of_a_hundred_has_documents_still_to_attach(
    area: Area, number: int, attached: bool
) -> None:
    learner = _number(_ready(area, lambda learner: len(learner.attachments) > 1), number)
    record_id = writing.add(area, learner, today=TODAY)
    draft = open_draft(db=area.db, actor=writing.sender_of(area, learner), record_id=record_id)
    made_up = [(attachment.kind, attachment.title, attachment.dated) for attachment in learner.attachments]
    labels = [(label.kind, label.name, label.dated) for label in draft.attachments]
    plan = [entry for entry in made_up if entry[0] == "ehc_plan" and learner.stage == "complete"]
    assert labels == (made_up if attached else plan)


def _with(learner: SampleLearner, section: str, **answers: Any) -> SampleLearner:
    """The learner with other answers in a section."""
    changed = {**learner.answers, section: {**learner.answers[section], **answers}}
    return replace(learner, answers=changed)


def test_a_learner_with_a_wrong_answer_stops_the_building_by_number_and_code(area: Area) -> None:
    learner = _ready(area)
    wrong = _with(learner, "enrolment", postcode="Nowhere 7")
    with pytest.raises(
        RuntimeError, match=f"Sample learner {learner.number} was refused: .*postcode"
    ) as refused:
        writing.add(area, wrong, today=TODAY)
    assert "Nowhere" not in str(refused.value)


def test_a_section_is_saved_as_its_owner_writes_it(area: Area) -> None:
    learner = _ready(area)
    record_id = writing.add(area, learner, today=TODAY)
    answers = {"safeguarding": {"file_exists": "no", "lead_name": "Sam Lead", "lead_phone": "01632 960001"}}
    writing.write(area, learner, record_id, answers=answers, owner="school_safeguarding", today=TODAY)
    lead = writing.sender_of(area, learner, "school_safeguarding")
    draft = open_draft(db=area.db, actor=lead, record_id=record_id, owner="school_safeguarding")
    assert draft.answers["safeguarding"] == answers["safeguarding"]
    wrong = {"safeguarding": {"file_exists": "perhaps"}}
    with pytest.raises(RuntimeError, match=f"{learner.number} was refused: .*choice.unknown"):
        writing.write(area, learner, record_id, answers=wrong, owner="school_safeguarding", today=TODAY)


def test_each_owner_has_somebody_who_writes_and_a_provider_has_nobody(area: Area) -> None:
    learner = replace(_ready(area), school=BY_KEY["grove"])
    assert writing.sender_of(area, learner).team_for("transition")
    assert writing.sender_of(area, learner, "school_safeguarding").name == "Neelam Rai"
    with pytest.raises(RuntimeError, match="nobody who writes"):
        writing.sender_of(area, replace(learner, school=BY_KEY[NOT_JOINED]))


@pytest.mark.parametrize("status", ["accepted", "enrolled"])
def test_a_complete_learner_with_a_place_is_ready(area: Area, status: str) -> None:
    learner = _ready(area)
    row = {**learner.destinations[0], "status": status}
    ready = _with(learner, "destinations", destinations=[row])
    assert writing.is_ready(ready)
    assert not writing.is_ready(replace(ready, stage="nearly"))


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "provider", "organisation": "x", "status": "unconditional"},
        {"kind": "provider", "organisation": "x", "status": "declined"},
        {"kind": "provider", "provider_name": "A college elsewhere", "status": "accepted"},
        {"kind": "none_yet"},
    ],
    ids=["offered", "declined", "elsewhere", "none yet"],
)
def test_nobody_else_is_ready(area: Area, row: dict[str, Any]) -> None:
    assert not writing.is_ready(_with(_ready(area), "destinations", destinations=[row]))


def _released(area: Area, record_id: UUID) -> list[str]:
    """The owners that have released something of a record."""
    with area.db.read() as session:
        query = select(Revision.owner).where(Revision.record_id == record_id, Revision.number > 0)
        return sorted(session.scalars(query))


def _sent_whole(area: Area, learner: SampleLearner, renderer: Renderer) -> UUID:
    record_id = writing.add(area, learner, today=TODAY)
    assert writing.send_whole(area, learner, record_id, renderer=renderer, today=TODAY)
    return record_id


def test_a_pack_goes_to_the_college_and_only_once(area: Area, renderer: Renderer) -> None:
    learner = replace(_ready(area), safeguarding={})
    record_id = _sent_whole(area, learner, renderer)
    tracked = track(db=area.db, actor=writing.sender_of(area, learner), record_id=record_id)
    assert [delivered.provider for delivered in tracked.delivered] == [BY_KEY["three_rivers"].name]
    assert not writing.send(area, learner, record_id, renderer=renderer, owner="transition", today=TODAY), (
        "nobody waits for it any more"
    )
    assert _released(area, record_id) == ["transition"]


def test_the_safeguarding_part_follows_for_every_third_learner(area: Area, renderer: Renderer) -> None:
    learner = _ready(area, lambda learner: bool(learner.safeguarding))
    third = _sent_whole(area, _number(learner, 252), renderer)
    assert _released(area, third) == ["school_safeguarding", "transition"]
    other = _sent_whole(area, _number(learner, 253), renderer)
    assert _released(area, other) == ["transition"]
    nothing = _sent_whole(area, replace(learner, number=252, safeguarding={}), renderer)
    assert _released(area, nothing) == ["transition"]


def test_nothing_goes_to_a_provider_that_nobody_has_joined(area: Area, renderer: Renderer) -> None:
    learner = _ready(area, lambda learner: bool(learner.safeguarding))
    row = {**learner.destinations[0], "organisation": area.organisation_ids[NOT_JOINED]}
    waiting = _number(_with(learner, "destinations", destinations=[row]), 252)
    record_id = writing.add(area, waiting, today=TODAY)
    assert not writing.send_whole(area, waiting, record_id, renderer=renderer, today=TODAY)
    assert _released(area, record_id) == []
    lead = writing.sender_of(area, waiting, "school_safeguarding")
    draft = open_draft(db=area.db, actor=lead, record_id=record_id, owner="school_safeguarding")
    assert draft.answers["safeguarding"] == {}, "the safeguarding part is not even written before"
