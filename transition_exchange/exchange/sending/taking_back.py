"""Taking back what the safeguarding team has answered for a learner, within a day.

A further version, signed like every other, says that those before it do not count. It holds no answer, only whom to
ring, and goes to the teams that had opened the earlier ones or been given them. What the others had is withdrawn, as
when a pack is taken back, so that they read what they read when nothing was answered. The draft stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.kept_keyrings import withdraw
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.revisions import OpenRevision, latest
from transition_exchange.exchange.records.signed_rows import STANDING
from transition_exchange.exchange.records.withdrawals import TAKEN_BACK
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.deliveries import Delivery, Sealer
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan
from transition_exchange.exchange.sending.releases import new_release
from transition_exchange.exchange.sending.safeguarding_releases import LEAD, OWNER
from transition_exchange.exchange.sending.standing_answers import (
    SECTION,
    Answer,
    Reached,
    answer_of,
    names_of,
    reached_by,
)
from transition_exchange.exchange.sending.storing import store
from transition_exchange.exchange.sending.team_packs import TeamPacks
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import read_section
from transition_exchange.proforma.withdrawn import withdrawing_answers
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Grant, Part, Receipt, Transfer

CHANGED = (
    "Something has changed since this page was opened, so nothing was taken back. Read it again, then decide."
)


@dataclass(frozen=True)
class TakenBack:
    """What came of it.

    Attributes:
        told: the teams that had opened it or been given it, and are told.
        untold: those that are not told, because nothing can be sealed for them now. Somebody has to ring them.
        anywhere: as in `Answer`.
    """

    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    anywhere: bool = True


def take_back(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    record_id: UUID,
    lead: Mapping[str, str],
    seen: str,
    today: date | None = None,
    now: datetime | None = None,
) -> TakenBack:
    """Take back the answer for a learner: sign that it does not count, and tell whoever had opened it whom to ring.

    Grants and parts by which others have it are deleted, and the receipts of those who had not reached it.

    Args:
        renderer: makes the PDFs.
        record_id: the record.
        lead: whom to ring: `lead_name`, `lead_phone` and perhaps `lead_email`.
        seen: `Answer.seen` of the page on which it was decided.

    Raises:
        NotAllowed: as `answer_of`.
        NotFound: as `answer_of`.
        NotReady: the team cannot sign anything that others believe yet.
        Refused: as `answer_of`; the contact is wrong; or something has changed since the page was shown.
        Tampered: as `answer_of`.
        RenderingFailed: a PDF could not be made. Nothing was taken back.
    """
    today, now = today or school_calendar.today(), now or datetime.now(UTC)
    answer = answer_of(db=db, actor=actor, record_id=record_id, now=now)
    if answer.seen != seen:
        raise Refused(CHANGED)
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=OWNER)
    read = read_section(draft.version, SECTION, {name: lead.get(name, "") for name in LEAD}, today=today)
    wrong = {name: "Enter whom they can ring" for name in LEAD[:2] if not lead.get(name)}
    if wrong := wrong | {finding.field: finding.message for finding in read.errors}:
        raise Refused("The contact is not complete.", wrong)
    held = withdrawing_answers(draft.version, read.values, day_one=answer.day_one)
    emptied = {name: held.get(name, {}) for name in draft.answers}
    planned = planning.plan(
        db=db,
        actor=actor,
        record_id=record_id,
        owner=OWNER,
        today=today,
        draft=replace(draft, answers=emptied, attachments=()),
        anew=True,
    )
    if planned.own_problem:
        raise NotReady(planned.own_problem)
    going = [told for provider in planned.providers if (told := _told(provider, answer.reached)).teams]
    with db.read() as session:
        trust = trust_of(session, actor)
        before = latest(session, record_id, OWNER)
        if before is None or before.id != answer.version_ids[-1]:
            raise Refused(CHANGED)
        owners = owner_teams(session, actor=actor, trust=trust, owner=OWNER)
        told_ids = {team.team_id for provider in going for team in provider.teams}
        untold = names_of(session, trust, {team_id for _, team_id in answer.reached} - told_ids)
    fresh = new_release(
        draft=planned.draft,
        team=planned.team,
        owners=owners,
        answers=planned.answers,
        before=before,
        actor=actor,
        now=now,
        withdraws=answer.number,
    )
    deliveries = _sealed(
        db=db,
        actor=actor,
        renderer=renderer,
        planned=planned,
        released=fresh.opened,
        going=going,
        today=today,
        now=now,
    )
    try:
        with db.write() as session:
            _withdraw(session, record_id=record_id, answer=answer, now=now)
            store(
                session,
                actor=actor,
                fresh=fresh,
                revision=fresh.opened.revision,
                deliveries=deliveries,
                today=today,
                now=now,
                kind=TAKEN_BACK,
            )
    except IntegrityError as error:
        raise Refused(CHANGED) from error
    names = {f"{team.name} at {provider.name}" for provider in going for team in provider.teams}
    return TakenBack(
        told=tuple(sorted(names)), untold=tuple(sorted(untold.values())), anywhere=answer.anywhere
    )


def _told(provider: ProviderPlan, reached: Reached) -> ProviderPlan:
    """A provider with those of its teams alone that had reached the answer and to which something can be sealed."""
    teams = tuple(
        team
        for team in provider.teams
        if (provider.transfer_id, team.team_id) in reached
        and not provider.dispute
        and team.team is not None
        and team.not_ready is None
    )
    return replace(provider, state="again", teams=teams)


def _sealed(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    planned: ReleasePlan,
    released: OpenRevision,
    going: Sequence[ProviderPlan],
    today: date,
    now: datetime,
) -> list[Delivery]:
    packs = TeamPacks(
        db=db,
        actor=actor,
        planned=planned,
        released=released.answers,
        attachments=(),
        number=released.revision.number,
        made_at=now,
        withdraws=released.withdraws,
    )
    sealer = Sealer(db=db, actor=actor, planned=planned, released=released, packs=packs, today=today, now=now)
    return sealer.deliveries(renderer, going)


def _withdraw(session: Session, *, record_id: UUID, answer: Answer, now: datetime) -> None:
    """Withdraw what was sent of an answer, if it still is what the page showed.

    The transfers stay locked until the transaction ends, so that nobody opens anything by them now.
    """
    list(
        session.scalars(
            select(Transfer.id).where(Transfer.record_id == record_id).order_by(Transfer.id).with_for_update()
        )
    )
    newest, ids = latest(session, record_id, OWNER), answer.version_ids
    if newest is None or newest.id != ids[-1]:
        raise Refused(CHANGED)
    if reached_by(session, ids, over=answer.over) != answer.reached:
        raise Refused(CHANGED)
    withdraw(session, Grant.revision_id.in_(ids), Grant.transfer_id.is_not(None), STANDING[0], now=now)
    of_transfers = Part.revision_id.in_(ids), Part.transfer_id.is_not(None)
    part_ids = list(session.scalars(select(Part.id).where(*of_transfers)))
    ciphertexts_of(session).delete(session, part_ids)
    session.execute(delete(Part).where(*of_transfers))
    session.execute(
        delete(Receipt).where(
            Receipt.revision_id.in_(ids), Receipt.opened_at.is_(None), Receipt.given_out_at.is_(None)
        )
    )
