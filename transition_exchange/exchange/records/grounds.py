"""What cards stand on besides what is sealed in them: their record's school, their transfer, and their signer's key.

Each look at a ledger compares it with the cards that are open, wherever these came from. A card whose school is not
its record's school stands on no list, nor does one of a transfer that this school did not sign. It is set aside and
counted, and stands again once the rows agree with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam, OpenTeam
from transition_exchange.exchange.keys.awaited import awaited_team
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.cards import makes_cards
from transition_exchange.exchange.records.ledger_memory import OpenCard, SentBy
from transition_exchange.exchange.records.transfers import SentRow
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import Card, Record, TeamKey, Transfer


@dataclass(frozen=True)
class Grounds:
    """What the cards of a team stand on, as one session sees it now.

    Attributes:
        schools: the schools of the records by the records' ids, as their rows say.
        senders: who signed each transfer, by its id.
        signers: the teams that this session believes of the keys that signed the cards, by the keys' ids.
        retired_too: the same, with the keys that their teams have retired since.
        reader: the team to which the cards belong.
    """

    schools: Mapping[UUID, UUID]
    senders: Mapping[UUID, SentBy]
    signers: Mapping[UUID, KnownTeam]
    retired_too: Mapping[UUID, KnownTeam]
    reader: OpenTeam

    def uphold(self, card: OpenCard) -> bool:
        """Whether a card, whose signature was checked, may stand on a list."""
        own = made_anew(self.reader, card.transfer_id, card.school_id)
        signer = (self.signers if own else self.retired_too).get(card.key_id)
        if signer is None or signer.signing_public != card.signing_public:
            return False
        if not makes_cards(signer, card.school_id):
            return False
        if card.transfer_id is None:
            return self.schools.get(card.record_id) == card.school_id
        sent = self.senders.get(card.transfer_id)
        if sent is None or sent.awaited is not None:
            return False
        return (sent.row.record, sent.row.school) == (card.record_id, card.school_id)

    def waits_for(self, card: OpenCard) -> TeamIdentity | None:
        """The team for whose new key a card waits that is set aside; None if it waits for none."""
        sent = self.senders.get(card.transfer_id) if card.transfer_id else None
        return sent.awaited if sent is not None and sent.row.school == card.school_id else None


def made_anew(reader: OpenTeam, transfer_id: UUID | None, school_id: UUID) -> bool:
    """Whether a school makes a card anew in the ledger of its team when its own key has changed.

    It does so for its own teams' cards of records. Other cards in a ledger stay as they are, and count under the key
    that signed them, although it was retired since.

    Args:
        reader: the team to which the card belongs.
        transfer_id: the transfer that it belongs to.
        school_id: the school that made it.
    """
    return transfer_id is None and reader.organisation_id == school_id


def grounds_of(
    session: Session,
    *,
    trust: Trust,
    team: OpenTeam,
    cards: Iterable[OpenCard],
    before: Mapping[UUID, SentBy],
) -> Grounds:
    """What a team's cards stand on now.

    Args:
        trust: which keys the session trusts.
        team: the team.
        cards: its cards whose signatures were checked.
        before: the senders of transfers as they were found before. A signature is checked again where a column of the
            rows or what the session believes of the key has changed.
    """
    key_ids, of_records, of_transfers = set[UUID](), False, False
    for card in cards:
        key_ids.add(card.key_id)
        of_records = of_records or card.transfer_id is None
        of_transfers = of_transfers or card.transfer_id is not None
    keys = session.scalars(select(TeamKey).where(TeamKey.id.in_(key_ids))).all()
    trust.roots.lines.read(session, {key.team_id for key in keys})
    return Grounds(
        schools=_schools(session, team) if of_records else {},
        senders=_senders(session, trust=trust, team=team, before=before) if of_transfers else {},
        signers={key.id: signer for key in keys if (signer := trust.known(session, key)) is not None},
        retired_too={
            key.id: signer for key in keys if (signer := trust.known_once(session, key)) is not None
        },
        reader=team,
    )


def _schools(session: Session, team: OpenTeam) -> dict[UUID, UUID]:
    """The schools of the records of which a team has a card, by the records' ids."""
    rows = session.execute(
        select(Card.record_id, Record.organisation_id)
        .join(Record, Record.id == Card.record_id)
        .where(Card.team_id == team.id, Card.transfer_id.is_(None))
    )
    return {row.record_id: row.organisation_id for row in rows}


def sender_of(session: Session, *, trust: Trust, record: Record, transfer: Transfer) -> UUID | None:
    """The school that signed that it sent a record by a transfer; None if this session believes no such statement."""
    row = SentRow.of(record, transfer)
    sent = _sent_by(row, _signer(session, trust, row.key), None)
    return sent.row.school if sent is not None and sent.awaited is None else None


def _senders(
    session: Session, *, trust: Trust, team: OpenTeam, before: Mapping[UUID, SentBy]
) -> dict[UUID, SentBy]:
    rows = session.execute(
        select(
            Record.area_id,
            Record.organisation_id,
            Transfer.record_id,
            Transfer.id,
            Transfer.provider_id,
            Transfer.team_key_id,
            Transfer.statement,
            Transfer.signature,
        )
        .join(Record, Record.id == Transfer.record_id)
        .where(
            Transfer.id.in_(
                select(Card.transfer_id).where(Card.team_id == team.id, Card.transfer_id.is_not(None))
            )
        )
    )
    signers: dict[UUID | None, _Signer | None] = {}
    senders: dict[UUID, SentBy] = {}
    for columns in rows:
        row = SentRow(*columns)
        if row.key not in signers:
            signers[row.key] = _signer(session, trust, row.key)
        sent = _sent_by(row, signers[row.key], before.get(row.transfer))
        if sent is not None:
            senders[row.transfer] = sent
    return senders


class _Signer(NamedTuple):
    """The team of a key, the key, and the team again if the key is still to be confirmed."""

    team: TeamIdentity
    signing_public: bytes
    awaited: TeamIdentity | None


def _signer(session: Session, trust: Trust, key_id: UUID | None) -> _Signer | None:
    """Whose a key is; None if it is nobody's whom the session believes, now or once a new key is confirmed."""
    key = key_in_rows(session, key_id)
    if key is None:
        return None
    known = trust.known(session, key)
    if known is not None:
        return _Signer(known, known.signing_public, None)
    awaited = awaited_team(session, trust=trust, key=key)
    return _Signer(awaited, key.signing_public, awaited) if awaited is not None else None


def _sent_by(row: SentRow, signer: _Signer | None, before: SentBy | None) -> SentBy | None:
    """Who signed a transfer; None if the statement is not that team's about this row.

    Args:
        row: the columns of the transfer and of its record.
        signer: whose the key is that the row names.
        before: what was found before. If nothing of it has changed, the signature is not checked again.
    """
    if signer is None:
        return None
    sent = SentBy(row, *signer)
    return sent if sent == before or row.signed_by(sent.team, sent.signing_public) is not None else None
