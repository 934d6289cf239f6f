"""A newer version in which nothing changed for a team leaves the team's record as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.receiving import unchanged
from transition_exchange.exchange.receiving.changes import differences
from transition_exchange.exchange.receiving.covers import Cover, cover
from transition_exchange.exchange.receiving.inbox import InboxRow, inbox
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.receiving.several_teams import one_list
from transition_exchange.store.models import Ciphertext, Part, Receipt, Revision


def _row(world: World, actor: Actor | None = None) -> InboxRow:
    (row,) = inbox(db=world.db, actor=actor or world.college_support)
    return row


def _cover(world: World, sent: SentRecord, actor: Actor | None = None) -> Cover:
    return cover(db=world.db, actor=actor or world.college_support, transfer_id=sent.transfer_id)


def send_address(world: World, sent: SentRecord, town: str = "Elsewhere") -> None:
    """A version in which something changed that admissions reads, and nobody else."""
    known = world.college_admissions
    world.open(sent.transfer_id, known)
    enrolment = world.open(sent.transfer_id, known).answers["enrolment"]
    moved = {name: value for name, value in enrolment.items() if name != "_reasons"} | {"town": town}
    world.save(sent.record_id, {"enrolment": moved})
    world.send(sent.record_id)


def send_name(world: World, sent: SentRecord, name: str = "Mina") -> None:
    """A version in which something changed that learning support reads."""
    world.save(sent.record_id, {"known_as": {"preferred_name": name}})
    world.send(sent.record_id)


def _receipts(world: World) -> list[tuple[int, bool]]:
    """The receipts of learning support: each version's number, and whether it says that somebody opened it."""
    with world.db.read() as session:
        rows = session.execute(
            select(Revision.number, Receipt.opened_at)
            .join(Receipt, Receipt.revision_id == Revision.id)
            .where(Receipt.team_id == world.college_support.teams[0].id)
            .order_by(Revision.number)
        )
        return [(number, at is not None) for number, at in rows]


@pytest.mark.parametrize("state", ["opened", "acknowledged"])
def test_it_stays_as_it_was_and_no_receipt_fills_itself_in(
    world: World, sent: SentRecord, state: str
) -> None:
    world.open(sent.transfer_id)
    if state == "acknowledged":
        acknowledge(db=world.db, actor=world.college_support, transfer_ids=[sent.transfer_id])
    send_address(world, sent)
    row, seen = _row(world), _cover(world, sent)
    assert (row.state, row.may_acknowledge) == (state, False)
    assert [(one.owner, one.number) for one in row.unchanged.versions] == [("transition", 2)]
    assert (seen.unchanged, seen.waiting) == (row.unchanged, ())
    assert _receipts(world) == [(1, True), (2, False)]
    assert _row(world, world.college_admissions).state == "changed"


def test_what_changed_between_two_looks_and_back_again_has_not_changed(
    world: World, sent: SentRecord
) -> None:
    send_name(world, sent)
    world.open(sent.transfer_id)
    send_name(world, sent, "Amy")
    assert (_row(world).state, bool(_row(world).unchanged)) == ("changed", False)
    assert _cover(world, sent).waiting
    send_name(world, sent)
    assert _row(world).state == "opened"


def test_what_was_never_opened_is_new_and_what_changed_has_changed(world: World, sent: SentRecord) -> None:
    send_address(world, sent)
    assert (_row(world).state, bool(_row(world).unchanged)) == ("new", False)
    world.open(sent.transfer_id)
    send_name(world, sent)
    assert (_row(world).state, bool(_row(world).unchanged)) == ("changed", False)


def test_a_document_or_a_gap_that_came_is_a_change(world: World, sent: SentRecord) -> None:
    for actor in (world.college_admissions, world.college_support):
        world.open(sent.transfer_id, actor)
    world.attach(sent.record_id, name="Sleeping certificate")
    world.send(sent.record_id)
    assert _row(world, world.college_admissions).state == "changed"
    send_name(world, sent)
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"health": {"_reasons": {"medical": {"reason": "waiting"}}}})
    world.send(sent.record_id)
    assert _row(world).state == "changed"


def test_an_answer_that_was_taken_back_is_a_change(world: World, sent: SentRecord) -> None:
    lead = world.college_safeguarding
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, lead)
    taken_back(world, sent.record_id)
    assert _row(world, lead).state == "changed"
    world.open(sent.transfer_id, lead)
    send_address(world, sent)
    assert (_row(world, lead).state, _row(world, lead).answer) == ("opened", "withdrawn")


def test_it_is_compared_once_a_session_and_only_where_it_would_read_changed(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[Any] = []

    def counted(*given: Any) -> Any:
        compared.append(given)
        return differences(*given)

    monkeypatch.setattr(unchanged, "differences", counted)
    world.open(sent.transfer_id)
    assert _row(world).state == "opened"
    assert compared == []
    send_address(world, sent)
    compared.clear()  # whoever sends compares too
    actor = replace(world.college_support, session_id=uuid4().hex)
    for _ in range(2):
        assert _row(world, actor).unchanged
        assert _cover(world, sent, actor).unchanged
    assert len(compared) == 1


def test_what_cannot_be_opened_has_changed(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    send_address(world, sent)
    with world.db.write() as session:
        parts = select(Part.id).where(Part.name.startswith("data/"))
        session.execute(update(Ciphertext).where(Ciphertext.id.in_(parts)).values(body=b"x" * 1100))
    assert (_row(world).state, bool(_row(world).unchanged)) == ("changed", False)


def test_somebody_in_two_teams_reads_what_changed_for_one_of_them(world: World, sent: SentRecord) -> None:
    both = world.person("both", "Northway College", "Admissions", "Learning support")
    for actor in (world.college_admissions, world.college_support):
        world.open(sent.transfer_id, actor)
    send_address(world, sent)
    (row,) = one_list(db=world.db, actor=both)
    assert (row.state, bool(row.unchanged)) == ("changed", True)
