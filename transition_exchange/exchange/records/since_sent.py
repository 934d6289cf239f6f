"""How a draft differs from what was sent last, as the cards of those say who follow where the record goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class SinceSent:
    """How a draft differs from what was sent last.

    Attributes:
        changed: whether an answer or a document is another.
        moved: the providers that were told of another course or campus.
        held_back: the providers that are not to get the draft as it is now, because the sender decided so.
        changed_again: the providers that were not to get a version before it. About this one nobody has decided.
    """

    changed: bool
    moved: frozenset[UUID]
    held_back: frozenset[UUID]
    changed_again: frozenset[UUID] = frozenset()

    def lack(self, holding: Iterable[UUID]) -> frozenset[UUID]:
        """Those among the providers that hold the record to which the changed version is to go.

        Args:
            holding: the providers that hold it.
        """
        apart = self.moved | self.changed_again
        changed = {provider for provider in holding if self.changed or provider in apart}
        return frozenset(changed - self.held_back)

    def plain(self) -> dict[str, Any]:
        """It as a card holds it."""
        return {
            "changed": self.changed,
            "moved": sorted(map(str, self.moved)),
            "held_back": sorted(map(str, self.held_back)),
            "changed_again": sorted(map(str, self.changed_again)),
        }


NO_DIFFERENCE = SinceSent(changed=False, moved=frozenset(), held_back=frozenset())
"""Nothing was sent, or it is what the draft says."""


def on_card(content: Mapping[str, Any]) -> SinceSent:
    """How a draft differs from what was sent last, as its card tells; no difference where it tells nothing readable."""
    entry: Any = content.get("since_sent")
    try:
        return SinceSent(
            bool(entry["changed"]),
            frozenset(map(UUID, entry["moved"])),
            frozenset(map(UUID, entry["held_back"])),
            # A card that was written before there was such an entry is written again in the next session.
            frozenset(map(UUID, entry.get("changed_again", ()))),
        )
    except (TypeError, KeyError, ValueError, AttributeError):
        return NO_DIFFERENCE
