"""Exporting everything that a team may read as one table, for its own systems. The table is not stored."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import Received, read_newest
from transition_exchange.exchange.receiving.receipts import note_given_out, receiving_team
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.left_out import Table, what_is_missing
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.formats.csv_out import csv_text
from transition_exchange.packs.data import APART, csv_columns, csv_row
from transition_exchange.proforma import Access, Finding, load
from transition_exchange.proforma.safeguarding_answer import QUESTION, WITHDRAWN
from transition_exchange.store.database import Database


def export_csv(*, db: Database, actor: Actor, team_id: UUID | None = None) -> Table:
    """Everything that a team may read in all of its packs, as a CSV file with one row for each learner.

    Every pack is given out and none is opened: nobody has looked at it, so it stays new or changed. That is written
    down, as one event, before the first line. A pack that is recalled while the table is made is left out of it. If
    anything that may belong to the table was left out because it cannot be read or checked, the file says so.

    Args:
        team_id: the team; None for the first of the actor's receiving teams.

    Raises:
        NotAllowed: as `inbox`.
        NotFound: as `inbox`.
        Tampered: a pack is not what its school released.
    """
    team = receiving_team(actor, team_id)
    packs: list[Received] = []
    for row in inbox(db=db, actor=actor, team_id=team.id):
        with suppress(NotFound):
            packs.append(read_newest(db=db, actor=actor, transfer_id=row.transfer_id, team_id=team.id))
    given = note_given_out(db=db, actor=actor, seen=[pack.seen for pack in packs], kind="inbox.exported")
    packs = [pack for pack in packs if pack.transfer_id in given]
    versions = sorted({pack.version.name for pack in packs}, reverse=True)
    columns = csv_columns([Access(load(name), team.purposes, place=team.place) for name in versions])
    unchecked = ledgers.refreshed(db=db, actor=actor, team=team).failed + sum(
        bool(pack.doubtful) for pack in packs
    )
    missing = what_is_missing(unchecked=unchecked)
    lines = csv_text(columns, [_row(pack, team.organisation_name) for pack in packs], warnings=missing)
    return Table(lines, whole=not missing)


def _row(received: Received, provider: str) -> dict[str, str]:
    opening = received.openings.get("transition") or next(iter(received.openings.values()))
    revision = opening.revision
    assert revision.released_at is not None
    row = csv_row(
        received.version,
        received.answers,
        from_school=received.school,
        to_provider=provider,
        version_number=revision.number,
        sent_at=revision.released_at,
        gaps=[_gap(missing) for missing in received.missing],
        not_attached=received.not_attached,
        cannot_be_used=[said["message"] for said in received.cannot_be_used],
        held_back=received.held_back,
        reference=reference_of(received.transfer_id),
    )
    row |= _apart(received)
    return row | {QUESTION: received.part.answer} if received.part.unanswered else row


def _apart(received: Received) -> dict[str, str]:
    """What the school's safeguarding team sent by itself, as far as the team may know: which version, when, and whether
    an earlier one was taken back.
    """
    row = {"withdrawn": received.withdrawn or (WITHDRAWN if received.part.withdrawn else "")}
    opening = received.openings.get(APART)
    if opening is not None and opening.released_at is not None:
        row["safeguarding_version_sent"] = str(opening.revision.number)
        row["safeguarding_sent_at"] = opening.released_at.isoformat(timespec="seconds")
    return row


def _gap(missing: Any) -> Finding:
    section, _, name = str(missing["question"]).partition(".")
    expected = missing.get("expected")
    return Finding(
        section=section,
        field=name,
        path=(section, name),
        code=missing["code"],
        message="",
        expected=date.fromisoformat(expected) if expected else None,
        reason=missing.get("reason"),
    )
