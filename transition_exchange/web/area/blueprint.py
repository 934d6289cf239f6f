"""The pages of the council's side hang from this blueprint."""

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
