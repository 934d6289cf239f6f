"""One table of all that a team may read, for its own systems; made as it is sent, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import Received, open_transfer
from transition_exchange.exchange.receiving.receipts import note_opened, receiving_team
from transition_exchange.formats.csv_out import csv_text
from transition_exchange.packs.data import csv_columns, csv_row
from transition_exchange.proforma import Access, Finding, load
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation


def export_csv(*, db: Database, actor: Actor, team_id: UUID | None = None) -> Iterator[str]:
    """Everything that one team may read of all its packs, as the lines of a CSV, one learner a row.

    Each pack counts as opened and downloaded; the whole export is one event.

    Raises:
        NotAllowed, NotFound: as `inbox`.
        Tampered: a pack is not what its school released.
    """
    team = receiving_team(actor, team_id)
    rows = inbox(db=db, actor=actor, team_id=team.id)
    return _lines(db, actor, team, [row.transfer_id for row in rows])


def _lines(db: Database, actor: Actor, team: OpenTeam, transfer_ids: Sequence[UUID]) -> Iterator[str]:
    with db.read() as session:
        provider = session.get_one(Organisation, actor.organisation_id).name
    opened = [
        open_transfer(db=db, actor=actor, transfer_id=each, team_id=team.id, note=False)
        for each in transfer_ids
    ]
    if opened:
        note_opened(db=db, actor=actor, seen=[each.seen for each in opened], kind="inbox.exported")
    versions = sorted({each.version.name for each in opened}, reverse=True)
    columns = csv_columns([Access(load(name), team.purposes) for name in versions])
    yield from csv_text(columns, [_row(each, provider) for each in opened])


def _row(received: Received, provider: str) -> dict[str, str]:
    opening = received.openings.get("transition") or next(iter(received.openings.values()))
    revision = opening.revision
    assert revision.released_at is not None
    return csv_row(
        received.version,
        received.answers,
        from_school=received.school,
        to_provider=provider,
        version_number=revision.number,
        sent_at=revision.released_at,
        gaps=[_gap(each) for each in received.missing],
    )


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
