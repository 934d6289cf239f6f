"""The receiving side: a team's inbox, records, packs, queries."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("provider", __name__, url_prefix="/received")

from transition_exchange.web.provider import downloads, inbox, queries, record  # noqa: E402, F401 - they add views
