"""The blueprint of the receiving side, and the rule for all of its views."""

from __future__ import annotations

from flask import Blueprint

from transition_exchange.purposes import RECEIVING
from transition_exchange.web.policy import member

blueprint = Blueprint("provider", __name__, url_prefix="/received")
RECEIVES = member(*RECEIVING, side="receives")
