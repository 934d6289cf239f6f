"""Sending a record to its providers, a new version to those that have it, and safeguarding sections after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.cards import PreparedCard
from transition_exchange.exchange.records.cards import store as store_cards
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.revisions import OpenRevision, latest, open_revision
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.deliveries import Sealer
from transition_exchange.exchange.sending.holding_back import EVENT, held_back
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan
from transition_exchange.exchange.sending.releases import NewRelease, new_release
from transition_exchange.exchange.sending.storing import CHANGED_MEANWHILE, store
from transition_exchange.exchange.sending.team_packs import TeamPacks, signed_off
from transition_exchange.exchange.writing.due_cards import write_typed
from transition_exchange.exchange.writing.last_sent import HeldBack, LastSent, essence, place
from transition_exchange.exchange.writing.resealing import Overtaken, Resealed, reseal
from transition_exchange.exchange.writing.school_cards import prepare
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import destinations
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record

NOTHING_TO_SEND = "There is nothing to send now: no provider is waiting for this version."
NOTHING_TICKED = "There is nothing to send now, because no provider is ticked. Tick those that are to get it."


@dataclass(frozen=True)
class Sent:
    """What was sent.

    Attributes:
        number: the number of the version.
        providers: the names of the providers that got it.
        missed: the names of those that should have got it and did not, because they are not ready or because it is
            not certain that they have the record.
        held_back: the names of those that the sender left with the version that they have.
    """

    number: int
    providers: tuple[str, ...]
    missed: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


def send(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    record_id: UUID,
    seen: str,
    owner: str = "transition",
    providers: Collection[UUID] | None = None,
    hold: Collection[UUID] = (),
    reasons: Mapping[UUID, str] | None = None,
    today: date | None = None,
) -> Sent:
    """Release an owner's sections if they have changed, and send them to the providers that should have them.

    Packs are rendered and sealed first. Then one transaction stores everything or nothing. Where all who would get
    something are held back, only that is stored, and nothing is released.

    Args:
        renderer: makes the PDFs.
        record_id: the record.
        seen: `ReleasePlan.seen` of the preview that the person has seen.
        owner: the sending purpose that writes the sections.
        providers: which of the providers that get something only if the sender asks for it (`ProviderPlan.chosen`)
            shall get it; None for all whom the learner's destinations name as they were confirmed. The others always
            get the new version, and a team that they have added gets what their other teams have.
        hold: the providers that are to keep the version that they have.
        reasons: why, by provider (`holding_back.held_back`).

    Raises:
        NotFound: as `planning.plan`, or the safeguarding team has no card with the learner's name.
        NotAllowed: as `planning.plan`.
        Tampered: as `planning.plan`.
        NotReady: the actor's own team has no confirmed key or no second opener.
        Refused: something has changed since the preview, the record has errors, there is nothing to send, or a reason
            for holding a version back is missing.
        RenderingFailed: a PDF could not be made. Nothing was sent.
    """
    today = today or school_calendar.today()
    write_typed(db=db, actor=actor, record_id=record_id)
    planned = planning.plan(db=db, actor=actor, record_id=record_id, owner=owner, today=today)
    now = datetime.now(UTC)
    _require_sendable(planned, seen=seen)
    held = held_back(planned, actor=actor, hold=hold, reasons=reasons or {}, now=now)
    going = tuple(
        provider
        for provider in planned.providers
        if provider.goes
        and (provider.organisation_id not in held or not provider.may_be_held_back)
        and (not provider.chosen or _is_chosen(provider, providers))
    )
    held = {id: why for id, why in held.items() if id not in {one.organisation_id for one in going}}
    if not going and held != planned.draft.resting.last_sent.held_back:
        return _hold_back(db=db, actor=actor, planned=planned, held=held, today=today, now=now)
    if not going and (owner == "transition" or not planned.changed):
        chosen = [provider for provider in planned.providers if provider.chosen]
        raise Refused(NOTHING_TICKED if chosen else NOTHING_TO_SEND)
    fresh, released = _release(db=db, actor=actor, planned=planned, today=today, now=now)
    packs = TeamPacks(
        db=db,
        actor=actor,
        planned=planned,
        released=released.answers,
        attachments=released.attachments,
        number=released.revision.number,
        made_at=now,
    )
    sealer = Sealer(db=db, actor=actor, planned=planned, released=released, packs=packs, today=today, now=now)
    deliveries = sealer.deliveries(renderer, going)
    left_out = _left_out(planned, going=going, asked=providers is not None, now=now)
    last = replace(planned.draft.resting.last_sent, held_back=held, left_out=left_out).after(
        content=essence(released.answers, released.attachments),
        places={
            provider.organisation_id: place(
                destinations.own(planned.draft.version, provider.destination, planned.draft.answers)
            )
            for provider in going
            if provider.destination
        },
    )
    kept = _kept(db=db, actor=actor, planned=planned, last=last, today=today, now=now)
    try:
        with db.write() as session:
            kept.store(session)
            store(
                session,
                actor=actor,
                fresh=fresh,
                revision=released.revision,
                deliveries=deliveries,
                today=today,
                now=now,
            )
    except (IntegrityError, Overtaken) as error:
        raise Refused(CHANGED_MEANWHILE) from error
    sent_to = tuple(delivery.provider.name for delivery in deliveries)
    missed = [provider.name for provider in planned.providers if provider.state == "not_ready"]
    missed += [place.name for place in planned.lost if place.name not in sent_to]
    return Sent(
        number=released.revision.number,
        providers=sent_to,
        missed=tuple(missed),
        held_back=_names_of(planned, held),
    )


def _names_of(planned: ReleasePlan, ids: Collection[UUID]) -> tuple[str, ...]:
    return tuple(provider.name for provider in planned.providers if provider.organisation_id in ids)


@dataclass(frozen=True)
class _Kept:
    """The draft with what it knows of this sending, and the cards that tell it."""

    resealed: Resealed
    cards: Sequence[PreparedCard]

    def store(self, session: Session) -> None:
        self.resealed.store(session)
        store_cards(session, self.cards)


def _kept(
    *, db: Database, actor: Actor, planned: ReleasePlan, last: LastSent, today: date, now: datetime
) -> _Kept:
    draft = replace(planned.draft, resting=replace(planned.draft.resting, last_sent=last))
    cards: Sequence[PreparedCard] = ()
    if draft.owner == "transition":
        with db.read() as session:
            cards = prepare(session, actor=actor, answers=draft, report=planned.report, today=today, now=now)
    return _Kept(reseal(db=db, actor=actor, draft=draft, now=now), cards)


def _left_out(
    planned: ReleasePlan, *, going: Collection[ProviderPlan], asked: bool, now: datetime
) -> dict[UUID, datetime]:
    """The providers that were left out, once what the sender decided is done.

    Args:
        going: those to which something goes.
        asked: whether the sender said to which it is to go.
        now: when.
    """
    sent = {provider.organisation_id for provider in going}
    found = {id: at for id, at in planned.draft.resting.last_sent.left_out.items() if id not in sent}
    for provider in planned.providers:
        if asked and provider.state == "new" and provider.expected and provider.organisation_id not in sent:
            found[provider.organisation_id] = now
    return found


def _hold_back(
    *,
    db: Database,
    actor: Actor,
    planned: ReleasePlan,
    held: Mapping[UUID, HeldBack],
    today: date,
    now: datetime,
) -> Sent:
    """Write down who is held back, where nothing goes to anybody."""
    last = replace(planned.draft.resting.last_sent, held_back=held)
    kept = _kept(db=db, actor=actor, planned=planned, last=last, today=today, now=now)
    try:
        with db.write() as session:
            kept.store(session)
            actor.note(session, EVENT, record=planned.draft.record_id, providers=len(held))
    except Overtaken as error:
        raise Refused(CHANGED_MEANWHILE) from error
    return Sent(number=planned.number - 1, providers=(), held_back=_names_of(planned, held))


def preview(
    *, db: Database, actor: Actor, planned: ReleasePlan, provider: ProviderPlan, today: date | None = None
) -> dict[UUID, PackContent]:
    """What each team of a provider would get, by team: exactly the packs that sending makes, before they are sealed.

    Args:
        planned: the plan of the sending.
        provider: one of its providers.

    Raises:
        NotAllowed: the actor is not in the team that signs it.
        NotFound: the safeguarding team has no card with the learner's name.
    """
    today = today or school_calendar.today()
    packs = TeamPacks(
        db=db,
        actor=actor,
        planned=planned,
        released=signed_off(db=db, actor=actor, planned=planned, today=today),
        attachments=planned.draft.attachments,
        number=planned.number,
        made_at=datetime.now(UTC),
    )
    return packs.by_team(provider)


def _release(
    *, db: Database, actor: Actor, planned: ReleasePlan, today: date, now: datetime
) -> tuple[NewRelease | None, OpenRevision]:
    """The new release if something has changed, and the revision to send: its own, or the newest one."""
    draft = planned.draft
    with db.read() as session:
        before = latest(session, draft.record_id, draft.owner)
        if not planned.changed and before is not None:
            record = session.get_one(Record, draft.record_id)
            trust = trust_of(session, actor)
            opened = open_revision(session, actor=actor, trust=trust, record=record, revision=before)
            return None, opened
        owners = owner_teams(session, actor=actor, trust=trust_of(session, actor), owner=draft.owner)
    fresh = new_release(
        draft=draft,
        team=planned.team,
        owners=owners,
        answers=signed_off(db=db, actor=actor, planned=planned, today=today),
        before=before,
        actor=actor,
        now=now,
    )
    return fresh, fresh.opened


def _require_sendable(planned: ReleasePlan, *, seen: str) -> None:
    if planned.own_problem:
        raise NotReady(planned.own_problem)
    if planned.seen != seen:
        raise Refused(CHANGED_MEANWHILE)
    if planned.report.errors:
        raise Refused("Something in this record is wrong. Correct it, then send.")


def _is_chosen(provider: ProviderPlan, providers: Collection[UUID] | None) -> bool:
    return provider.expected if providers is None else provider.organisation_id in providers
