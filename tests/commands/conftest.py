"""A command line on a machine where nothing is set up yet."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from transition_exchange.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line where nothing is set up yet."""
    monkeypatch.setenv("INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.setenv("PASSPHRASE_MEMORY_KIB", "64")

    def call(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return call


SERVER = """
import sys
from transition_exchange.commands.serving import gunicorn
from transition_exchange.config import Config
url, port = sys.argv[1:]
config = Config(database_url=url, secret_key="k" * 40, public_url=f"https://127.0.0.1:{port}", workers=1, threads=1)
gunicorn(config, bind=f"127.0.0.1:{port}").run()
"""


@pytest.fixture
def ask(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[bytes], bytes]]:
    """A running server: gives the answer to the bytes of a request. `server.log` in `tmp_path` is its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def answer(request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(request.replace(b"HOST", f"127.0.0.1:{port}".encode()))
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    command = [sys.executable, "-c", SERVER, f"sqlite:///{sqlite_template}", str(port)]
    with (
        (tmp_path / "server.log").open("wb") as log,
        subprocess.Popen(command, cwd=tmp_path, env=dict(os.environ), stderr=log) as server,
    ):
        try:
            for _ in range(300):
                try:
                    answer(b"GET / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n")
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            yield answer
        finally:
            server.terminate()
