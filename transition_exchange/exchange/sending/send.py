"""Sending a record to its providers, a new version to those that have it, and safeguarding sections after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.revisions import OpenRevision, latest, open_revision
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.deliveries import Delivery, Sealer
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan
from transition_exchange.exchange.sending.releases import NewRelease, new_release
from transition_exchange.exchange.sending.storing import CHANGED_MEANWHILE, store
from transition_exchange.exchange.sending.team_packs import TeamPacks, signed_off
from transition_exchange.exchange.writing.due_cards import write_typed
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import Renderer
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record


@dataclass(frozen=True)
class Sent:
    """What was sent.

    Attributes:
        number: the number of the version.
        providers: the names of the providers that got it.
        held_back: the names of those that should have got it and did not, because they are not ready or because it is
            not certain that they have the record.
    """

    number: int
    providers: tuple[str, ...]
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
    today: date | None = None,
) -> Sent:
    """Release an owner's sections if they have changed, and send them to the providers that should have them.

    Packs are rendered and sealed first. Then one transaction stores everything or nothing.

    Args:
        renderer: makes the PDFs.
        record_id: the record.
        seen: `ReleasePlan.seen` of the preview that the person has seen.
        owner: the sending purpose that writes the sections.
        providers: which of the providers that get something only if the sender asks for it (`ProviderPlan.chosen`)
            shall get it; None for all whom the learner's destinations name as they were confirmed. The others always
            get the new version, and a team that they have added gets what their other teams have.

    Raises:
        NotFound: as `planning.plan`, or the safeguarding team has no card with the learner's name.
        NotAllowed: as `planning.plan`.
        Tampered: as `planning.plan`.
        NotReady: the actor's own team has no confirmed key or no second opener.
        Refused: something has changed since the preview, the record has errors, or there is nothing to send.
        RenderingFailed: a PDF could not be made. Nothing was sent.
    """
    today = today or school_calendar.today()
    write_typed(db=db, actor=actor, record_id=record_id)
    planned = planning.plan(db=db, actor=actor, record_id=record_id, owner=owner, today=today)
    if planned.seen != seen and not planned.own_problem:
        raise Refused(CHANGED_MEANWHILE)
    prepared = prepare(
        db=db, actor=actor, renderer=renderer, planned=planned, providers=providers, today=today
    )
    return store_prepared(db=db, actor=actor, prepared=prepared)


@dataclass(frozen=True)
class Prepared:
    """A sending that is rendered and sealed, and of which nothing is stored yet.

    Attributes:
        planned: the plan of it.
        fresh: the release if it is a new one; None if an earlier one is sent.
        released: the version that is sent.
        deliveries: what each provider gets.
        now: the time that everything in it bears.
    """

    planned: ReleasePlan
    fresh: NewRelease | None = field(repr=False)
    released: OpenRevision = field(repr=False)
    deliveries: Sequence[Delivery] = field(repr=False)
    today: date
    now: datetime


def prepare(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    planned: ReleasePlan,
    providers: Collection[UUID] | None = None,
    today: date,
    now: datetime | None = None,
) -> Prepared:
    """Render and seal a planned sending. Nothing is changed.

    Args:
        renderer: makes the PDFs.
        planned: the plan.
        providers: as for `send`.
        now: the time that everything in it bears; None for the present one.

    Raises:
        NotFound: as `send`.
        NotAllowed: as `send`.
        Tampered: as `send`.
        NotReady: as `send`.
        Refused: the record has errors, or there is nothing to send.
        RenderingFailed: a PDF could not be made.
    """
    going = _check(planned, providers=providers)
    now = now or datetime.now(UTC)
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
    return Prepared(planned, fresh, released, sealer.deliveries(renderer, going), today, now)


def store_prepared(*, db: Database, actor: Actor, prepared: Prepared) -> Sent:
    """Store a sending that is sealed, in one transaction.

    Raises:
        Refused: something has changed since it was planned. Nothing was stored.
    """
    planned, deliveries = prepared.planned, prepared.deliveries
    try:
        with db.write() as session:
            store(
                session,
                actor=actor,
                fresh=prepared.fresh,
                revision=prepared.released.revision,
                deliveries=deliveries,
                today=prepared.today,
                now=prepared.now,
            )
    except IntegrityError as error:
        raise Refused(CHANGED_MEANWHILE) from error
    sent_to = tuple(delivery.provider.name for delivery in deliveries)
    held_back = [provider.name for provider in planned.providers if provider.state == "not_ready"]
    held_back += [place.name for place in planned.lost if place.name not in sent_to]
    return Sent(number=prepared.released.revision.number, providers=sent_to, held_back=tuple(held_back))


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


def _check(planned: ReleasePlan, *, providers: Collection[UUID] | None) -> tuple[ProviderPlan, ...]:
    if planned.own_problem:
        raise NotReady(planned.own_problem)
    if planned.report.errors:
        raise Refused("Something in this record is wrong. Correct it, then send.")
    going = tuple(
        provider
        for provider in planned.providers
        if provider.goes and (not provider.chosen or _is_chosen(provider, providers))
    )
    if not going and (planned.draft.owner == "transition" or not planned.changed):
        raise Refused("There is nothing to send now: no provider is waiting for this version.")
    return going


def _is_chosen(provider: ProviderPlan, providers: Collection[UUID] | None) -> bool:
    return provider.expected if providers is None else provider.organisation_id in providers
