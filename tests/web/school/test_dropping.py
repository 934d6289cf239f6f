"""Nothing that was typed is thrown away before a page has named it and a person has said yes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.unsaved import Unsaved
from transition_exchange.proforma import load
from transition_exchange.proforma.forms import TypedDate
from transition_exchange.store.base import utc_now
from transition_exchange.web.school.dropping import first_words

WRONG_UPN = "A801200005001"


@pytest.fixture
def record_id(world: World) -> UUID:
    return world.add()


@pytest.fixture
def path(record_id: UUID) -> str:
    return f"/learners/{record_id}/pages/learner"


def _draft(world: World, record_id: UUID) -> Draft:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def test_it_is_asked_once_and_the_question_names_what_would_go(
    senco: Visitor, world: World, record_id: UUID, path: str
) -> None:
    form = senco.get(path).fields() | {"pupil_number.upn": [WRONG_UPN], "enrolment.town": ["Long Lane " * 20]}
    asked = senco.follow(senco.post(path, form | {"then": "throw_away", "known_as.pronouns": ["she/her"]}))
    draft = _draft(world, record_id)
    assert draft.answers["known_as"] == {"pronouns": "she/her"}, "what is right was saved first"
    assert draft.resting.answers.keys() == {"pupil_number.upn", "enrolment.town"}
    assert asked.h1 == "Throw away what is not saved?"
    assert f"Unique pupil number (UPN) {WRONG_UPN}" in asked.text
    assert "Long Lane Long Lane" in asked.text
    assert "Long Lane " * 20 not in asked.text
    assert "Typed by somebody else" not in asked.text
    senco.post(f"{path}/drop", asked.fields())
    assert _draft(world, record_id).resting.answers == {}
    assert _draft(world, record_id).answers["known_as"] == {"pronouns": "she/her"}


def test_what_is_typed_while_it_is_asked_stays(
    senco: Visitor, world: World, record_id: UUID, path: str
) -> None:
    senco.post(path, senco.get(path).fields() | {"pupil_number.upn": [WRONG_UPN]})
    asked = senco.get(f"{path}/throw-away")
    senco.post(path, senco.get(path).fields() | {"enrolment.town": ["x" * 200]})
    page = senco.follow(senco.post(f"{path}/drop", asked.fields()))
    assert "What changed while your page was open is still here" in page.text
    assert _draft(world, record_id).resting.answers.keys() == {"enrolment.town"}


def test_what_a_colleague_typed_is_named_as_theirs(senco: Visitor, world: World, path: str) -> None:
    colleague = Visitor(senco.app, world.person("office", "Ashdown School", "Transition team"))
    colleague.post(path, colleague.get(path).fields() | {"pupil_number.upn": [WRONG_UPN]})
    assert "Typed by somebody else in your team" in senco.get(f"{path}/throw-away").text


def test_where_nothing_waits_nothing_is_asked(senco: Visitor, path: str) -> None:
    page = senco.follow(senco.get(f"{path}/throw-away"))
    assert "There is nothing to throw away." in page.text
    assert senco.post(path, senco.get(path).fields() | {"then": "throw_away"}).location.endswith(
        "/throw-away"
    )


@pytest.mark.parametrize(
    ("path", "typed", "words"),
    [
        ("learner.date_of_birth", {"": TypedDate.of({"day": "31", "month": "2", "year": ""})}, "31 2"),
        ("known_as.preferred_name", {}, "Nothing: it was emptied"),
        ("care.in_care", {"": True}, "Yes"),
        ("sen.provision", {"": "E"}, "EHC plan"),
        ("contacts.contacts", {"": [{"name": "Farah Khan", "email": "farah"}]}, "Farah Khan, farah"),
        ("enrolment.town", {"": "x" * 200}, f"{'x' * 80}…"),
        ("enrolment.town", {"": "Long " * 30}, f"{'Long ' * 15}Long…"),
        ("enrolment.town", {"_reasons": {"reason": "waiting"}}, "Waiting for a report"),
        ("enrolment.town", {"_attached": {"page": "12x"}}, "in a document, on page 12x"),
    ],
)
def test_what_was_typed_is_known_again_by_its_first_words(
    path: str, typed: dict[str, Any], words: str
) -> None:
    question = load("core/2027.1").question(path)
    assert first_words(question, Unsaved(typed, by=uuid4(), at=utc_now())).startswith(words)
