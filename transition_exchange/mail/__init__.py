"""E-mail: a row of the outbox, written in an action's own transaction, sent later. Counts and a link, nothing personal.

An action adds an `OutboxMail`; `outbox` takes the rows one by one, `letters` writes each mail, `post` hands it over.
"""

from __future__ import annotations

from transition_exchange.mail.outbox import ATTEMPTS, Sent, send_due

__all__ = ["ATTEMPTS", "Sent", "send_due"]
