"""The council's side: how far the area is, who to chase, organisations, settings."""

from __future__ import annotations

from flask import Blueprint

from transition_exchange.purposes import COORDINATING
from transition_exchange.web.visits import current_visit

blueprint = Blueprint("area", __name__, url_prefix="/area")


@blueprint.context_processor
def what_they_see() -> dict[str, bool]:
    """Whether this person's team sees learners; an administrator who is in none does not."""
    actor = current_visit().actor
    return {
        "coordinates": actor is not None
        and any(team.purposes.intersection(COORDINATING) for team in actor.teams)
    }


from transition_exchange.web.area import (  # noqa: E402 - they add views
    chasing,
    confirming,
    council,
    inviting,
    learners,
    overview,
)

__all__ = ["blueprint", "chasing", "confirming", "council", "inviting", "learners", "overview"]
