"""Somebody steals the database, twice perhaps: which rows there are, and which changed, tell nothing of a form.

A walk: it goes through writing and sending.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, func, select

from tests.exchange.safeguarding_answers import answer_with, confirmed
from tests.exchange.walks.whole_records import sample, write
from tests.exchange.world import World
from transition_exchange.exchange.sending.safeguarding_written import Mark
from transition_exchange.store.database import Database
from transition_exchange.store.models import Ciphertext, Event, Grant, Part, Revision, Transfer


def rows_of_record(db: Database, record_id: UUID, transfer_ids: set[UUID]) -> Counter[tuple[str, ...]]:
    """How many rows of which kind hang on a record, with everything in them that isn't an id, a time or random."""
    tables = MetaData()
    tables.reflect(db.engine)
    counted: Counter[tuple[str, ...]] = Counter()
    wanted = {id.hex for id in (record_id, *transfer_ids)}
    with db.read() as session:
        for table in tables.sorted_tables:
            for row in session.execute(select(table)).mappings():
                values = {name: str(value) for name, value in row.items()}
                body = values.get("body", "") if table.name == "events" else ""
                ids = {value.replace("-", "") for value in values.values()}
                if not wanted & ids and not any(id in body.replace("-", "") for id in wanted):
                    continue
                kind = [table.name]
                for name in ("owner", "name", "number", "state", "kind", "card_format"):
                    if name in values:
                        kind.append(_blank(values[name]))
                if body:
                    kind.append(json.loads(body)["kind"])
                counted[tuple(kind)] += 1
    return counted


def _blank(name: str) -> str:
    """A part's name without the ids in it."""
    return "/".join("id" if len(piece) == 36 else piece for piece in name.split("/"))


def test_rows_tell_no_child_protection_file_nor_plan_from_neither(world: World) -> None:
    protected, planned, neither = (write(world, sample(provision)) for provision in ("N", "E", "N"))
    world.save(
        protected,
        {"safeguarding": {"file_exists": "yes", "lead_name": "Quintessa Harbottle", "status": ["CP"]}},
        owner="school_safeguarding",
    )
    for other in (planned, neither):
        world.save(other, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    counts = []
    for record_id in (protected, planned, neither):
        world.send(record_id)
        world.send(record_id, owner="school_safeguarding")
        with world.db.read() as session:
            transfers = set(session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)))
        counts.append(rows_of_record(world.db, record_id, transfers))
    assert sum(counts[0].values()) > 80
    assert counts[0] == counts[1] == counts[2]


MARKS: tuple[Mark, ...] = (
    "nothing",
    "file",
    "nothing",
    "ring",
    "nothing",
    "nothing",
    "file",
    "nothing",
    "ring",
)


def _year_answered(world: World) -> Mapping[UUID, Mark]:
    """A year group whose safeguarding lead answers for everybody in one act. Some had something in the form before."""
    marks: dict[UUID, Mark] = {}
    for number, mark in enumerate(MARKS):
        record_id = world.add("Pupil", f"Number{number}")
        marks[record_id] = mark
        if number % 3:
            world.fill(record_id)
            world.send(record_id)
    written = next(record_id for record_id, mark in marks.items() if mark == "file")
    whole = {"file_exists": "yes", "route": "by_hand", "status": ["CP"], "lead_name": "Quintessa Harbottle"}
    world.save(written, {"safeguarding": whole}, owner="school_safeguarding")
    left = confirmed(world, marks)
    while left:
        step = answer_with(world, left, limit=4)
        assert not step.left
        left = [one for one in left if one.record_id in step.remaining]
    return marks


def _sizes(world: World, record_id: UUID) -> tuple[tuple[str, int], ...]:
    with world.db.read() as session:
        rows = session.execute(
            select(Part.name, func.length(Ciphertext.body))
            .join(Ciphertext, Ciphertext.id == Part.id)
            .join(Revision, Revision.id == Part.revision_id)
            .where(Part.record_id == record_id, Revision.owner == "school_safeguarding")
        )
        return tuple(sorted((_blank(name), size) for name, size in rows))


def _guessed(told: Mapping[UUID, object], marks: Mapping[UUID, Mark]) -> float:
    """How often a thief is right who has learnt from all others which mark goes with what rows tell."""
    right = 0
    for record_id, feature in told.items():
        others = [marks[other] for other in told if other != record_id and told[other] == feature]
        right += bool(others) and Counter(others).most_common(1)[0][0] == marks[record_id]
    return right / len(told)


