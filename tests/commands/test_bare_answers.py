"""What the server answers and logs before the application is asked holds nothing of the request."""

from __future__ import annotations

import socket
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from gunicorn.http import errors  # type: ignore[import-untyped]

from transition_exchange.commands.bare_answers import bare_answer
from transition_exchange.commands.serving import gunicorn
from transition_exchange.config import Config
from transition_exchange.web.security_headers import HEADERS

SECRET = b"SECRETTOKENabc"
HEAD = b"Host: HOST\r\nConnection: close\r\n"

UNREADABLE = {
    "line": (b"GET /join/" + SECRET + b"\xff HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "method": (SECRET.lower() + b"! / HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "version": (b"GET / HTTP/" + SECRET + b"\r\n" + HEAD + b"\r\n", 400),
    "header": (b"GET / HTTP/1.1\r\n" + HEAD + b"X-\xff" + SECRET + b": 1\r\n\r\n", 400),
    "long line": (b"GET /" + SECRET * 700 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
    "long header": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + SECRET * 1000 + b"\r\n\r\n", 431),
    "coding": (b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: " + SECRET + b"\r\n\r\n", 501),
}


def test_no_bare_answer_and_no_line_of_the_log_quotes_the_request(
    ask: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    for kind, (request, status) in UNREADABLE.items():
        head, _, body = ask(request).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d " % status), (kind, head)
        for header in (
            b"Cache-Control: no-store",
            b"Content-Type: text/plain",
            b"X-Content-Type-Options: nosniff",
        ):
            assert header in head, (kind, header)
        assert b"server:" not in head.lower(), kind
        assert SECRET.lower() not in (head + body).lower(), kind
        assert b"<" not in body, kind
    log = (tmp_path / "server.log").read_text()
    assert SECRET.decode().lower() not in log.lower()
    assert "ip=" not in log
    assert log.count("A request cannot be read: ") == len(UNREADABLE)
    assert "A request cannot be read: InvalidRequestLine" in log


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidResponseHeader("X-Ewa"), b"500"),
        (errors.InvalidHeader("X-Ewa"), b"400"),
        (errors.ExpectationFailed("Ewa"), b"417"),
        (ValueError("Ewa"), b"500"),
    ],
)
def test_each_kind_has_its_status_and_none_its_words(error: Exception, status: bytes) -> None:
    answer = bare_answer(error)
    assert answer.split()[1] == status
    assert b"Ewa" not in answer
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    sent = {line.partition(b": ")[0].decode() for line in head.split(b"\r\n")[1:]}
    assert sent >= HEADERS.keys(), "what browsers are told does not depend on who answers"


def test_what_breaks_outside_the_application_is_logged_by_its_kind(capfd: pytest.CaptureFixture[str]) -> None:
    config = Config(secret_key="k" * 32, public_url="https://exchange.example.org")
    server = gunicorn(config, bind="127.0.0.1:8001")
    log = server.cfg.logger_class(server.cfg)
    worker = server.cfg.worker_class(1, 1, [], None, 30, server.cfg, log)
    worker.tmp.close()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        try:
            raise ValueError("Ewa Pawlak on /learners/1")
        except ValueError as error:
            worker.handle_error(BytesIO(), ours, ("192.0.2.7", 1), error)
        assert theirs.recv(4096).startswith(b"HTTP/1.1 500 ")
    written = capfd.readouterr().err
    assert "ValueError while a request was served: " in written
    assert "Ewa" not in written
    assert "192.0.2.7" not in written
