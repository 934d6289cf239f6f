"""The blueprint of the receiving side, and the rule for all of its views."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotOpened
from transition_exchange.exchange.receiving.arguments import WantedTeam
from transition_exchange.purposes import RECEIVING
from transition_exchange.web.forms import wanted
from transition_exchange.web.policy import member

blueprint = Blueprint("provider", __name__, url_prefix="/received")
RECEIVES = member(*RECEIVING, side="receives")


@blueprint.errorhandler(NotOpened)
def show_the_cover(error: NotOpened) -> Response:
    """Whoever asks for something of a record that their team has not opened gets its cover, with the button."""
    values: dict[str, Any] = {"transfer_id": (request.view_args or {})["transfer_id"]}
    return redirect(url_for("provider.record", **values, team=wanted(WantedTeam)["team"]), 303)
