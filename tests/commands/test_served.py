"""The real server, as `serve` runs it: what it tells everybody, what it logs, and what its processes allow.

It goes through the commands, the pages and the database, so it belongs to no module.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.mailbox import free_port


@dataclass(frozen=True)
class Served:
    """A running `serve`.

    Attributes:
        port: where it listens.
        pid: its first process, which starts those that serve pages.
        folder: its instance folder.
        log: the file that its standard error goes to.
    """

    port: int
    pid: int
    folder: Path
    log: Path

    def answer(self, method: str, path: str, host: str = "localhost") -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def processes(self) -> list[Path]:
        """The folders in /proc of the first process and of its children."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [Path("/proc") / str(pid) for pid in (self.pid, *children)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`init` and `serve` of a sample, in processes of their own, with files that everybody could read by default."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    env = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "INSTANCE": str(folder / "instance"),
        "PUBLIC_URL": f"http://localhost:{port}",
        "SAMPLE": "yes",
        "WORKERS": "2",
    }
    command = [sys.executable, "-m", "transition_exchange.cli"]
    subprocess.run([*command, "init"], env=env, check=True, capture_output=True, umask=0)
    log = folder / "log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [*command, "serve", "--bind", f"127.0.0.1:{port}"], env=env, stdout=file, stderr=file, umask=0
        )
    try:
        _wait_for(port, server, log)
        yield Served(port, server.pid, folder / "instance", log)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/privacy", headers={"Host": "localhost"})
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"serve did not start: {log.read_text()}") from None
            time.sleep(0.2)


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("GET", "/privacy", "localhost", 200),
        ("GET", "/", "localhost", 200),
        ("GET", "/account", "localhost", 303),
        ("GET", "/no-such-page", "localhost", 404),
        ("POST", "/account/sign-in", "localhost", 400),
        ("GET", "/", "elsewhere.example", 400),
        ("GET", "/static/", "localhost", 404),
        ("TRACE", "/privacy", "localhost", 405),
    ],
)
def test_no_answer_says_what_serves_it(
    served: Served, method: str, path: str, host: str, status: int
) -> None:
    answer = served.answer(method, path, host)
    assert answer.status == status
    assert [name for name in answer.headers if name.lower() in {"server", "x-powered-by", "via"}] == []
    assert "gunicorn" not in str(answer.headers).lower()


def test_a_request_that_is_none_is_answered_without_a_name_too(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(b"NONSENSE\r\n\r\n")
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"server:" not in answer.lower()
    assert b"gunicorn" not in answer.lower()


def test_a_request_with_two_lengths_is_never_read_as_two_requests(served: Served) -> None:
    """Otherwise a proxy and the server could disagree about where a request ends (RFC 9112, 6.1)."""
    inner = b"GET /privacy HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(
            b"POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Length: " + str(len(inner) + 5).encode() + b"\r\n\r\n0\r\n\r\n" + inner
        )
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_refusal_is_logged_with_its_time_and_without_the_address(served: Served) -> None:
    assert served.answer("POST", "/account/sign-in?zebrafinch=walrus").status == 400
    text = served.log.read_text()
    assert re.search(
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING transition_exchange\.security event=access\.refused "
        r"reason=form_token route=accounts\.sign_in principal=- organisation=- times=\d+$",
        text,
        re.MULTILINE,
    )
    assert "zebrafinch" not in text
    assert "127.0.0.1 - -" not in text, "an access log would name visitors and learners' pages"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_no_process_that_serves_leaves_a_core_dump(served: Served) -> None:
    processes = served.processes()
    assert len(processes) == 3
    for process in processes:
        [line] = [
            line
            for line in (process / "limits").read_text().splitlines()
            if line.startswith("Max core file size")
        ]
        assert line.split()[4:6] == ["0", "0"]


def test_database_and_keys_are_their_owners_alone_whatever_the_umask(served: Served) -> None:
    assert served.answer("GET", "/privacy").status == 200
    rights = {path.name: path.stat().st_mode & 0o777 for path in served.folder.iterdir()}
    assert {"secret_key", "installation_key", "transition-exchange.sqlite3"} <= rights.keys()
    assert set(rights.values()) == {0o600}
    assert served.folder.stat().st_mode & 0o777 == 0o700
