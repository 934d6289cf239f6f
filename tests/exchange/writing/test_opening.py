"""Opening an owner's draft: made where it is not there yet, and for its own team only."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.writing import new_drafts, opening
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Revision


def test_two_who_open_a_draft_that_is_not_there_yet_get_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The safeguarding team had no key when the learner was added; two of its members open the page at once."""
    record_id = world.add()
    with world.db.write() as session:
        there = session.scalars(
            select(Revision).where(Revision.record_id == record_id, Revision.owner == "safeguarding")
        ).one()
        session.delete(there)
    make = new_drafts.new_draft

    def overtaken(**how: Any) -> Any:
        monkeypatch.setattr(opening, "new_draft", make)
        made = make(**how)
        open_draft(db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="safeguarding")
        return made

    monkeypatch.setattr(opening, "new_draft", overtaken)
    draft = open_draft(db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="safeguarding")
    assert set(draft.answers) == {"safeguarding", "day_one_safety"}


def test_neither_another_school_nor_another_team_opens_a_draft(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        open_draft(db=world.db, actor=world.other_senco, record_id=record_id)
    for actor in (world.safeguarding_lead, world.college_support, world.coordinator):
        with pytest.raises(NotAllowed):
            open_draft(db=world.db, actor=actor, record_id=record_id)
    with pytest.raises(NotAllowed):
        open_draft(db=world.db, actor=world.senco, record_id=record_id, owner="safeguarding")
