"""Somebody steals the database, twice perhaps: which rows there are, and which changed, tell nothing of a form.

A walk: it goes through writing and sending.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, select

from tests.exchange.walks.whole_records import sample, write
from tests.exchange.world import World
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.sending.safeguarding_releases import Mark
from transition_exchange.store.database import Database
from transition_exchange.store.models import Ciphertext, Grant, Part, Revision, Transfer


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


def test_rows_and_sizes_tell_no_mark_of_a_year_that_was_released_together(world: World) -> None:
    """Every way to mark a learner, with and without what was written about them before."""
    before: Mapping[str, Answers] = {
        "nothing": {},
        "nothing, written": {"safeguarding": {"file_exists": "no"}},
        "a file": {},
        "a file, written": {
            "safeguarding": {
                "file_exists": "yes",
                "route": "by_hand",
                "status": ["CP"],
                "youth_justice": True,
            },
            "day_one_safety": {"information": "Meet her at the gate. " * 60, "ring": "Quintessa Harbottle"},
        },
        "ring me": {},
    }
    marks: Mapping[str, Mark] = {"n": "no", "a": "yes", "r": "not_disclosed"}
    ids = {}
    for name in before:
        ids[name] = write(world, sample("N"))
        world.send(ids[name])
    for name, written in before.items():
        for section, values in written.items():
            world.save(ids[name], {section: values}, owner="school_safeguarding")
    rows_before = {name: _rows_and_sizes(world, record_id) for name, record_id in ids.items()}
    step = safeguarding_releases.step(
        db=world.db,
        actor=world.safeguarding_lead,
        renderer=world.renderer,
        work="answer",
        record_ids=list(ids.values()),
        marks={record_id: marks[name[0]] for name, record_id in ids.items()},
        lead={"lead_name": "Quintessa Harbottle", "lead_phone": "01709 382121"},
        today=world.today,
    )
    assert (len(step.done), step.left) == (len(before), ())
    added = [_rows_and_sizes(world, record_id) - rows_before[name] for name, record_id in ids.items()]
    assert sum(added[0].values()) > 10
    assert all(other == added[0] for other in added)


def _rows_and_sizes(world: World, record_id: UUID) -> Counter[tuple[str, ...]]:
    with world.db.read() as session:
        transfers = set(session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)))
        parts = session.execute(
            select(Part.name, Part.size, Revision.owner, Revision.number)
            .join(Revision, Revision.id == Part.revision_id)
            .where(Part.record_id == record_id)
        ).all()
    sizes = Counter((_blank(name), *map(str, rest)) for name, *rest in parts)
    return rows_of_record(world.db, record_id, transfers) + sizes


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
