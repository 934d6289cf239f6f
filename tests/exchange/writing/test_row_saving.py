"""A row of a table is saved as far as it is right, and nothing stands beside the name of another place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.exchange.answers import destination
from tests.exchange.world import World
from transition_exchange.exchange.errors import Conflict, NotAllowed
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.row_saving import SavedRow, Table, save_row

TABLE = Table("destinations.destinations", names=("kind", "provider_name"), id="organisation")


@pytest.fixture
def record_id(world: World) -> UUID:
    record_id = world.add()
    world.save(record_id, {"destinations": {"destinations": [_row(world, "Northway College")]}})
    return record_id


def _row(world: World, name: str, **more: Any) -> dict[str, Any]:
    return destination(world.places[name].id, name, **more)


def _draft(world: World, record_id: UUID) -> Draft:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def _save(world: World, record_id: UUID, row: dict[str, Any] | None, number: int = 0) -> SavedRow:
    draft = _draft(world, record_id)
    return save_row(
        db=world.db,
        actor=world.senco,
        draft=draft,
        table=TABLE,
        number=number,
        row=row,
        tag=draft.tags["destinations"],
        today=world.today,
    )


def test_what_is_right_is_saved_what_is_wrong_rests_and_the_saved_answer_stays(
    world: World, record_id: UUID
) -> None:
    typed = _row(world, "Northway College", course="Joinery", offer_date="2026-02-31")
    saved = _save(world, record_id, typed)
    assert [(finding.form_name, finding.code) for finding in saved.errors] == [
        ("destinations.destinations.0.offer_date", "date.real")
    ]
    assert not saved.waits
    draft = _draft(world, record_id)
    assert TABLE.saved(draft) == [_row(world, "Northway College", course="Joinery")]
    assert TABLE.typed(draft) == [typed]
    assert TABLE.resting(draft) == [0]
    again = _save(world, record_id, typed)
    assert again.draft.row_tags == draft.row_tags, "nothing changed, so nothing is written"
    _save(world, record_id, _row(world, "Northway College"))
    draft = _draft(world, record_id)
    assert (TABLE.resting(draft), draft.resting.answers) == ([], {})


def test_what_was_saved_about_one_place_never_stands_beside_another(world: World, record_id: UUID) -> None:
    _save(world, record_id, _row(world, "Riverside Boxing", offer_date="2026-02-31"))
    [row] = TABLE.saved(_draft(world, record_id))
    assert row["provider_name"] == "Riverside Boxing"
    assert "offer_date" not in row, "the offer was the college's"


def test_until_it_is_right_where_the_learner_is_going_all_of_it_waits(world: World, record_id: UUID) -> None:
    before = _draft(world, record_id)
    for wrong in ({"provider_name": "x" * 101}, {"kind": "holiday"}):
        saved = _save(world, record_id, _row(world, "Northway College", course="Joinery") | wrong)
        assert saved.waits
        assert len(saved.errors) == 1
    after = _draft(world, record_id)
    assert (after.answers, after.resting) == (before.answers, before.resting)


def test_the_other_rows_and_what_rests_of_them_stay(world: World, record_id: UUID) -> None:
    wrong = _row(world, "Riverside Boxing", preference=2, offer_date="wrong")
    _save(world, record_id, wrong, 1)
    _save(world, record_id, _row(world, "Northway College", course="Joinery"))
    draft = _draft(world, record_id)
    assert [row["course"] for row in TABLE.saved(draft)] == ["Joinery", "Animal care"]
    assert (TABLE.resting(draft), TABLE.typed(draft)[1]) == ([1], wrong)
    _save(world, record_id, None)
    draft = _draft(world, record_id)
    assert [row["provider_name"] for row in TABLE.saved(draft)] == ["Riverside Boxing"]
    assert (TABLE.resting(draft), TABLE.typed(draft)) == ([0], [wrong])
    _save(world, record_id, None)
    draft = _draft(world, record_id)
    assert (draft.answers["destinations"], draft.resting.answers) == ({}, {})


def test_what_somebody_else_saved_meanwhile_is_a_conflict(world: World, record_id: UUID) -> None:
    opened = _draft(world, record_id)
    world.save(record_id, {"destinations": {"destinations": [_row(world, "Riverside Boxing")]}})
    with pytest.raises(Conflict):
        save_row(
            db=world.db,
            actor=world.senco,
            draft=_draft(world, record_id),
            table=TABLE,
            number=0,
            row=_row(world, "Northway College"),
            tag=opened.tags["destinations"],
            today=world.today,
        )
    assert TABLE.saved(_draft(world, record_id)) == [_row(world, "Riverside Boxing")]


def test_too_many_rows_are_refused_whole(world: World, record_id: UUID) -> None:
    rows = [_row(world, "Riverside Boxing", preference=number) for number in range(1, 11)]
    world.save(record_id, {"destinations": {"destinations": rows}})
    saved = _save(world, record_id, _row(world, "Northway College", preference=11), 10)
    assert (saved.waits, [finding.code for finding in saved.errors]) == (True, ["rows.many"])


def test_only_the_owner_saves_a_row(world: World, record_id: UUID) -> None:
    draft = _draft(world, record_id)
    with pytest.raises(NotAllowed):
        save_row(
            db=world.db,
            actor=world.safeguarding_lead,
            draft=draft,
            table=TABLE,
            number=0,
            row=None,
            tag=draft.tags["destinations"],
        )
