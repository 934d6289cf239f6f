"""The pages. `create_app` is where a server begins."""

from __future__ import annotations

from transition_exchange.web.application import create_app

__all__ = ["create_app"]
