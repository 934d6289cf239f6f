"""Leaving a provider with the version that it has: who decided it, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.sending.plans import ReleasePlan
from transition_exchange.exchange.writing.last_sent import LONGEST_REASON, HeldBack, offered

EVENT = "version.held_back"
"""The kind of event by which a school's chain tells that a provider was left with the version that it has."""

NO_REASON = "Say why {name} is not to get the changed version"
NOT_TICKED = (
    "You gave a reason why {name} is not to get the changed version. Tick the box, or empty the reason"
)
TOO_LONG = f"Give the reason in {LONGEST_REASON} characters or fewer"


def held_back(
    planned: ReleasePlan,
    *,
    actor: Actor,
    hold: Collection[UUID],
    reasons: Mapping[UUID, str],
    now: datetime,
) -> dict[UUID, HeldBack]:
    """The providers that are not to get a changed version, once what the sender decided is done.

    Args:
        planned: the plan of the sending.
        actor: who sends.
        hold: the providers that the sender ticked, among those to which a changed version would go.
        reasons: what stands as the reason for each provider, ticked or not.
        now: when.

    Returns:
        By provider. One to which no changed version would go now stays as it was: also one that seems to have nothing,
        because a row is missing or nobody signed it. A decision about the same version for the same reason stays the
        earlier person's.

    Raises:
        Refused: a ticked provider has no reason, one that is not ticked has a new one, or a reason is too long.
    """
    last_sent = planned.draft.resting.last_sent
    found = dict(last_sent.held_back)
    versions = offered(planned.draft, (provider.organisation_id for provider in planned.providers))
    wrong: dict[str, str] = {}
    for provider in planned.providers:
        id, before = provider.organisation_id, provider.held_back
        if not provider.may_be_held_back:
            continue
        reason = " ".join(reasons.get(id, "").split())
        found.pop(id, None)
        if len(reason) > LONGEST_REASON:
            wrong[f"why-{id}"] = TOO_LONG
        elif id in hold and not reason:
            wrong[f"why-{id}"] = NO_REASON.format(name=provider.name)
        elif id in hold:
            keeps = before.keeps if before is not None else last_sent.content
            decided = HeldBack(reason, actor.principal_id, now, versions[id], keeps)
            same = before is not None and (before.reason, before.version) == (reason, decided.version)
            found[id] = before if before is not None and same else decided
        elif reason and (before is None or before.reason != reason):
            wrong[f"why-{id}"] = NOT_TICKED.format(name=provider.name)
    if wrong:
        raise Refused("Nothing was sent.", wrong)
    return found
