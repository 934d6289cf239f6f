"""Signing in, joining, one's own account, and the people and teams of an organisation."""

from transition_exchange.web.accounts import account, late, recovery, second_step, signing_in
from transition_exchange.web.accounts.blueprint import blueprint

__all__ = ["account", "blueprint", "late", "recovery", "second_step", "signing_in"]
