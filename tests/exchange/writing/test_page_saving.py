"""A page is saved as far as it is right, and nothing that was typed or saved is lost."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.typing_in import typed_since
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotAllowed, NotFound
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import TypedPage, save_page
from transition_exchange.exchange.writing.saving import ATTEMPTS, Saved
from transition_exchange.store.models import Part

WRONG_UPN = "A801200005001"


def _draft(world: World, record_id: UUID, actor: Actor | None = None) -> Draft:
    return open_draft(db=world.db, actor=actor or world.senco, record_id=record_id)


def _save(world: World, record_id: UUID, typed: TypedPage, actor: Actor | None = None) -> Saved:
    actor = actor or world.senco
    return save_page(
        db=world.db,
        actor=actor,
        draft=_draft(world, record_id, actor),
        typed=typed,
        today=world.today,
    )


def test_what_is_right_is_saved_and_what_is_wrong_rests(world: World) -> None:
    record_id = world.add()
    typed = typed_since(
        _draft(world, record_id), pupil_number={"upn": WRONG_UPN}, enrolment={"town": "Ashdown"}
    )
    saved = _save(world, record_id, typed)
    assert [finding.question for finding in saved.errors] == ["pupil_number.upn"]
    draft = _draft(world, record_id)
    assert (draft.answers, draft.resting) == (saved.draft.answers, saved.draft.resting)
    assert draft.answers["enrolment"] == {"town": "Ashdown"}
    unsaved = draft.resting.answers["pupil_number.upn"]
    assert (unsaved.typed, unsaved.by, unsaved.met) == ({"": WRONG_UPN}, world.senco.principal_id, None)


def test_a_wrong_answer_leaves_the_one_that_is_saved(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"pupil_number": {"upn": "L372400114001"}})
    draft = _save(
        world, record_id, typed_since(_draft(world, record_id), pupil_number={"upn": WRONG_UPN})
    ).draft
    assert draft.answers["pupil_number"] == {"upn": "L372400114001"}
    assert draft.resting.over(draft.answers)["pupil_number"] == {"upn": WRONG_UPN}


def test_what_rests_goes_when_it_is_typed_right_or_emptied(world: World) -> None:
    record_id = world.add()
    _save(
        world,
        record_id,
        typed_since(_draft(world, record_id), pupil_number={"upn": WRONG_UPN}, enrolment={"town": "\x01"}),
    )
    opened = _draft(world, record_id)
    assert opened.resting.answers.keys() == {"pupil_number.upn", "enrolment.town"}
    _save(world, record_id, typed_since(opened, "enrolment.town", pupil_number={"upn": "L372400114001"}))
    draft = _draft(world, record_id)
    assert (draft.resting.answers, draft.answers["pupil_number"]) == ({}, {"upn": "L372400114001"})


def test_answers_that_contradict_one_another_rest_together(world: World) -> None:
    """Which of them is wrong nobody can tell but the person who typed them."""
    record_id = world.add()
    numbers = {"sessions_possible": 100, "sessions_attended": 120}
    saved = _save(world, record_id, typed_since(_draft(world, record_id), attendance=numbers))
    assert saved.draft.answers["attendance"] == {}
    assert saved.draft.resting.over({})["attendance"] == numbers


def test_of_answers_that_contradict_one_another_what_was_saved_before_stays(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"attendance": {"sessions_possible": 100}})
    saved = _save(
        world, record_id, typed_since(_draft(world, record_id), attendance={"sessions_attended": 120})
    )
    assert saved.draft.answers["attendance"] == {"sessions_possible": 100}
    assert saved.draft.resting.answers.keys() == {"attendance.sessions_attended"}
    assert [finding.question for finding in saved.errors] == ["attendance.sessions_attended"]


def test_a_rule_across_sections_holds_back_what_was_typed_now(world: World) -> None:
    record_id = world.add()
    saved = _save(
        world,
        record_id,
        typed_since(
            _draft(world, record_id),
            objection={"objection": "by_learner", "objection_date": "2020-01-01"},
            known_as={"preferred_name": "Mina"},
        ),
    )
    assert {finding.code for finding in saved.errors} == {"objection.not_sixteen"}
    assert saved.draft.resting.answers.keys() == {"objection.objection", "objection.objection_date"}
    assert saved.draft.answers["known_as"] == {"preferred_name": "Mina"}


def test_names_and_date_of_birth_are_not_emptied_and_all_else_is_saved(world: World) -> None:
    record_id = world.add()
    opened = _draft(world, record_id)
    saved = _save(
        world,
        record_id,
        typed_since(opened, "learner.legal_forename", known_as={"preferred_name": "Mina"}),
    )
    assert [finding.field for finding in saved.errors] == ["legal_forename"]
    assert saved.draft.answers["learner"] == opened.answers["learner"]
    assert saved.draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert saved.draft.resting.answers == {}


def test_two_in_one_section_lose_nothing_of_each_other(world: World) -> None:
    record_id = world.add()
    opened = _draft(world, record_id)
    office = world.person("office", "Ashdown School", "Transition team")
    _save(world, record_id, typed_since(opened, known_as={"preferred_name": "Mina"}), office)
    saved = _save(world, record_id, typed_since(opened, known_as={"pronouns": "she/her"}))
    assert saved.errors == ()
    assert saved.draft.answers["known_as"] == {"preferred_name": "Mina", "pronouns": "she/her"}


def test_where_two_answer_the_same_question_the_later_one_rests_and_says_whom_it_met(world: World) -> None:
    record_id = world.add()
    opened = _draft(world, record_id)
    office = world.person("office", "Ashdown School", "Transition team")
    _save(world, record_id, typed_since(opened, known_as={"preferred_name": "Mina"}), office)
    typed = typed_since(opened, known_as={"preferred_name": "Amy", "pronouns": "she/her"})
    draft = _save(world, record_id, typed).draft
    assert draft.answers["known_as"] == {"preferred_name": "Mina", "pronouns": "she/her"}
    unsaved = draft.resting.answers["known_as.preferred_name"]
    assert (unsaved.typed, unsaved.met) == ({"": "Amy"}, office.principal_id)
    again = _save(world, record_id, typed_since(draft, known_as={"preferred_name": "Amy"}))
    assert again.draft.answers["known_as"]["preferred_name"] == "Amy", "they have seen both"
    assert again.draft.resting.answers == {}


def test_two_who_type_the_same_agree(world: World) -> None:
    record_id = world.add()
    typed = typed_since(_draft(world, record_id), known_as={"preferred_name": "Mina"})
    world.save(record_id, typed.answers)
    assert _save(world, record_id, typed).draft.resting.answers == {}


def test_saving_what_stands_there_already_writes_nothing(world: World) -> None:
    record_id = world.add()
    typed = typed_since(
        _draft(world, record_id), pupil_number={"upn": WRONG_UPN}, enrolment={"town": "Ashdown"}
    )
    before = _save(world, record_id, typed).draft
    assert _save(world, record_id, typed).draft.row_tags == before.row_tags
    assert kinds_of(world.db, world.school.id) == ["learner.added", "record.saved"]


def test_a_draft_with_something_that_rests_looks_like_any_other(world: World) -> None:
    """Whoever reads the database sees the same parts, of the same sizes."""
    sizes = []
    for town in ("\x01", "Ashdown"):
        record_id = world.add()
        draft = _save(world, record_id, typed_since(_draft(world, record_id), enrolment={"town": town})).draft
        with world.db.read() as session:
            rows = [session.get_one(Part, part_id) for part_id in draft.part_ids.values()]
            sizes.append(sorted((row.name, row.size) for row in rows))
    assert sizes[0] == sizes[1]


def test_who_is_overtaken_starts_again_and_after_some_tries_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    opened = _draft(world, record_id)
    world.save(record_id, {"numbers": {"uln_not_known": True}})
    typed = typed_since(opened, known_as={"preferred_name": "Mina"})
    saved = save_page(db=world.db, actor=world.senco, draft=opened, typed=typed, today=world.today)
    assert saved.draft.answers["numbers"] == {"uln_not_known": True}
    assert saved.draft.answers["known_as"] == {"preferred_name": "Mina"}
    tries: list[object] = []
    monkeypatch.setattr(parts, "locked_tags", lambda *about: tries.append(about))
    with pytest.raises(Conflict):
        _save(world, record_id, typed_since(saved.draft, known_as={"preferred_name": "Amy"}))
    assert len(tries) == ATTEMPTS


def test_only_the_owner_writes_and_only_what_is_theirs(world: World) -> None:
    record_id = world.add()
    draft = _draft(world, record_id)
    with pytest.raises(NotFound):
        _save(world, record_id, TypedPage({}, frozenset({"safeguarding.file_exists"}), {}))
    with pytest.raises(NotAllowed):
        save_page(
            db=world.db,
            actor=world.safeguarding_lead,
            draft=draft,
            typed=typed_since(draft, known_as={"preferred_name": "Mina"}),
        )
