"""The security log: who was refused what, in one shape, without personal data.

A line holds codes and ids only. It has no room for an address that somebody typed, for the URL of a page (its ids can
lead to a learner), for a network address or for the words of an exception. This module imports nothing else of the
project, so every floor may use it.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import Literal, TextIO
from uuid import UUID

NAME = "transition_exchange.security"
"""The name of the logger, by which an operator can send these lines elsewhere."""

Event = Literal["access.refused", "sign_in.refused", "stored_piece.tampered"]
"""What happened: somebody was refused a page or an action, or a sign-in, or a stored piece failed its check."""

Reason = Literal[
    "no_rule",
    "wrong_team",
    "not_found",
    "form_token",
    "wrong_address_of_service",
    "wrong_passphrase",
    "wrong_code",
    "wrong_recovery_code",
    "wrong_invitation",
    "throttled",
    "busy",
    "signature",
]
"""Why. `not_found` covers what is missing and what is somebody else's, which the exchange does not tell apart."""

FLOOD_SECONDS = 60
"""Of refusals that anybody can cause at will, each process writes one line in so many seconds for each reason."""

_logger = logging.getLogger(NAME)
_WORDS = re.compile(r"[a-z][a-z0-9_.]{0,99}")
_ABSENT = "-"


def note(
    event: Event,
    *,
    reason: Reason,
    route: str | None = None,
    principal_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> None:
    """Write one line into the security log.

    Args:
        event: what happened.
        reason: why it happened.
        route: the name of the view, such as `school.record`; never its URL. Anything else is written as `-`.
        principal_id: who did it, if that is known.
        organisation_id: for which organisation they acted, if that is known.
    """
    _logger.warning(
        "event=%s reason=%s route=%s principal=%s organisation=%s",
        event,
        reason,
        _written(route),
        principal_id or _ABSENT,
        organisation_id or _ABSENT,
    )


def _written(route: str | None) -> str:
    return route if route and _WORDS.fullmatch(route) else _ABSENT


class _Flood:
    """How often each reason was met since a line about it was written."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._written: dict[str, float] = {}
        self._mutex = threading.Lock()

    def due(self, reason: str, now: float) -> int:
        """Count one more.

        Returns:
            How often it was met, this time included, if a line is due; otherwise 0.
        """
        with self._mutex:
            count = self._counts[reason] = self._counts.get(reason, 0) + 1
            if now - self._written.get(reason, -FLOOD_SECONDS) < FLOOD_SECONDS:
                return 0
            self._counts[reason], self._written[reason] = 0, now
            return count

    def forget(self) -> None:
        """Begin anew, as a new process does."""
        self._counts.clear()
        self._written.clear()


_flood = _Flood()


def note_flood(
    event: Event, *, reason: Literal["throttled", "busy", "form_token"], route: str | None = None
) -> None:
    """Write a line about what anybody can cause at will, so that a flood of it does not fill the log.

    The first one is written at once. Within `FLOOD_SECONDS` after a line the others are only counted, and the next line
    says in `times` how often it happened since.

    Args:
        event: as for `note`.
        reason: as for `note`.
        route: as for `note`: where the one was met of which the line is written.
    """
    if times := _flood.due(f"{event} {reason}", time.monotonic()):
        _logger.warning(
            "event=%s reason=%s route=%s principal=%s organisation=%s times=%d",
            event,
            reason,
            _written(route),
            _ABSENT,
            _ABSENT,
            times,
        )


def write_logs_to(stream: TextIO | None = None) -> None:
    """Write what this process logs to a stream, each line with its time in UTC. Doing it twice does no harm.

    Args:
        stream: where to; None for standard error.
    """
    handler = logging.StreamHandler(stream)
    formatter = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It writes a line for each form without a token, which `note_flood` counts.
    logging.getLogger("flask_wtf.csrf").setLevel(logging.WARNING)
