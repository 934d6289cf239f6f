"""Signing in, joining, one's own account, and the people and teams of an organisation."""

from __future__ import annotations

from transition_exchange.web.accounts import (
    account,
    browsers,
    contacts,
    joining,
    late,
    notices,
    people,
    recovery,
    second_confirmer,
    second_step,
    signing_in,
    step_up,
    team_changes,
    team_keys,
    teams,
)
from transition_exchange.web.accounts.blueprint import blueprint

__all__ = [
    "account",
    "blueprint",
    "browsers",
    "contacts",
    "joining",
    "late",
    "notices",
    "people",
    "recovery",
    "second_confirmer",
    "second_step",
    "signing_in",
    "step_up",
    "team_changes",
    "team_keys",
    "teams",
]
