"""The card of a transfer, made anew of what the provider's team was sent.

The row of a card names a team and a transfer, and anybody may have written it who can write to the database. Where the
record went stands in the statement about the transfer, and which version the team may read in its grant. The school
signed both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import day_of
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import cards
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.records.standing_grants import signed_to
from transition_exchange.exchange.records.standings import Standing, standings
from transition_exchange.exchange.records.transfers import SIGNED_BY, awaited_statement
from transition_exchange.exchange.renewing.signers import signers
from transition_exchange.proforma import Access, Report, load
from transition_exchange.proforma.cards import card as card_of
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.events import Action
from transition_exchange.store.models import Card, Record, Revision

NOTHING_FOUND = Report(errors=(), gaps=(), warnings=())
"""A provider's card says nothing of what is missing or wrong."""


def made_of_what_was_sent(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    row: Card,
    recalls: Mapping[UUID, Sequence[Action]],
    now: datetime,
) -> cards.PreparedCard:
    """The card of a transfer for one of the provider's teams, made of the version that the team was sent last.

    It is due while the transfer is disputed, and while the key of the provider's team is not trusted. The older one
    could not be checked for much longer.

    Args:
        actor: a member of a transition team of the school, or of one that was.
        trust: which keys the session trusts.
        row: the card as it is now.
        recalls: what the school's log says was taken back, as `recalled_in_chain` gives it.
        now: when it is made.

    Raises:
        NotFound: the team was sent no version by this transfer, or the actor's team was granted nothing of it.
        Tampered: the school did not send the record to the team's organisation by this transfer, or took it back; or
            the version is not what was released.
    """
    record = session.get_one(Record, row.record_id)
    standing = _standing(session, trust=trust, record=record, row=row, recalls=recalls)
    revision, sent_on = _sent_last(session, trust=trust, record=record, row=row)
    team = trust.current(session, [row.team_id]).get(row.team_id)
    if team is not None and team.organisation_id != standing.provider_id:
        raise Tampered
    if team is None or standing.told == "disputed":
        return cards.due_card(cards.place_of(row), now=now)
    signer, answers = _opened_by_one(
        session, actor=actor, trust=trust, record=record, revision=revision, transfer_id=row.transfer_id
    )
    access = Access.to_record(
        load(record.version),
        answers,
        team.purposes.intersection(RECEIVING),
        owner=SIGNED_BY,
        place=team.place,
    )
    return cards.seal_card(
        actor=actor,
        recipient=cards.Recipient(team.id, "", team),
        record_id=record.id,
        transfer_id=row.transfer_id,
        content=card_of(access, answers, NOTHING_FOUND, today=sent_on),
        now=now,
        card_id=row.id,
        signer=signer,
    )


def _opened_by_one(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    revision: Revision,
    transfer_id: UUID | None,
) -> tuple[OpenTeam, Answers]:
    """What a version says, with what was sent by a transfer, and the first of the actor's teams that was granted both.

    A team may have been confirmed after the version was sent. One that gave the work up keeps what it was granted, and
    makes cards anew only if no other does (`signers`).

    Raises:
        NotFound: none of them was.
        Tampered: the version is not what was released.
    """
    for team in signers(session, actor=actor, trust=trust, purpose=SIGNED_BY):
        answers: Answers = {}
        with suppress(NotFound):
            for by in (None, transfer_id):
                answers |= open_revision(
                    session,
                    actor=actor,
                    trust=trust,
                    record=record,
                    revision=revision,
                    transfer_id=by,
                    team_id=team.id,
                ).answers
            return team, answers
    raise NotFound


def _standing(
    session: Session, *, trust: Trust, record: Record, row: Card, recalls: Mapping[UUID, Sequence[Action]]
) -> Standing:
    """Where the record of a card stands by the card's transfer: the provider holds it, or may hold it.

    Raises:
        NotConfirmedYet: it was signed with a key that is not confirmed yet.
        Tampered: no team of the school signed that the record goes there by this transfer, or one took it back.
    """
    of_record = standings(session, trust=trust, record=record, recalls=recalls)
    standing = next((standing for standing in of_record if standing.transfer.id == row.transfer_id), None)
    if standing is None:
        raise Tampered
    if not standing.counts:
        raise (awaited_statement(session, trust=trust, record=record, transfer=standing.transfer) or Tampered)
    return standing


def _sent_last(session: Session, *, trust: Trust, record: Record, row: Card) -> tuple[Revision, date]:
    """The transition team's version that a team was sent last by the transfer of its card, and on which day.

    That is the newest one of which the school signed a grant to the team. Receipts are not signed.

    Raises:
        NotFound: it was sent none.
    """
    assert row.transfer_id is not None
    granted = {
        str(statement.revision): str(statement.granted_at)
        for statement in signed_to(
            session,
            trust=trust,
            record=record,
            transfer_id=row.transfer_id,
            team_id=row.team_id,
            purposes={SIGNED_BY},
        )
    }
    versions = session.scalars(
        select(Revision)
        .where(Revision.record_id == record.id, Revision.owner == SIGNED_BY, Revision.number > 0)
        .order_by(Revision.number.desc())
    )
    revision = next((version for version in versions if str(version.id) in granted), None)
    if revision is None:
        raise NotFound
    return revision, day_of(datetime.fromisoformat(granted[str(revision.id)]))
