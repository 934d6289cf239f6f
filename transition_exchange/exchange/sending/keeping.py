"""Deciding that a record stays with a provider, where something that is stored says that it was taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.receiving.receipts import settle
from transition_exchange.exchange.records import transfers
from transition_exchange.exchange.records.confirmed_teams import teams_at
from transition_exchange.exchange.records.kept_keyrings import withdraw
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.signed_rows import STANDING, SignedRows
from transition_exchange.exchange.records.standings import Standing, standings
from transition_exchange.exchange.records.traces import traces_of
from transition_exchange.sealing.transfers import RECALLED
from transition_exchange.store import chain
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Grant, Part, Query, Receipt, Record, Transfer

NOTHING_TO_DECIDE = "Nothing contradicts that the record is there any more. Look at the page again."
NOTHING_OPENS = (
    "Nobody there can open the record here any more, so it cannot stay there as it is. Take it back. If they should "
    "have it, send it to them again."
)

NOT_WHOLE = (
    "The list of what people did at your school is not whole, so it does not tell whether this was taken back, and it "
    "cannot stay there as it is. Take it back. If they should have it, send it to them again. Tell the people who run "
    "this service that the list was changed."
)
TOO_OFTEN = (
    "The log says too often that this was taken back, so it cannot stay there as it is. Take it back. If they should "
    "have it, send it to them again. Tell the people who run this service."
)
CHANGED = "What contradicts what has changed since this page was opened. Read it again, then decide."
MOST_OVERRULED = 100
"""The most events that a statement may overrule. Each costs somebody a decision, so nobody comes near."""


def keep(*, db: Database, actor: Actor, record_id: UUID, transfer_id: UUID, seen: str) -> None:
    """Sign that a record stays with a provider, although the row or the log says that it was taken back.

    Args:
        record_id: the record.
        transfer_id: the disputed transfer.
        seen: `Standing.seen` of the page on which it was decided.

    Raises:
        NotAllowed: the actor is not in the transition team.
        NotFound: the record or the transfer is unknown or belongs to another school.
        Refused: the transfer is not disputed, or otherwise than the page said; no team of the provider can open
            anything of it any more; or the school's chain is not whole.
    """
    actor.require(transfers.SIGNED_BY)
    with db.write() as session:
        record = own_record(session, actor, record_id)
        transfer = session.scalar(select(Transfer).where(Transfer.id == transfer_id).with_for_update())
        if transfer is None or transfer.record_id != record_id:
            raise NotFound
        trust = trust_of(session, actor)
        by_id = {
            standing.transfer.id: standing for standing in standings(session, trust=trust, record=record)
        }
        standing = by_id[transfer_id]
        if standing.told != "disputed":
            raise Refused(NOTHING_TO_DECIDE)
        if standing.seen != seen:
            raise Refused(CHANGED)
        if not _opens(session, trust=trust, standing=standing):
            raise Refused(NOTHING_OPENS)
        now = datetime.now(UTC)
        sign_that_it_stays(session, actor=actor, trust=trust, record=record, standing=standing, now=now)
        actor.note(session, "transfer.kept", record=record_id, transfer=transfer_id)


def _opens(session: Session, *, trust: Trust, standing: Standing) -> bool:
    """Whether a team of the provider was granted something by a transfer that was not withdrawn since."""
    teams = teams_at(session, trust=trust, organisation_ids=[standing.provider_id])[standing.provider_id]
    signed_rows = SignedRows(session, trust, {})
    rows = signed_rows.grant_rows(
        Grant.transfer_id == standing.transfer.id,
        Grant.grantee_team_id.in_([team.id for team in teams]),
        *STANDING,
    )
    found = signed_rows.grants(rows)
    return any(row.id in found.signed for row in rows)


def sign_that_it_stays(
    session: Session, *, actor: Actor, trust: Trust, record: Record, standing: Standing, now: datetime
) -> None:
    """Sign it, and turn the row back to what was signed, and to what its receipts and questions tell.

    The statement overrules the events that stand in the school's chain now, by their hashes, and no other. The chain
    has to be whole: an event that was taken out of it might be that of a real recall.

    Args:
        session: a write session, which has locked the transfer.
        actor: a member of a transition team of the school.
        trust: which keys the session trusts.
        record: the record.
        standing: the disputed transfer.
        now: when.

    Raises:
        Refused: the school's chain is not whole, or more events contradict the statement than one may overrule.
    """
    transfer = standing.transfer
    if chain.verify(session, record.organisation_id).fault is not None:
        raise Refused(NOT_WHOLE)
    if len(standing.overrules) > MOST_OVERRULED:
        raise Refused(TOO_OFTEN)
    turned = transfer.state == RECALLED
    if turned or standing.elsewhere:
        make_room(session, trust=trust, record=record, provider_id=standing.provider_id)
    transfers.sign_kept(
        transfer=transfer,
        team=actor.require(transfers.SIGNED_BY),
        record=record,
        provider_id=standing.provider_id,
        at=now,
        overrules=sorted(standing.overrules),
    )
    if turned:
        transfer.recalled_at = transfer.recalled_by = None
        open_question = exists().where(Query.transfer_id == transfer.id, Query.closed_at.is_(None))
        if session.scalar(select(open_question)):
            transfer.state = "queried"
        else:
            settle(session, transfer, trust=trust)
    session.flush()


def make_room(session: Session, *, trust: Trust, record: Record, provider_id: UUID) -> set[UUID]:
    """Mark rows as taken back by which the provider holds nothing, and withdraw what went there by such transfers.

    A record has one transfer to a provider that is not taken back. A row that somebody wrote into the database, turned
    back, or moved there from another provider would otherwise keep the school from sending. Of a transfer whose row or
    statement is gone, grants may stand: nobody may open them if the row comes back.

    Args:
        session: a write session.
        trust: which keys the session trusts.
        record: the record.
        provider_id: the provider.

    Returns:
        Those of these transfers of which no team of the school signed that they were taken back.
    """
    left = traces_of(session, trust=trust, signed_rows=SignedRows(session, trust, {}), record=record)
    never_recalled = {
        trace.transfer_id
        for trace in left
        if (trace.record_id, trace.provider_id) == (record.id, provider_id)
    }
    over = set(never_recalled)
    for standing in standings(session, trust=trust, record=record):
        row, here = standing.transfer, standing.provider_id == provider_id
        if row.provider_id == provider_id and not (standing.counts and here):
            row.state = RECALLED
        if here and standing.statement is not None and not standing.counts:
            over.add(row.id)
            if standing.statement.state != RECALLED:
                never_recalled.add(row.id)
    remove(session, over)
    session.flush()
    return never_recalled


def remove(session: Session, transfer_ids: Collection[UUID]) -> None:
    """Withdraw the grants of transfers, and delete what was sealed for them. Their receipts are kept.

    The card of a team that had opened the record or been given it in a file stays, so that it can tell what to delete.
    Who had not sees nothing of it any more.

    Args:
        session: a write session.
        transfer_ids: the transfers.
    """
    withdraw(session, Grant.transfer_id.in_(transfer_ids), STANDING[0], now=datetime.now(UTC))
    part_ids = list(session.scalars(select(Part.id).where(Part.transfer_id.in_(transfer_ids))))
    ciphertexts_of(session).delete(session, part_ids)
    session.execute(delete(Part).where(Part.transfer_id.in_(transfer_ids)))
    reached = exists().where(
        Receipt.transfer_id == Card.transfer_id,
        Receipt.team_id == Card.team_id,
        or_(Receipt.opened_at.is_not(None), Receipt.given_out_at.is_not(None)),
        Receipt.deleted_at.is_(None),
    )
    session.execute(delete(Card).where(Card.transfer_id.in_(transfer_ids), ~reached))
