"""A request that does not arrive holds no thread for long, and one that arrives slowly is served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]

from transition_exchange.commands import slow_senders
from transition_exchange.commands.serving import gunicorn
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.web import create_app

HEAD = b"POST /account/sign-in HTTP/1.1\r\nHost: exchange.example\r\nConnection: close\r\n"
FORM = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"

Talk = Callable[..., tuple[bytes, float]]


@pytest.fixture
def talk(sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """Send pieces of a request, a tenth of a second apart, to one thread of the server: the answer, and how long it
    held the thread."""
    monkeypatch.setattr(slow_senders, "SECONDS", 0.3)
    monkeypatch.setattr(slow_senders, "BYTES_PER_SECOND", 1000)
    config = Config(secret_key="k" * 32, public_url="https://exchange.example")
    database = Database(f"sqlite:///{sqlite_template}")
    server = gunicorn(config, bind="127.0.0.1:8001")
    log = server.cfg.logger_class(server.cfg)
    worker = server.cfg.worker_class(1, 1, [], None, 30, server.cfg, log)
    worker.tmp.close()
    worker.wsgi = create_app(config, database)
    worker.wsgi.test_client().post(
        "/account/sign-in", base_url=config.public_url
    )  # the templates are read first

    def send(*pieces: bytes) -> tuple[bytes, float]:
        from gunicorn.workers import gthread  # type: ignore[import-untyped]

        ours, theirs = socket.socketpair()
        with ours, theirs:
            connection = gthread.TConn(server.cfg, ours, ("192.0.2.7", 1), ("127.0.0.1", 8001))

            def trickle() -> None:
                for piece in pieces:
                    theirs.sendall(piece)
                    time.sleep(0.1)

            sending = threading.Thread(target=trickle)
            began = time.monotonic()
            sending.start()
            worker.handle(connection)
            took = time.monotonic() - began
            sending.join()
            ours.setblocking(False)
            ours.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: theirs.recv(65536), b"")), took

    yield send
    database.dispose()


def test_half_a_head_is_not_waited_for(talk: Talk, capfd: pytest.CaptureFixture[str]) -> None:
    answer, took = talk(HEAD)
    assert answer == b""
    assert took < 2
    assert capfd.readouterr().err == ""


def test_a_body_that_does_not_come_is_answered_with_a_page(talk: Talk) -> None:
    answer, took = talk(FORM + b"Content-Length: 1000\r\n\r\na=")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"What you sent did not arrive" in answer
    assert took < 3


def test_a_byte_now_and_then_buys_next_to_no_time(talk: Talk) -> None:
    pieces = [b"x"] * 20
    answer, took = talk(FORM + b"Content-Length: 1000\r\n\r\na=", *pieces)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert took < 1.5, "not until all that trickles in is there"


def test_what_arrives_steadily_arrives(talk: Talk) -> None:
    body = b"email=a%40b.example&passphrase=" + b"x" * 500
    pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
    answer, took = talk(FORM + b"Content-Length: %d\r\n\r\n" % len(body), *pieces)
    assert took > 0.4, "longer than a request has that goes quiet"
    assert b"This page was open for too long" in answer, "the whole form is read, and has no token"


def test_a_chunked_body_has_the_same_time(talk: Talk) -> None:
    answer, _ = talk(FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nemail\r\n")
    assert answer.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 400 "))


def test_each_request_of_a_connection_has_its_own_time() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        patient: Any = slow_senders.PatientSocket(ours)
        patient._until = 0
        with pytest.raises(NoMoreData):
            patient.recv(1)
        patient.begin()
        theirs.sendall(b"x")
        assert patient.recv(1) == b"x"
        assert ours.gettimeout() is None
