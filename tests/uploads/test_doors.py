"""The ways out of the process that reads uploads: those that are said to be shut are shut."""

from __future__ import annotations

import ast
import ctypes
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from transition_exchange.uploads import doors
from transition_exchange.uploads.answers import Doors

ATTEMPTS = """
import mmap, os, resource, signal, socket, sys, ctypes
sys.path[:] = sys.argv[2:]
from transition_exchange.uploads import doors

def attempt(action):
    try:
        action()
    except BaseException as problem:
        return type(problem).__name__
    return "done"

def take_memory():
    held = bytearray(2 * 1024**3)

if sys.argv[1] == "not root" and os.getuid() == 0:
    os.setgroups([]); os.setgid(65533); os.setuid(65533)
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
address = listening.getsockname()
parent = os.getppid()
shut = doors.shut(seconds=10)
os.write(1, repr({
    "doors": int(shut),
    "root": os.getuid() == 0,
    "read a file": attempt(lambda: os.open("/etc/hosts", os.O_RDONLY)),
    "list a folder": attempt(lambda: os.listdir("/tmp")),
    "write a file": attempt(lambda: os.write(os.open("/tmp/upload-left-this", os.O_WRONLY | os.O_CREAT), b"x")),
    "connect": attempt(lambda: socket.create_connection(address)),
    "make a socket": attempt(lambda: socket.socket(socket.AF_UNIX)),
    "fork": attempt(lambda: os.fork() or os._exit(0)),
    "run a program": attempt(lambda: os.execv("/bin/sh", ["sh", "-c", "echo ran"])),
    "signal the server": attempt(lambda: os.kill(parent, 0)),
    "make memory executable": attempt(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)),
    "take much memory": attempt(take_memory),
    "dump core": resource.getrlimit(resource.RLIMIT_CORE)[1] if not shut & 16 else 0,
}).encode())
os._exit(0)
"""


def attempts(how: str) -> dict[str, object]:
    """What a process can still do after it has shut its doors."""
    told = subprocess.run(
        [sys.executable, "-I", "-c", ATTEMPTS, how, *(str(Path(entry).resolve()) for entry in sys.path)],
        capture_output=True,
        check=True,
        timeout=60,
        env={},
        cwd="/",
    )
    return dict(ast.literal_eval(told.stdout.decode()))


@pytest.mark.parametrize("how", ["as it is", "not root"])
def test_what_is_said_to_be_shut_is_shut(how: str) -> None:
    told = attempts(how)
    shut = Doors(int(str(told["doors"])))
    assert Doors.LIMITS in shut
    assert told["take much memory"] == "MemoryError"
    assert told["dump core"] == 0
    done = {name for name, outcome in told.items() if outcome == "done"}
    assert not Path("/tmp/upload-left-this").exists() or not Path("/tmp/upload-left-this").stat().st_size
    assert (Doors.USER in shut) == (not told["root"])
    assert Doors.NETWORK not in shut or "connect" not in done
    assert Doors.FILES not in shut or not done & {"read a file", "list a folder", "write a file"}
    assert Doors.CALLS not in shut or not done


def _offered() -> Doors:
    """What this system has to shut a process in with, asked in other ways than the process itself asks."""
    offered = Doors.LIMITS | Doors.USER
    own = ["unshare", "--net", "true"] if os.geteuid() == 0 else ["unshare", "--user", "--net", "true"]
    if shutil.which("unshare") and subprocess.run(own, capture_output=True, check=False).returncode == 0:
        offered |= Doors.NETWORK
    landlock_create_ruleset, only_the_version = 444, 1  # landlock(7): the same number on every architecture
    if ctypes.CDLL(None).syscall(landlock_create_ruleset, None, 0, only_the_version) >= 1:
        offered |= Doors.FILES
    if platform.machine() in ("x86_64", "aarch64") and "Seccomp:" in Path("/proc/self/status").read_text():
        offered |= Doors.CALLS
    return offered


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have fewer doors to shut")
def test_every_door_that_the_system_has_is_shut() -> None:
    assert Doors(int(str(attempts("as it is")["doors"]))) == _offered()


def test_a_system_that_offers_nothing_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> bool:
        raise PermissionError

    for way in ("_set_limits", "_leave_network", "_become_nobody", "_close_files", "_forbid_calls"):
        monkeypatch.setattr(doors, way, refused)
    assert doors.shut(seconds=1) == Doors(0)


def test_each_door_is_told_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("_set_limits", "_leave_network", "_become_nobody", "_close_files"):
        monkeypatch.setattr(doors, way, lambda *_: False)
    monkeypatch.setattr(doors, "_forbid_calls", lambda: True)
    assert doors.shut(seconds=1) == Doors.CALLS
