"""What somebody is told if what is stored of their passphrase or recovery code is damaged."""

from __future__ import annotations

from transition_exchange.sealing import CannotOpen, unlocks
from transition_exchange.store.models import Unlock

BROKEN_UNLOCK = (
    "What is stored for your account failed its safety check, so nothing can open it. Your passphrase may be right. "
    "Tell your administrator, who can remove you and invite you again."
)
"""What somebody is told whose browser they have signed in with before, or who is signed in. No stranger sees it."""


def is_broken(unlock: Unlock) -> bool:
    """Whether no secret can open an unlock, because it is not even written as one."""
    try:
        unlocks.cost_of(unlock.wrapped)
    except CannotOpen:
        return True
    return False
