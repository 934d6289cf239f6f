"""E-mail: queued in the deed's own transaction, sent later. Counts and a link, nothing about anybody."""

from __future__ import annotations

from transition_exchange.mail.outbox import ATTEMPTS, Sent, link_digest, queue, send_due

__all__ = ["ATTEMPTS", "Sent", "link_digest", "queue", "send_due"]
