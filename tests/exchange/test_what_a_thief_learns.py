"""Somebody steals the database, the configuration and every file written: what do they learn?"""

from __future__ import annotations

import base64
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select

from tests.exchange.world import World, rendering
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving import inbox, opening
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import load
from transition_exchange.purposes import SENDING
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.database import Database

SHORTEST_SECRET = 4
"""Answers shorter than this, and codes, occur in any bytes by chance."""


def sample(provision: str) -> SampleLearner:
    return next(
        each
        for each in learners()
        if each.provision == provision and each.stage == "complete" and each.version == "core/2027.1"
    )


def write(world: World, learner: SampleLearner) -> UUID:
    """Add a sample learner at the world's school, going to its college, with everything the sample knows."""
    details = {
        name: value for name, value in learner.answers["learner"].items() if not name.startswith("school")
    }
    record_id = world.add(**_names(details))
    world.fill(record_id)
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    kept = {"learner", "destinations"}
    world.save(
        record_id,
        {
            name: values
            for name, values in learner.answers.items()
            if name in draft.answers and name not in kept
        },
    )
    return record_id


def _names(details: dict[str, Any]) -> dict[str, Any]:
    return {
        "forename": details["legal_forename"],
        "surname": details["legal_surname"],
        "date_of_birth": details["date_of_birth"],
    }


def texts(value: Any) -> Iterator[str]:
    """Every text somebody typed, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def typed_secrets(world: World, record_ids: list[UUID]) -> set[str]:
    """What must be found nowhere: typed answers, names, dates of birth, identifiers; choices' codes apart."""
    codes = {"core/2027.1"}
    for question in load("core/2027.1").questions:
        for each in (question, *question.rows):
            codes |= {code for code, _ in each.choices}
    plain = {world.school.name, world.college.name, "3724001", "123456", str(world.college.id)}
    found: set[str] = set()
    for record_id in record_ids:
        for actor, owner in ((world.senco, "transition"), (world.safeguarding_lead, "safeguarding")):
            draft = open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner)
            found |= set(texts(draft.answers))
    return {text for text in found if len(text) >= SHORTEST_SECRET and text not in codes | plain}


def every_value(db: Database) -> Iterator[bytes]:
    """Every value of every column of every table, as bytes."""
    tables = MetaData()
    tables.reflect(db.engine)
    with db.read() as session:
        for table in tables.sorted_tables:
            for row in session.execute(select(table)):
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield bytes(value)
                    elif value is not None:
                        yield (value if isinstance(value, str) else json.dumps(value, default=str)).encode()


def appears(secret: bytes, heap: bytes) -> bool:
    """Whether bytes stand somewhere as they are, in hex or in base64."""
    return secret in heap or secret.hex().encode() in heap or base64.b64encode(secret)[:-3] in heap


@pytest.fixture
def told(world: World) -> tuple[World, list[UUID]]:
    """Two learners of whom everything is known, sent, opened and asked about."""
    ids = [write(world, sample("E")), write(world, sample("K"))]
    for record_id in ids:
        attaching.attach(
            db=world.db,
            actor=world.senco,
            record_id=record_id,
            kind="strategies",
            name="Zebrafinch strategies",
            dated=world.today,
            content=a_pdf(),
        )
        world.save(
            record_id,
            {"safeguarding": {"file_exists": "yes", "lead_name": "Quintessa Harbottle", "status": ["CP"]}},
            owner="safeguarding",
        )
        world.send(record_id)
        world.send(record_id, owner="safeguarding")
    row = inbox.inbox(db=world.db, actor=world.college_support)[0]
    opening.open_transfer(db=world.db, actor=world.college_support, transfer_id=row.transfer_id)
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=row.transfer_id,
        text="Does the walrus still help?",
    )
    return world, ids


def a_pdf() -> bytes:
    import io

    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def test_no_answer_name_date_or_identifier_stands_in_any_column(told: tuple[World, list[UUID]]) -> None:
    world, ids = told
    secrets = typed_secrets(world, ids)
    assert len(secrets) > 100
    heap = b"\0".join(every_value(world.db))
    found = {text for text in secrets if appears(text.encode(), heap)}
    assert not found
    for typed in ("Zebrafinch", "walrus", "Quintessa"):
        assert typed.encode() not in heap


def test_no_key_stands_in_any_column(told: tuple[World, list[UUID]]) -> None:
    world, ids = told
    heap = b"\0".join(every_value(world.db))
    keys = [
        seed
        for place in world.places.values()
        for team in place.teams.values()
        for seed in (team.secret.kem_seed, team.secret.signing_seed, team.secret.ledger_key)
    ]
    for record_id in ids:
        draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
        keys += draft.keys.values()
    assert len(keys) > 60
    assert not [key for key in keys if appears(key, heap)]


