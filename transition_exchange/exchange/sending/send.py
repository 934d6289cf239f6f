"""Sending: a record to its providers, a changed one to those that hold it, safeguarding sections after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.deliveries import CHANGED_MEANWHILE, Sender
from transition_exchange.exchange.sending.planning import ProviderPlan, ReleasePlan
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import Renderer
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class Sent:
    """What was sent: the revision's number and the providers that got it."""

    number: int
    providers: tuple[str, ...]


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
    """Release an owner's sections, where they changed, and bring them to the providers that should have them.

    Rendering and sealing happen first; then one transaction writes it all, or nothing.

    Args:
        seen: `ReleasePlan.seen` of the preview that the person looked at.
        providers: of the providers that could get it for the first time, those that shall; None for all. Providers
            that hold a version always get the new one.

    Raises:
        NotFound, NotAllowed, Tampered: as `planning.plan`.
        NotReady: the actor's own team has no confirmed key or no second opener.
        Refused: something changed since the preview, is wrong, or there is nothing to send.
        RenderingFailed: the PDF could not be made; nothing was sent.
    """
    today = today or school_calendar.today()
    planned = planning.plan(db=db, actor=actor, record_id=record_id, owner=owner, today=today)
    going = _check(planned, seen=seen, owner=owner, providers=providers)
    sender = Sender(db=db, actor=actor, planned=planned, team=actor.require(owner), today=today)
    fresh, released = sender.release()
    deliveries = sender.deliveries(renderer, released, going)
    try:
        with db.write() as session:
            sender.store(session, fresh, released, deliveries)
    except IntegrityError as error:
        raise Refused(CHANGED_MEANWHILE) from error
    return Sent(number=released.number, providers=tuple(each.provider.name for each in deliveries))


def preview(
    *, db: Database, actor: Actor, planned: ReleasePlan, provider: ProviderPlan, today: date | None = None
) -> dict[UUID, PackContent]:
    """Exactly what each team of a provider would get, by team: the pack that sending makes, before it is sealed.

    Raises:
        NotAllowed: the actor is not in the team that wrote it.
    """
    team = actor.require(planned.draft.owner)
    sender = Sender(db=db, actor=actor, planned=planned, team=team, today=today or school_calendar.today())
    return sender.preview(provider)


def _check(
    planned: ReleasePlan, *, seen: str, owner: str, providers: Collection[UUID] | None
) -> tuple[ProviderPlan, ...]:
    if planned.own_problem:
        raise NotReady(planned.own_problem)
    if planned.seen != seen:
        raise Refused(CHANGED_MEANWHILE)
    if planned.report.errors:
        raise Refused("Something in this record is wrong. Correct it, then send.")
    going = tuple(
        each
        for each in planned.providers
        if each.goes and (each.state == "again" or providers is None or each.organisation_id in providers)
    )
    if not going and (owner == "transition" or not planned.changed):
        raise Refused("There is nothing to send now: no provider is waiting for this version.")
    return going