def test_a_thief_guesses_no_mark_of_a_year_that_was_answered_in_one_act(world: World) -> None:
    """That something was released told 97 of 100 files apart, when files were released one by one."""
    marks = _year_answered(world)
    with world.db.read() as session:
        went = {
            record_id: set(session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)))
            for record_id in marks
        }
    # Whether a record was sent is known anyway. Among those alike in that, nothing differs.
    told = {
        record_id: (
            len(went[record_id]),
            frozenset(rows_of_record(world.db, record_id, went[record_id]).items()),
            _sizes(world, record_id),
        )
        for record_id in marks
        if _guessable(world, record_id)
    }
    for sent in (0, 1):
        alike = {told[record_id] for record_id in told if told[record_id][0] == sent}
        assert len(alike) == 1
    chance = {record_id: features[0] for record_id, features in told.items()}
    assert _guessed(told, marks) == _guessed(chance, marks)
    assert _guessed(dict(marks), marks) == 1, "the thief finds what is there to be found"


def _guessable(world: World, record_id: UUID) -> bool:
    """Not the one whose form was written singly before: that somebody saved it then is known."""
    with world.db.read() as session:
        saved = Event.body.contains('"kind":"record.saved"') & Event.body.contains(str(record_id))
        own = Event.body.contains('"owner":"school_safeguarding"')
        return session.scalar(select(func.count()).where(saved, own)) == 1


def test_neither_times_nor_order_follow_the_marks(world: World) -> None:
    marks = _year_answered(world)
    in_order = sorted(marks)
    with world.db.read() as session:
        events = [json.loads(body) for body in session.scalars(select(Event.body).order_by(Event.seq))]
        done = [
            event["about"]["record"]
            for event in events
            if event["kind"] in ("record.sent", "record.released")
            and event["about"]["owner"] == "school_safeguarding"
        ]
        assert done == [str(record_id) for record_id in in_order]
        for start in range(0, len(in_order), 4):
            step = in_order[start : start + 4]
            of_step = (
                Revision.record_id.in_(step),
                Revision.owner == "school_safeguarding",
                Revision.number > 0,
            )
            released = set(session.scalars(select(Revision.released_at).where(*of_step)))
            granted = set(
                session.scalars(
                    select(Grant.created_at).join(Revision, Revision.id == Grant.revision_id).where(*of_step)
                )
            )
            assert released == granted, "one time stands on everything of a step"
            assert len(released) == 1
        kinds = [event["kind"] for event in events if event["about"].get("owner") == "school_safeguarding"]
        first = kinds[-2 * len(in_order) :][:8]
        assert first[:4] == ["record.saved"] * 4, "all of a step are written first, then all are released"


def test_what_a_family_holds_back_and_what_a_document_is_show_in_no_grant(world: World) -> None:
    """Statements are plain: they name nothing that one learner's form has and another's has not."""
    shapes = []
    for held, kind in (
        ((), "strategies"),
        (("health",), "diagnosis"),
        (("needs", "circumstances"), "care_plan"),
    ):
        record_id = world.add()
        world.fill(record_id)
        told = {"agreed": "some", "withheld": list(held)} if held else {"agreed": "all"}
        world.save(record_id, {"sharing": told})
        world.attach(record_id, kind=kind)
        world.send(record_id)
        with world.db.read() as session:
            parts = [
                sorted(_blank(name) for name in json.loads(grant.statement or "")["parts"])
                for grant in session.scalars(
                    select(Grant).where(Grant.record_id == record_id, Grant.transfer_id.is_not(None))
                )
            ]
        shapes.append(sorted(parts))
    assert shapes[0] == shapes[1] == shapes[2]


def _stored(world: World, record_id: UUID) -> dict[str, tuple[bytes, str, Any]]:
    """Ciphertext, tag and time of each section of the transition team's draft."""
    with world.db.read() as session:
        return {
            row.name: (row.body, row.tag, row.stored_at)
            for row in session.execute(
                select(Part.name, Ciphertext.body, Part.tag, Part.stored_at)
                .join(Revision, Revision.id == Part.revision_id)
                .join(Ciphertext, Ciphertext.id == Part.id)
                .where(Part.record_id == record_id, Revision.owner == "transition")
            )
        }


def test_no_row_says_which_sections_of_a_draft_were_written(world: World) -> None:
    """A section about a plan is stored for everybody; that it alone was written later would tell who has one.

    Neither one copy of the database says it, nor two of different days laid beside each other.
    """
    record_id = world.add()
    before = _stored(world, record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mo"}})
    after = _stored(world, record_id)
    assert len(after) > 20
    same_body = {name for name, (body, _, _) in after.items() if body == before[name][0]}
    same_tag = {name for name, (_, tag, _) in after.items() if tag == before[name][1]}
    assert not same_body
    assert not same_tag
    moments = sorted(stored_at for _, _, stored_at in after.values())
    assert (moments[-1] - moments[0]).total_seconds() < 0.5
    assert {name: stored_at for name, (_, _, stored_at) in before.items()} == {
        name: stored_at for name, (_, _, stored_at) in after.items()
    }