def test_nothing_typed_reaches_a_file_while_a_pack_is_made(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary files, the working folder and the database's own files, after real PDFs were made."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(scratch)
    record_id = write(world, sample("E"))
    with rendering() as renderer:
        world.renderer = renderer
        world.send(record_id)
    secrets = [text.encode() for text in typed_secrets(world, [record_id])]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if not world.db.is_postgresql:
        assert files
    for path in files:
        body = path.read_bytes()
        assert not [text for text in secrets if text in body], path.name


def rows_of_record(db: Database, record_id: UUID, transfer_ids: set[UUID]) -> Counter[tuple[str, ...]]:
    """How many rows of which kind hang on a record, with everything in them that isn't an id, a time or random."""
    tables = MetaData()
    tables.reflect(db.engine)
    counted: Counter[tuple[str, ...]] = Counter()
    wanted = {each.hex for each in (record_id, *transfer_ids)}
    with db.read() as session:
        for table in tables.sorted_tables:
            for row in session.execute(select(table)).mappings():
                values = {name: str(value) for name, value in row.items()}
                body = values.get("body", "") if table.name == "events" else ""
                ids = {value.replace("-", "") for value in values.values()}
                if not wanted & ids and not any(each in body.replace("-", "") for each in wanted):
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
    from transition_exchange.store.models import Transfer

    protected, planned, neither = (write(world, sample(each)) for each in ("N", "E", "N"))
    world.save(
        protected,
        {"safeguarding": {"file_exists": "yes", "lead_name": "Quintessa Harbottle", "status": ["CP"]}},
        owner="safeguarding",
    )
    for other in (planned, neither):
        world.save(other, {"safeguarding": {"file_exists": "no"}}, owner="safeguarding")
    counts = []
    for record_id in (protected, planned, neither):
        world.send(record_id)
        world.send(record_id, owner="safeguarding")
        with world.db.read() as session:
            transfers = set(session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)))
        counts.append(rows_of_record(world.db, record_id, transfers))
    assert sum(counts[0].values()) > 80
    assert counts[0] == counts[1] == counts[2]


def test_sizes_of_sealed_sections_show_their_class_only(world: World) -> None:
    """An empty section and one of a few words weigh the same."""
    from transition_exchange.store.models import Part, Revision

    record_id = world.add()
    with world.db.read() as session:
        before = _sizes(session, record_id, Part, Revision)
    world.save(record_id, {"known_as": {"preferred_name": "Mo"}})
    with world.db.read() as session:
        after = _sizes(session, record_id, Part, Revision)
    assert before == after


def test_sizes_of_sealed_sections_tell_nobody_s_plan() -> None:
    """Of all sample learners: with a plan or without, each section is of one size."""
    from transition_exchange.exchange.records.answers import plaintext, room, written_sections
    from transition_exchange.sealing import padding

    version = load("core/2027.1")
    sizes: dict[str, set[int]] = {}
    for learner in learners():
        if learner.version != version.name:
            continue
        for section in (each for owner in SENDING for each in written_sections(version, owner)):
            body = plaintext(learner.answers.get(section.name, {}))
            sizes.setdefault(section.name, set()).add(len(padding.pad(body, least=room(section))))
    assert len(sizes) > 30
    assert {name: found for name, found in sizes.items() if len(found) > 1} == {}


def _sizes(session: Any, record_id: UUID, part: Any, revision: Any) -> dict[str, int]:
    rows = session.execute(
        select(part.name, part.size)
        .join(revision, revision.id == part.revision_id)
        .where(part.record_id == record_id, revision.owner == "transition")
    )
    return {row.name: row.size for row in rows}


def test_what_a_family_holds_back_and_what_a_document_is_show_in_no_grant(world: World) -> None:
    """Statements are plain: they name nothing that one learner's form has and another's has not."""
    from transition_exchange.store.models import Grant

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
        attaching.attach(
            db=world.db,
            actor=world.senco,
            record_id=record_id,
            kind=kind,
            name="",
            dated=world.today,
            content=a_pdf(),
        )
        world.send(record_id)
        with world.db.read() as session:
            said = [
                sorted(_blank(name) for name in json.loads(each.statement or "")["parts"])
                for each in session.scalars(
                    select(Grant).where(Grant.record_id == record_id, Grant.transfer_id.is_not(None))
                )
            ]
        shapes.append(sorted(said))
    assert shapes[0] == shapes[1] == shapes[2]


def _stored(world: World, record_id: UUID) -> dict[str, tuple[bytes, str, Any]]:
    """Ciphertext, tag and time of each section of the transition team's draft."""
    from transition_exchange.store.models import Ciphertext, Part, Revision

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
    assert [stored_at for _, _, stored_at in before.values()] == [
        stored_at for _, _, stored_at in after.values()
    ]


def test_sizes_of_packs_and_cards_tell_nobody_s_plan(world: World) -> None:
    """A PDF of one page for a learner without SEN is as long, once sealed, as one of six for a plan."""
    from transition_exchange.store.models import Card, Part

    with rendering() as renderer:
        world.renderer = renderer
        seen = []
        for provision in ("N", "K", "E"):
            record_id = write(world, sample(provision))
            world.send(record_id)
            with world.db.read() as session:
                parts = session.execute(
                    select(Part.name, Part.size).where(
                        Part.record_id == record_id, Part.transfer_id.is_not(None)
                    )
                ).all()
                cards = session.scalars(select(Card).where(Card.record_id == record_id)).all()
            seen.append(
                sorted((_blank(name), size) for name, size in parts)
                + sorted((str(card.team_id), len(card.sealed or b"")) for card in cards)
            )
    assert seen[0] == seen[1] == seen[2]


def test_a_card_of_a_form_just_begun_is_as_long_with_a_plan_as_without(world: World) -> None:
    """The school's own card names all that is missing, and of a plan much is."""
    from transition_exchange.store.models import Card

    lengths = set()
    for provision in ("N", "K", "E"):
        record_id = world.add()
        world.save(record_id, {"sen": {"provision": provision}})
        with world.db.read() as session:
            cards = session.scalars(select(Card).where(Card.record_id == record_id)).all()
        lengths.add(tuple(sorted((str(card.team_id), len(card.sealed or b"")) for card in cards)))
    assert len(lengths) == 1
