"""What broke while a request was answered, as one line of the log: nothing that anybody typed, and no address."""

from __future__ import annotations

import logging
import traceback

from flask import g, request

from transition_exchange.store.away import is_away, why_unreachable

log = logging.getLogger(__name__)


def note(error: Exception) -> None:
    """Write one line about what broke, once a request: the page about it often needs the same, and breaks there again.

    Messages of exceptions may quote what somebody typed, and the address of a page may lead to a learner. So only the
    kind of the exception, the name of the view and the lines of code are written.
    """
    frames = traceback.extract_tb(error.__traceback__)
    away = is_away(error)
    what = "away" if away else f"{type(error).__qualname__} {[(f.filename, f.lineno) for f in frames[-1:]]}"
    noted: set[str] = g.setdefault("noted_failures", set())
    if what in noted:
        return
    noted.add(what)
    if away:
        log.error("The database cannot be reached%s: %s", why_unreachable(error), request.endpoint)
        return
    lines = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    log.error("%s on %s: %s", type(error).__qualname__, request.endpoint, lines)
