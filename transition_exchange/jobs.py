"""Background work: e-mails, signatures, deletions. A task is a wake-up call; rows say what is to be done.

Huey removes a task before it runs it, so a worker that is killed loses the call and nothing else: the next call finds
the same rows. For the same reason a round may run twice, or in two workers at once.
"""

from __future__ import annotations

import logging
import time as clock
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from huey import Huey, crontab
from sqlalchemy.engine import make_url

from transition_exchange import mail
from transition_exchange.config import Config
from transition_exchange.exchange.data_protection.retention import (
    delete_due_records,
    forget_invitations_and_mails,
)
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.signing_in.sweeping import sweep
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.store import checkpoints
from transition_exchange.store.away import is_away, why_unreachable
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.wake_up_calls import note_round, queue_at

logger = logging.getLogger(__name__)

REPEAT_SECONDS = 60
"""What the queue reports over and over is written once in so many seconds."""


@dataclass(frozen=True)
class Round:
    """A piece of work that is repeated.

    Attributes:
        name: its name in the queue and in the log.
        minute: the minutes of the hour at which it runs, as in a crontab.
        run: does the work; it finds out itself whether there is any.
    """

    name: str
    minute: str
    run: Callable[[Database, Config], object]


def send_mail(db: Database, config: Config) -> None:
    """Send the e-mails that wait in the outbox."""
    mail.send_due(db, config)


def sign_heads(db: Database, config: Config, *, now: datetime | None = None) -> int:
    """Sign the head of every chain of events that has grown, once a day (UTC).

    Args:
        db: the database.
        config: the settings.
        now: the present moment; the clock's if left out.

    Returns:
        How many heads were signed; 0 where this installation has no key.
    """
    if config.installation_key is None:
        return 0
    key = SigningKey.from_seed(config.installation_seed())
    now = now or utc_now()
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    with db.write() as session:
        return checkpoints.sign_heads(session, key.sign, now=now, unless_signed_since=midnight)


def end_sessions(db: Database, config: Config) -> None:
    """Delete the keys of ended sessions, and old sessions, devices and late saves."""
    sweep(db=db)


def delete_records(db: Database, config: Config) -> None:
    """Delete the records that are due for deletion, and old invitations and e-mails."""
    delete_due_records(db=db, today=today())
    forget_invitations_and_mails(db=db)


def empty_log(db: Database, config: Config) -> None:
    """Empty SQLite's log, which still holds what the rounds before have deleted."""
    db.empty_log()


ROUNDS = (
    Round("send-mail", "*", send_mail),
    Round("end-sessions", "*", end_sessions),
    Round("sign-heads", "5", sign_heads),
    Round("delete-records", "15", delete_records),
    Round("empty-log", "*/10", empty_log),
)


def queue_of(config: Config) -> Huey:
    """The queue of wake-up calls: a SQLite file beside a SQLite database, or tables in a PostgreSQL one."""
    return queue_at(make_url(config.database_url))


def tasks(queue: Huey, db: Database, config: Config) -> dict[str, Any]:
    """Register every round with the queue.

    Returns:
        The tasks by name. Calling one puts a wake-up call into the queue.
    """
    return {
        periodic.name: queue.periodic_task(crontab(minute=periodic.minute), name=periodic.name)(
            _quietly(periodic, queue, db, config)
        )
        for periodic in ROUNDS
    }


def work(config: Config) -> None:
    """Run the rounds until this process is told to end. Each runs once at the start, whatever the time."""
    report_in_lines()
    db = Database(config.database_url)
    queue = queue_of(config)
    try:
        for task in tasks(queue, db, config).values():
            task()
        queue.create_consumer(workers=1, check_worker_health=True).run()
    finally:
        queue.storage.close()
        db.dispose()


class OneLine(logging.Filter):
    """Makes one line of what the queue reports with a traceback, and lets the same one through once a minute.

    While the database is away the queue fails several times in a second. A driver's text may hold addresses and
    passwords, and a traceback repeats it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._written: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record that has a traceback.

        Args:
            record: what was logged.

        Returns:
            Whether it is written.
        """
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        now, key = clock.monotonic(), f"{record.msg} {type(error).__name__}"
        if now - self._written.get(key, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return False
        self._written[key] = now
        why = ""
        if isinstance(error, Exception) and is_away(error):
            why = f": the database cannot be reached{why_unreachable(error)}"
        record.msg, record.args = "%s (%s)%s", (record.getMessage(), type(error).__name__, why)
        record.exc_info = record.exc_text = None
        return True


QUEUE_LOGS = ("huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler")
"""What Huey logs under. A filter holds for what is logged under its own name only."""


def report_in_lines() -> None:
    """Have the queue report its failures in single lines. Doing it twice does no harm."""
    lines = OneLine()
    for name in QUEUE_LOGS:
        queue_log = logging.getLogger(name)
        for earlier in [known for known in queue_log.filters if isinstance(known, OneLine)]:
            queue_log.removeFilter(earlier)
        queue_log.addFilter(lines)


def _quietly(periodic: Round, queue: Huey, db: Database, config: Config) -> Callable[[], None]:
    def run() -> None:
        try:
            periodic.run(db, config)
        except Exception as error:
            if is_away(error):
                logger.error(
                    "%s has to wait: the database cannot be reached%s.", periodic.name, why_unreachable(error)
                )
                return
            # The kind and the place of the failure only: an exception's text may repeat what somebody typed.
            where = "".join(traceback.format_tb(error.__traceback__))
            logger.error("%s failed: %s\n%s", periodic.name, type(error).__name__, where)
        else:
            note_round(queue, utc_now())

    return run
