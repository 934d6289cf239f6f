"""What rests in a draft, or is kept without being asked, is dropped only when a person asks for it."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.typing_in import type_in
from tests.exchange.world import World
from transition_exchange.exchange.errors import Conflict, NotAllowed
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.dropping import delete_not_asked, throw_away
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import digest

WRONG_UPN = "A801200005001"


def _draft(world: World, record_id: UUID) -> Draft:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def _resting(draft: Draft) -> dict[str, str]:
    return {path: unsaved.digest for path, unsaved in draft.resting.answers.items()}


def _saved(draft: Draft, *paths: str) -> dict[str, str]:
    return {path: digest(draft.answers[path.split(".")[0]], path.split(".")[1]) for path in paths}


def _throw_away(world: World, draft: Draft, *, section: str = "pupil_number") -> Draft:
    return throw_away(db=world.db, actor=world.senco, draft=draft, sections=[section], shown=_resting(draft))


def test_what_rests_is_thrown_away_and_what_is_saved_stays(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"pupil_number": {"upn": "L372400114001"}})
    type_in(world, record_id, pupil_number={"upn": WRONG_UPN}, numbers={"uln": "12"})
    draft = _throw_away(world, _draft(world, record_id))
    assert draft.resting.answers.keys() == {"numbers.uln"}
    after = _draft(world, record_id)
    assert (after.answers, after.resting) == (draft.answers, draft.resting)
    assert after.answers["pupil_number"] == {"upn": "L372400114001"}


def test_what_was_typed_since_is_not_thrown_away(world: World) -> None:
    record_id = world.add()
    colleague = world.person("office", "Ashdown School", "Transition team")
    type_in(world, record_id, pupil_number={"upn": WRONG_UPN}, enrolment={"postcode": "S6"})
    seen = _resting(_draft(world, record_id))
    type_in(world, record_id, enrolment={"phone": "12"})
    type_in(world, record_id, actor=colleague, pupil_number={"upn": "A80120000500"}, enrolment={"sex": "X"})
    now, sections = _draft(world, record_id), ["pupil_number", "enrolment"]
    draft = throw_away(db=world.db, actor=world.senco, draft=now, sections=sections, shown=seen)
    assert draft.resting.answers.keys() == {"pupil_number.upn", "enrolment.sex", "enrolment.phone"}


def test_what_is_not_asked_any_more_is_deleted_and_nothing_else(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"health": {"medical": False, "allergies": "Nuts", "consent": "Farah Khan"}})
    world.save(record_id, {"daily_living": {"needed": False}, "known_as": {"preferred_name": "Mina"}})
    opened = _draft(world, record_id)
    shown = _saved(opened, "health.allergies", "health.consent", "health.medical", "known_as.preferred_name")
    draft = delete_not_asked(db=world.db, actor=world.senco, draft=opened, shown=shown)
    assert draft.answers["health"] == {"medical": False}
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert _draft(world, record_id).answers == draft.answers


def test_what_was_saved_since_is_not_deleted(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"health": {"medical": False, "allergies": "Nuts"}})
    shown = _saved(_draft(world, record_id), "health.allergies")
    world.save(record_id, {"health": {"medical": False, "allergies": "Nuts", "consent": "Farah Khan"}})
    draft = delete_not_asked(db=world.db, actor=world.senco, draft=_draft(world, record_id), shown=shown)
    assert draft.answers["health"] == {"medical": False, "consent": "Farah Khan"}
    shown = {"health.consent": "0" * 16}
    after = delete_not_asked(db=world.db, actor=world.senco, draft=draft, shown=shown)
    assert after is draft


def test_where_there_is_nothing_to_drop_nothing_is_written(world: World) -> None:
    draft = _draft(world, world.add())
    assert _throw_away(world, draft, section="health") is draft
    assert delete_not_asked(db=world.db, actor=world.senco, draft=draft, shown={}) is draft
    assert kinds_of(world.db, world.school.id) == ["learner.added"]


def test_what_a_colleague_saved_meanwhile_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id = world.add()
    type_in(world, record_id, pupil_number={"upn": WRONG_UPN})
    opened = _draft(world, record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    draft = _throw_away(world, opened)
    assert draft.answers["known_as"] == {"preferred_name": "Mina"}
    assert draft.resting.answers == {}
    type_in(world, record_id, pupil_number={"upn": WRONG_UPN})
    monkeypatch.setattr(parts, "locked_tags", lambda *_: {})
    with pytest.raises(Conflict):
        _throw_away(world, _draft(world, record_id))


def test_only_the_owner_drops_anything(world: World) -> None:
    draft = _draft(world, world.add())
    with pytest.raises(NotAllowed):
        delete_not_asked(
            db=world.db, actor=world.safeguarding_lead, draft=draft, shown={"health.allergies": ""}
        )
