"""Whoever looks at what was kept reads which learner and page it was, and what they had typed."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import admit
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.signing_in.late_saves import Opened
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.web.kept_words import KeptWords, kept_words
from transition_exchange.web.school import typed


def _words(app: Flask, actor: Actor, path: str, form: dict[str, list[str]]) -> KeptWords:
    cookie = f"{app.config['SIGN_IN_COOKIE']}={admit(app, actor)}"
    with app.test_request_context("/", headers={"Cookie": cookie}):
        return kept_words(Opened(path=path, form=form, why="session"))


def test_a_page_of_the_form_names_the_learner_and_each_question(app: Flask, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    shown = ("known_as.preferred_name", "pupil_number.upn", "enrolment.sex", "learner.date_of_birth")
    form = {
        typed.WAS: [typed.as_saved(draft, shown)],
        "known_as.preferred_name": ["Mina"],
        "pupil_number.upn": ["wrong"],
        "enrolment.sex": ["F"],
        "learner.date_of_birth-day": ["31"],
        "learner.date_of_birth-month": ["2"],
        "learner.date_of_birth-year": ["2011"],
        "enrolment.town": ["not shown"],
    }
    about = _words(app, world.senco, f"/learners/{record_id}/pages/learner", form)
    assert (about.page, about.learner) == ("About the learner", "Amina Khan")
    assert dict(about.words) == {
        "Date of birth": "31, 2, 2011",
        "Preferred name": "Mina",
        "Sex": "Female",
        "UPN": "wrong",
    }
    assert "Mina" not in repr(about)


def test_an_answer_that_was_emptied_is_named_too(app: Flask, world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    form = {typed.WAS: [typed.as_saved(draft, ["known_as.preferred_name"])]}
    about = _words(app, world.senco, f"/learners/{record_id}/pages/learner", form)
    assert about.words == (("Preferred name", "Nothing: it was emptied"),)


def test_of_any_other_page_the_words_alone_are_told(app: Flask, world: World) -> None:
    form = {"text": ["Which bus?\nThe 22?"], "team": [str(uuid4())], "seen": ["a" * 64], "kind": ["other"]}
    about = _words(app, world.college_support, f"/received/{uuid4()}/ask", form)
    assert about == KeptWords(words=(("", "Which bus?\nThe 22?"),))


def test_what_cannot_be_read_any_more_is_left_out(app: Flask, world: World) -> None:
    """The record is gone, is another school's, or there is no such page any more."""
    form = {"known_as.preferred_name": ["Mina"], typed.WAS: ["pupil_number.upn:Wq3"], typed.SHOWN: ["Wq3"]}
    for path in (f"/learners/{uuid4()}/pages/learner", f"/learners/{world.add()}/pages/gone", "/gone"):
        assert _words(app, world.other_senco, path, form) == KeptWords(words=(("", "Mina"),))
