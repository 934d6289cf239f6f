"""The pages of the team that confirms others besides the council."""

from __future__ import annotations

from transition_exchange.web.second import confirming
from transition_exchange.web.second.blueprint import blueprint

__all__ = ["blueprint", "confirming"]
