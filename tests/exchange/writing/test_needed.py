"""What a learner cannot be without, when they are added and for ever after."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.writing.adding import add_learner
from transition_exchange.exchange.writing.needed import NEEDED, missing
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.proforma import Finding, load

LEARNER = {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "2011-03-14"}


def test_every_needed_answer_is_a_question_of_every_version() -> None:
    for name in ("core/2026.1", "core/2027.1"):
        assert {load(name).question(path).path for path in NEEDED} == NEEDED


@pytest.mark.parametrize("name", sorted(LEARNER))
@pytest.mark.parametrize("reason", [None, "not_known"])
def test_both_doors_refuse_the_same_gap_with_the_same_words(
    world: World, name: str, reason: str | None
) -> None:
    record_id = world.add()
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    typed: dict[str, Any] = {**draft.answers["learner"], **LEARNER}
    del typed[name]
    if reason:
        typed["_reasons"] = {name: {"reason": reason}}
    added = add_learner(db=world.db, actor=world.senco, answers={"learner": typed}, today=world.today)
    saved = save_sections(
        db=world.db,
        actor=world.senco,
        draft=draft,
        raw={"learner": typed},
        today=world.today,
    )
    assert [finding.field for finding in saved.errors] == [name]
    assert saved.errors == added.errors
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert after.answers == draft.answers


def test_an_answer_that_is_wrong_already_is_not_called_missing_too() -> None:
    wrong = Finding("learner", "legal_surname", ("learner", "legal_surname"), "text.long", "Shorten this")
    assert [finding.question for finding in missing({"legal_forename": "Amina"}, [wrong])] == [
        "learner.date_of_birth"
    ]
