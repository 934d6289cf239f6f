"""What the safeguarding team has written so far, and what of it speaks against “nothing to pass on”."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.exchange.statements import counted
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.sending.safeguarding_written import (
    AGAINST,
    Written,
    with_earlier,
    written_for,
    written_in,
)
from transition_exchange.store.models import Grant

OWNER = "school_safeguarding"
LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": "sam@example.org"}


@pytest.mark.parametrize(
    ("answers", "mark", "against"),
    [
        ({}, None, ()),
        ({"safeguarding": LEAD, "day_one_safety": {}}, None, ()),
        ({"safeguarding": {**LEAD, "file_exists": "no", "youth_justice": False}}, "nothing", ()),
        ({"safeguarding": {"lead_name": "S", "_reasons": {"lead_phone": {"reason": "unknown"}}}}, None, ()),
        ({"safeguarding": {"file_exists": "yes"}}, "file", ("file",)),
        ({"safeguarding": {"file_exists": "yes", "route": "by_hand"}}, "file", ("file", "more")),
        ({"safeguarding": {"file_exists": "not_disclosed"}}, "ring", ("ring",)),
        ({"safeguarding": {"file_exists": "no", "youth_justice": True}}, "nothing", ("youth_justice",)),
        ({"safeguarding": {"_reasons": {"file_exists": {"reason": "unknown"}}}}, None, ("more",)),
        ({"day_one_safety": {"information": "Ask at the gate"}}, None, ("day_one",)),
    ],
)
def test_what_speaks_against_nothing(answers: Any, mark: str | None, against: tuple[str, ...]) -> None:
    found = written_in(answers)
    assert (found.mark, found.against) == (mark, against)
    assert found.excludes_nothing == bool(against)
    assert all(AGAINST[code] in found.words for code in against)


def test_what_is_typed_and_not_saved_speaks_against_it() -> None:
    assert written_in({}, unsaved=True).against == ("unsaved",)


def test_an_earlier_version_speaks_against_it_and_does_not_exclude_it() -> None:
    found = with_earlier(Written(), Written("file", ("file", "more", "day_one")))
    assert found.against == ("earlier_file", "earlier_more")
    assert not found.excludes_nothing
    assert with_earlier(Written("ring", ("ring",)), None).against == ("ring",)


def test_it_is_read_for_many_in_a_few_statements(world: World) -> None:
    ids = [world.add("Pupil", f"Number{number}") for number in range(6)]
    world.save(ids[0], {"safeguarding": {"file_exists": "yes"}}, owner=OWNER)
    world.save(ids[1], {"day_one_safety": {"information": "Ask at the gate"}}, owner=OWNER)
    with world.db.write() as session:
        for grant in session.scalars(select(Grant).where(Grant.record_id == ids[2])):
            grant.signature = b"x" * 64
    with counted(world.db) as statements:
        found = written_for(db=world.db, actor=world.safeguarding_lead, record_ids=ids)
    assert [found[record_id].against for record_id in ids] == [
        ("file",),
        ("day_one",),
        ("unread",),
        (),
        (),
        (),
    ]
    assert len(statements) <= 20


def test_only_the_safeguarding_team_reads_it_and_only_of_its_own_learners(world: World) -> None:
    theirs = world.add(actor=world.other_senco)
    assert not written_for(db=world.db, actor=world.safeguarding_lead, record_ids=[theirs])
    with pytest.raises(NotAllowed):
        written_for(db=world.db, actor=world.senco, record_ids=[theirs])
