"""Tests open no connection but to this machine: what a test needs from elsewhere it does not need.

An audit hook (PEP 578) sees every connection, look-up and datagram of this process, whichever library opens it and
in whichever thread. PostgreSQL's own library and Chromium stand outside Python: the one is given a Unix socket, the
other only pages of this machine.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

ADDRESSED = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyname"}
WATCHED = frozenset(ADDRESSED | LOOKED_UP)
OWN_NAMES = {"localhost", socket.gethostname()}
"""`smtplib` looks up the machine's own name to introduce itself."""


class NetworkForbidden(AssertionError):
    """A test tried to reach, or to listen to, something beyond this machine."""


def forbid_network() -> None:
    """Refuse, in this process and from now on, every address that is not this machine's own."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in WATCHED:  # millions of others, which must cost next to nothing
        return
    if event in ADDRESSED:
        opened, address = arguments[:2]
        # A Unix socket's address is a path. A datagram on a connected socket names no address.
        if opened.family in (socket.AF_INET, socket.AF_INET6) and address is not None:
            _refuse_elsewhere(address[0])
    else:
        _refuse_elsewhere(arguments[0])


def _refuse_elsewhere(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    # Whoever is about to listen looks up no name at all.
    if name is None or name in OWN_NAMES:
        return
    try:
        own = ipaddress.ip_address(name).is_loopback
    except ValueError:
        own = False
    if not own:
        raise NetworkForbidden(f"a test tried to reach {name!r}; only this machine may be reached")
