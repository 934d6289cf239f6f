"""The rounds do what stands in rows, and the worker runs them until it is told to end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from huey import Huey
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.mailbox import Mailbox, serving
from tests.store.rows import organisation
from transition_exchange import jobs
from transition_exchange.config import INSTALLATION_KEY, Config, make_keys
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import OutboxMail, SignedHead
from transition_exchange.store.wake_up_calls import last_round

NOW = datetime(2027, 6, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    instance = tmp_path / "instance"
    make_keys(instance)
    return Config(database_url=database_url, instance=instance, installation_key=instance / INSTALLATION_KEY)


@pytest.fixture
def queue(config: Config) -> Iterator[Huey]:
    queue = jobs.queue_of(config)
    yield queue
    queue.storage.close()


def signed(db: Database) -> int | None:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(SignedHead))


def test_heads_are_signed_once_a_day(db: Database, config: Config) -> None:
    school = organisation(db)
    for moment, expected in (
        (NOW, 1),
        (NOW + timedelta(hours=13), 0),
        (NOW + timedelta(hours=14), 1),
        (NOW + timedelta(hours=15), 0),
    ):
        with db.write() as session:
            events.append(session, organisation_id=school, kind="record.saved")
        assert jobs.sign_heads(db, config, now=moment) == expected
    assert signed(db) == 2


def test_without_a_key_nothing_is_signed(db: Database, config: Config) -> None:
    school = organisation(db)
    with db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")
    assert jobs.sign_heads(db, replace(config, installation_key=None)) == 0


def test_wake_up_calls_wait_beside_the_database_and_hold_nothing(
    db: Database, config: Config, queue: Huey
) -> None:
    tasks = jobs.tasks(queue, db, config)
    assert set(tasks) == {job.name for job in jobs.ROUNDS}
    tasks["sign-heads"]()
    other = jobs.queue_of(config)
    assert other.pending_count() == 1
    (waiting,) = queue.storage.enqueued_items()
    assert b"sign-heads" in waiting
    assert len(waiting) < 300
    other.storage.close()


def test_a_round_that_is_called_does_what_stands_in_rows(db: Database, config: Config, queue: Huey) -> None:
    school = organisation(db)
    with db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")
    jobs.tasks(queue, db, config)["sign-heads"]()
    assert signed(db) == 0
    queue.execute(queue.dequeue())
    assert signed(db) == 1


def test_a_round_that_was_done_is_noted_and_one_that_failed_is_not(
    db: Database, config: Config, queue: Huey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(db: Database, config: Config) -> None:
        raise ValueError

    rounds = (jobs.Round("failing", "*", fail), jobs.Round("done", "*", lambda db, config: None))
    monkeypatch.setattr(jobs, "ROUNDS", rounds)
    tasks = jobs.tasks(queue, db, config)
    for name, expected in (("failing", False), ("done", True)):
        tasks[name]()
        queue.execute(queue.dequeue())
        assert (last_round(db.url) is not None) is expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_deleted_stays_in_the_log_for_one_round_at_most(db: Database, config: Config) -> None:
    organisation(db, "Forgotten School")
    log = Path(f"{db.url.database}-wal")
    assert b"Forgotten" in log.read_bytes()
    jobs.empty_log(db, config)
    assert log.read_bytes() == b""


def test_a_round_that_fails_is_logged_without_what_the_exception_says(
    db: Database,
    config: Config,
    queue: Huey,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    typed = "somebody@ashdown.example"

    def fail(db: Database, config: Config) -> None:
        raise ValueError(typed)

    monkeypatch.setattr(jobs, "ROUNDS", (jobs.Round("failing", "*", fail),))
    jobs.tasks(queue, db, config)["failing"]()
    with caplog.at_level(logging.DEBUG):
        queue.execute(queue.dequeue())
    assert "failing failed: ValueError" in caplog.text
    assert "in fail" in caplog.text
    assert typed not in caplog.text


def test_a_worker_sends_what_waits_and_ends_when_told(db: Database, config: Config) -> None:
    mailbox = Mailbox()
    school = organisation(db)
    with db.write() as session:
        session.add(
            OutboxMail(to_address="senco@ashdown.example", template="packs_waiting", figures={"count": 2})
        )
        events.append(session, organisation_id=school, kind="record.saved")
    with serving(mailbox) as port:
        environ = {
            **os.environ,
            "INSTANCE": str(config.instance),
            "DATABASE_URL": config.database_url,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "transition_exchange.cli", "work"], env=environ, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 30
        while (not mailbox.mails or not signed(db)) and time.monotonic() < deadline:
            time.sleep(0.1)
        worker.send_signal(signal.SIGINT)
        _, errors = worker.communicate(timeout=30)
    assert [message["Subject"] for message in mailbox.mails] == ["2 new records waiting"], errors
    assert signed(db) == 1
    assert b"senco@" not in errors
    with db.read() as session:
        assert session.scalars(select(OutboxMail.to_address)).one() is None


AWAY = psycopg.OperationalError("Connection refused for s3cret")


def test_a_round_waits_in_one_line_while_the_database_is_away(
    db: Database,
    config: Config,
    queue: Huey,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(db: Database, config: Config) -> None:
        raise OperationalError("SELECT 1", {}, AWAY)

    monkeypatch.setattr(jobs, "ROUNDS", (jobs.Round("failing", "*", fail),))
    jobs.tasks(queue, db, config)["failing"]()
    queue.execute(queue.dequeue())
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "failing has to wait: the database cannot be reached, for nobody answers at that host and port."
    ]


def test_the_queue_reports_each_failure_in_one_line_and_once_a_minute(
    queue: Huey, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails several times in a second, and its own reports are tracebacks of thirty lines."""

    def fail(*_: object, **__: object) -> None:
        raise AWAY

    now = 1000.0
    monkeypatch.setattr("transition_exchange.jobs.clock.monotonic", lambda: now)
    jobs.report_in_lines()
    jobs.report_in_lines()
    for method in ("dequeue", "read_schedule"):
        monkeypatch.setattr(queue, method, fail)
    consumer = queue.create_consumer(workers=1)
    worker, scheduler = consumer._create_worker(), consumer._create_scheduler()
    monkeypatch.setattr(worker, "sleep", lambda: None)
    monkeypatch.setattr(scheduler, "sleep_for_interval", lambda *_: None)
    caplog.clear()
    for _ in range(2):
        for _ in range(5):
            worker.loop()
            scheduler.loop()
        now += jobs.REPEAT_SECONDS
    cause = "(OperationalError): the database cannot be reached, for nobody answers at that host and port"
    lines = [f"Error reading from queue {cause}", f"Error reading schedule. {cause}"]
    assert caplog.messages == lines * 2
    assert "Traceback" not in caplog.text
    assert "s3cret" not in caplog.text
