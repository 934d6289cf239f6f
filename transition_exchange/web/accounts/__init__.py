"""Signing in, joining, one's own account, and the people and teams of an organisation."""

from __future__ import annotations

from transition_exchange.web.accounts import account, joining, late, recovery, second_step, signing_in, teams
from transition_exchange.web.accounts.blueprint import blueprint

__all__ = ["account", "blueprint", "joining", "late", "recovery", "second_step", "signing_in", "teams"]
