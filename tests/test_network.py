"""What keeps the tests from the network holds, whatever is used to reach it."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.network import NetworkForbidden

FOREIGN = ("192.0.2.1", 9)
"""An address that documentation may use and nobody has (RFC 5737)."""


def datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", FOREIGN)


def connect_quietly() -> None:
    with socket.socket() as client:
        client.connect_ex(FOREIGN)


def listen_to_everybody() -> None:
    with socket.socket() as server:
        server.bind(("", 0))


async def _connect() -> None:
    await asyncio.wait_for(asyncio.open_connection(*FOREIGN), 1)


def connect_asynchronously() -> None:
    # In a thread of its own: the browser tests leave an event loop running in the main one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, _connect()).result()


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(FOREIGN, timeout=1),
        lambda: socket.create_connection(("2001:db8::1", 9), timeout=1),
        lambda: socket.getaddrinfo("exchange.example.org", 443),
        lambda: socket.gethostbyname("exchange.example.org"),
        lambda: urllib.request.urlopen("http://exchange.example.org/", timeout=1),
        lambda: smtplib.SMTP("mail.example.org", timeout=1),
        datagram,
        connect_quietly,
        connect_asynchronously,
        listen_to_everybody,
    ],
)
def test_nothing_beyond_this_machine_is_reached(reach: Callable[[], object]) -> None:
    with pytest.raises(NetworkForbidden):
        reach()


def test_threads_are_kept_in_too() -> None:
    caught: list[Exception] = []

    def reach() -> None:
        try:
            connect_quietly()
        except NetworkForbidden as error:
            caught.append(error)

    thread = threading.Thread(target=reach)
    thread.start()
    thread.join()
    assert len(caught) == 1


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "localhost")])
def test_this_machine_may_be_reached(family: socket.AddressFamily, host: str) -> None:
    with socket.create_server((host, 0), family=family) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_a_unix_socket_may_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may be 107 characters long
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("here")
        server.listen()
        client.connect("here")
