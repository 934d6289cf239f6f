"""A program that watches the service is told whether it works, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.web.visitor import Visitor
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.wake_up_calls import note_round, queue_at
from transition_exchange.web import health


def worked(db: Database, ago: timedelta = timedelta()) -> None:
    queue = queue_at(db.url)
    note_round(queue, utc_now() - ago)
    queue.storage.close()


def asked(visitor: Visitor) -> tuple[int, str]:
    answer = visitor.get("/health").response
    assert answer.mimetype == "text/plain"
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code, answer.get_data(as_text=True)


def test_all_is_well_while_the_database_answers_and_work_ran_lately(
    visitor: Visitor, web_db: Database
) -> None:
    worked(web_db)
    assert asked(visitor) == (200, "database: yes\nwork: yes\n")


@pytest.mark.parametrize("ago", [None, health.LATELY + timedelta(seconds=1)])
def test_work_that_never_ran_or_stopped_is_told(
    visitor: Visitor, web_db: Database, ago: timedelta | None
) -> None:
    if ago is not None:
        worked(web_db, ago)
    assert asked(visitor) == (503, "database: yes\nwork: no\n")


def test_a_database_that_is_away_is_told(
    app: Flask, web_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(web_db)
    app.extensions["db"] = Database("postgresql://exchange@127.0.0.1:1/exchange")
    assert asked(Visitor(app)) == (503, "database: no\nwork: no\n")


def test_a_database_without_tables_is_no_database(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = Database(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}")
    app.extensions["db"] = empty
    assert asked(Visitor(app)) == (503, "database: no\nwork: no\n")
    empty.dispose()


def test_a_flood_of_questions_asks_the_database_once(
    visitor: Visitor, web_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, now = 0, 1000.0

    def answers(db: Database) -> bool:
        nonlocal count
        count += 1
        return True

    monkeypatch.setattr(Database, "answers", answers)
    monkeypatch.setattr("transition_exchange.web.health.time.monotonic", lambda: now)
    for _ in range(20):
        asked(visitor)
    assert count == 1
    now += health.KEPT_SECONDS
    asked(visitor)
    assert count == 2
