"""Whether the service works, for a program that watches it. It says yes or no and nothing else, to anybody."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from flask import Blueprint, Response, current_app

from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.wake_up_calls import last_round
from transition_exchange.web.policy import may, public
from transition_exchange.web.visits import database

blueprint = Blueprint("health", __name__)

LATELY = timedelta(minutes=10)
"""`work` does a round each minute; one that sends many mails can take some."""

KEPT_SECONDS = 5.0
"""An answer is kept so long, so that a flood of questions does not reach the database."""

UNWELL = 503


@dataclass(frozen=True)
class Health:
    """What was found.

    Attributes:
        database: whether the database answers, with this program's tables.
        work: whether `work` did a round lately.
    """

    database: bool
    work: bool


class Watch:
    """Asks how the service is, once in a while."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: Health | None = None
        self._at = 0.0

    def health(self, db: Database) -> Health:
        """How the service is, or was `KEPT_SECONDS` ago at most."""
        with self._lock:
            now = time.monotonic()
            if self._found is None or now - self._at >= KEPT_SECONDS:
                self._found, self._at = _ask(db), now
            return self._found


def _ask(db: Database) -> Health:
    if not db.answers():
        return Health(database=False, work=False)
    last = last_round(db.url)
    return Health(database=True, work=last is not None and utc_now() - last < LATELY)


@blueprint.get("/health")
@may(public)
def health() -> Response:
    """Status 200 if the database answers and `work` ran lately, otherwise 503."""
    watch: Watch = current_app.extensions.setdefault("watch", Watch())
    found = watch.health(database())
    text = "".join(
        f"{name}: {'yes' if well else 'no'}\n"
        for name, well in (("database", found.database), ("work", found.work))
    )
    status = 200 if found.database and found.work else UNWELL
    return Response(text, status, mimetype="text/plain")
