"""Somebody in several receiving teams has one list, and what they open or acknowledge counts for all their teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.inbox import MARKS, InboxRow, inbox, waiting_first
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import receiving_team, receiving_teams
from transition_exchange.exchange.receiving.sent_versions import was_sent_to
from transition_exchange.store.database import Database


def one_list(*, db: Database, actor: Actor) -> list[InboxRow]:
    """The transfers of all of a person's receiving teams, each once, in the order of a team's list.

    A row has the state of the team for which the most is left to do, and that team is the first of its `team_ids`.

    Raises:
        NotAllowed: the actor is in no receiving team.
    """
    receiving_team(actor)
    by_transfer: defaultdict[UUID, list[InboxRow]] = defaultdict(list)
    for team in receiving_teams(actor):
        for row in inbox(db=db, actor=actor, team_id=team.id):
            by_transfer[row.transfer_id].append(row)
    return sorted((_merged(rows) for rows in by_transfer.values()), key=waiting_first)


def _merged(rows: Sequence[InboxRow]) -> InboxRow:
    first, *others = sorted(rows, key=lambda row: MARKS.index(row.state))
    given_out = [row.given_out_at for row in rows if row.given_out_at is not None]
    read = all(row.state in ("opened", "acknowledged") for row in rows)
    return replace(
        first,
        team_ids=tuple(team_id for row in (first, *others) for team_id in row.team_ids),
        number=max(row.number for row in rows),
        sent_at=max(row.sent_at for row in rows),
        given_out_at=min(given_out, default=None),
        safeguarding=any(row.safeguarding for row in rows),
        content={name: value for row in rows for name, value in row.content.items()},
        doubtful=tuple(dict.fromkeys(owner for row in rows for owner in row.doubtful)),
        answer=next((row.answer for row in rows if row.answer), ""),
        queried=any(row.queried for row in rows),
        answered=any(row.answered for row in rows),
        unchanged=next((row.unchanged for row in rows if row.unchanged), first.unchanged),
        may_acknowledge=read and any(row.may_acknowledge for row in rows),
    )


def teams_with(*, db: Database, actor: Actor, transfer_id: UUID) -> tuple[OpenTeam, ...]:
    """Those of a person's receiving teams that were sent something by a transfer."""
    teams = receiving_teams(actor)
    with db.read() as session:
        sent = was_sent_to(
            session,
            trust=trust_of(session, actor),
            transfer_id=transfer_id,
            teams=teams,
            signed=False,
        )
    return tuple(team for team in teams if team.id in sent)


def open_for_all(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> None:
    """Open the newest versions of a transfer for all of a person's teams that were sent them.

    What is damaged for another team than the one named keeps nothing of the named one from being opened; it is said
    when somebody reads it.

    Args:
        transfer_id: the transfer.
        team_id: the team as which the person looks at it; None for the first that was granted anything.

    Raises:
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`.
        Tampered: as `open_transfer`.
    """
    opened = open_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id)
    for team in teams_with(db=db, actor=actor, transfer_id=transfer_id):
        if team.id != opened.team.id:
            with suppress(NotFound, Tampered):
                open_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team.id)
