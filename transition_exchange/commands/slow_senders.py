"""How long a request may take to arrive: whoever sends nothing, or a byte now and then, holds no thread for long.

gunicorn's threads wait for a request without end. Each has a time here, and every byte that arrives adds to it, so that
a large file over a slow line arrives, and a connection that goes quiet is ended.
"""

from __future__ import annotations

import time
from typing import Any

from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]

SECONDS = 10.0
"""So long a request may take if little of it arrives."""

BYTES_PER_SECOND = 8 * 1024
"""Each time so much arrives, the request has a second more. That is slower than any line on which people work."""


class PatientSocket:
    """The socket of a connection as the parser reads it: for a limited time."""

    def __init__(self, sock: Any) -> None:
        """Begin with a request.

        Args:
            sock: the socket.
        """
        self._sock = sock
        self.begin()

    def begin(self) -> None:
        """Give the next request its time."""
        self._until = time.monotonic() + SECONDS

    def recv(self, size: int) -> bytes:
        """What has arrived, as `socket.recv`.

        Raises:
            NoMoreData: the time is over. Whoever reads takes it for the end of the connection.
        """
        before = self._sock.gettimeout()
        left = self._until - time.monotonic()
        if left <= 0:
            raise NoMoreData
        self._sock.settimeout(left if before is None else min(left, before))
        try:
            data: bytes = self._sock.recv(size)
        except TimeoutError:
            raise NoMoreData from None
        finally:
            self._sock.settimeout(before)
        self._until += len(data) / BYTES_PER_SECOND
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class PatientConnection(TConn):  # type: ignore[misc]
    """gunicorn's connection, each of whose requests has a limited time to arrive."""

    def init(self) -> None:
        """Prepare for the next request. gunicorn calls it before each."""
        super().init()
        unreader = self.parser.unreader
        if isinstance(unreader.sock, PatientSocket):
            unreader.sock.begin()
        else:
            unreader.sock = PatientSocket(unreader.sock)
