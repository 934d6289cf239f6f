"""The receiving side: a team's inbox, records, packs and queries."""

from __future__ import annotations

from transition_exchange.web.provider import acknowledging, downloads, inbox, queries, record
from transition_exchange.web.provider.blueprint import blueprint

__all__ = ["acknowledging", "blueprint", "downloads", "inbox", "queries", "record"]
