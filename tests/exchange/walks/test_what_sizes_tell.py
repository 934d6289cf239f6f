"""Somebody steals the database: sizes of what is sealed tell nobody's plan.

A walk: it goes through writing and sending.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.walks.whole_records import sample, write
from tests.exchange.world import World, rendering
from transition_exchange.exchange.records.answers import plaintext, room, written_sections
from transition_exchange.exchange.records.cards import padding_step
from transition_exchange.proforma import Access, check, load
from transition_exchange.proforma.cards import card as card_of
from transition_exchange.purposes import SENDING
from transition_exchange.sample.young_people.learners import learners
from transition_exchange.sealing import ledger, padding
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Part, Revision

CARDS = (
    ("neet_group",),
    ("send",),
    ("transition",),
    ("school_safeguarding",),
    ("admissions",),
    ("learning_support",),
    ("safeguarding",),
    ("exams",),
    ("admissions", "exams", "learning_support", "safeguarding"),
)
"""The purposes of teams that get cards."""
BEGUN = ("learner", "sen")
"""The sections that hold something in a form just begun, so that the card names all that a plan asks for."""


def _sizes(session: Any, record_id: UUID, part: Any, revision: Any) -> dict[str, int]:
    rows = session.execute(
        select(part.name, part.size)
        .join(revision, revision.id == part.revision_id)
        .where(part.record_id == record_id, revision.owner == "transition")
    )
    return {row.name: row.size for row in rows}


def _blank(name: str) -> str:
    """A part's name without the ids in it."""
    return "/".join("id" if len(piece) == 36 else piece for piece in name.split("/"))


def test_sizes_of_sealed_sections_show_their_class_only(world: World) -> None:
    """An empty section and one of a few words weigh the same."""
    record_id = world.add()
    with world.db.read() as session:
        before = _sizes(session, record_id, Part, Revision)
    world.save(record_id, {"known_as": {"preferred_name": "Mo"}})
    with world.db.read() as session:
        after = _sizes(session, record_id, Part, Revision)
    assert before == after


def test_sizes_of_sealed_sections_tell_nobody_s_plan() -> None:
    """Of all sample learners: with a plan or without, each section is of one size."""
    version = load("core/2027.1")
    sizes: dict[str, set[int]] = {}
    sections = [section for owner in SENDING for section in written_sections(version, owner)]
    for learner in learners():
        if learner.version != version.name:
            continue
        for section in sections:
            body = plaintext(learner.answers.get(section.name, {}))
            sizes.setdefault(section.name, set()).add(len(padding.pad(body, least=room(section))))
    assert len(sizes) > 30
    assert {name: lengths for name, lengths in sizes.items() if len(lengths) > 1} == {}


def test_sizes_of_packs_and_cards_tell_nobody_s_plan(world: World) -> None:
    """A PDF of one page for a learner without SEN is as long, once sealed, as one of six for a plan."""
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


@pytest.mark.parametrize("filled", [True, False])
def test_every_sample_learners_card_fills_one_step_with_sen_and_without(filled: bool) -> None:
    """Signed as it is sealed, for each kind of team that gets one: of a form that is written, and of one just begun.

    A card that is larger than its step is in a class of its own, and most of those would be of learners with a plan.
    """
    signer, today = TeamSecret.generate(), date(2026, 11, 27)
    largest: dict[tuple[str, ...], int] = {}
    for learner in learners():
        version = load(learner.version)
        answers = learner.answers if filled else {name: learner.answers.get(name, {}) for name in BEGUN}
        report = check(version, answers, today=today)
        for purposes in CARDS:
            content = card_of(
                Access.to_record(version, answers, frozenset(purposes)),
                answers,
                report,
                today=today,
                leaving_year=learner.leaving_year,
            )
            body = SignedCard.sign(
                signer.signing,
                place=Place(uuid4(), uuid4(), uuid4(), uuid4()),
                school=uuid4(),
                key=uuid4(),
                content=content,
                made_at=datetime.now(UTC),
            ).to_bytes()
            sending = any(purpose in SENDING for purpose in purposes)
            step = padding_step(purpose=purposes[0], transfer_id=None if sending else uuid4())
            assert len(ledger.pad(body, step=step)) == step, purposes
            largest[purposes] = max(largest.get(purposes, 0), len(body))
    assert largest.keys() == set(CARDS)
    assert largest["neet_group",] > ledger.STEP // 2, "half of the step would not do"


def test_a_card_of_a_form_just_begun_is_as_long_with_a_plan_as_without(world: World) -> None:
    """The school's own card names all that is missing, and of a plan much is."""
    lengths = set()
    for provision in ("N", "K", "E"):
        record_id = world.add()
        world.save(record_id, {"sen": {"provision": provision}})
        with world.db.read() as session:
            cards = session.scalars(select(Card).where(Card.record_id == record_id)).all()
        lengths.add(tuple(sorted((str(card.team_id), len(card.sealed or b"")) for card in cards)))
    assert len(lengths) == 1
