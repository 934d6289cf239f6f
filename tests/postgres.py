"""A real PostgreSQL for one test process, in a temporary folder, gone with the process."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

INSTALL = "PostgreSQL is needed for these tests: apt-get install postgresql"


def programs() -> Path:
    """The folder of the newest PostgreSQL programs on this machine.

    Raises:
        RuntimeError: PostgreSQL is not installed. Tests fail then, because skipping them would look green.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if (postgres := shutil.which("postgres")) and (Path(postgres).parent / "initdb").exists():
        return Path(postgres).parent
    raise RuntimeError(INSTALL)


@contextmanager
def cluster(
    prepare: Callable[[Path], Mapping[str, str]] = lambda folder: {}, *, port: int = 5432
) -> Iterator[str]:
    """Start PostgreSQL on a socket of its own; what it yields is the address without a database's name.

    It refuses to run as root, so root starts it as the user `postgres`.

    Args:
        prepare: makes further files in the server's folder, which it is given, and returns further settings.
        port: the port, which also names its socket.
    """
    bin_folder = programs()
    user = "postgres" if os.geteuid() == 0 else None
    # The path of a socket may be 107 characters long, and pytest's folders are closed to the user `postgres`.
    folder = Path(tempfile.mkdtemp(prefix="exchange-pg-", dir="/tmp"))
    try:
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        _run([bin_folder / "initdb", "-D", folder / "data", "-U", "exchange", "-A", "trust", "-E", "UTF8",
              "--locale=C.UTF-8", "--no-sync"], user, folder)  # fmt: skip
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "150",
            "shared_buffers": "32MB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "autovacuum": "off",
            "port": str(port),
            **prepare(folder),
        }
        if user:
            for path in folder.iterdir():
                os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [bin_folder / "postgres", "-D", folder / "data", *options],
                user=user, group=user, extra_groups=[] if user else None, cwd=folder, stdout=log, stderr=log,
                preexec_fn=_end_with_parent,
            )  # fmt: skip
        try:
            _wait(folder, server, port)
            yield f"host={folder} port={port} user=exchange"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_parent() -> None:
    # A test run that is killed must not leave a server behind (Linux: PR_SET_PDEATHSIG is 1).
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _run(command: list[str | Path], user: str | None, folder: Path) -> None:
    done = subprocess.run(
        command, user=user, group=user, extra_groups=[] if user else None, cwd=folder, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{INSTALL}\n{done.stderr}")


def _wait(folder: Path, server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"host={folder} port={port} user=exchange dbname=postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from None
            time.sleep(0.05)


class Postgres:
    """Empty and migrated databases on one cluster."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._admin = psycopg.connect(f"{conninfo} dbname=postgres", autocommit=True)
        self._count = 0
        self._cleared: dict[str, _Cleared] = {}

    def url(self, name: str) -> str:
        """The address of a database, as `Database` takes it."""
        folder = self._conninfo.split()[0].removeprefix("host=")
        return f"postgresql://exchange@/{name}?host={folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database, a copy of `template`, and return its name."""
        self._count += 1
        name = f"test_{self._count}"
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def clear(self, name: str) -> None:
        """Delete every row of a database, whoever is still connected. A new copy would take twenty times as long."""
        if name not in self._cleared:
            self._cleared[name] = _Cleared(
                psycopg.connect(f"{self._conninfo} dbname={name}", autocommit=True)
            )
        self._cleared[name].clear()

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        for cleared in self._cleared.values():
            cleared.connection.close()
        self._admin.close()


class _Cleared:
    """A database whose rows are deleted after each test."""

    VACUUMED_AFTER = 20
    """Deleted rows slow the next tests down until they are swept away."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        # Without foreign keys the order of the tables does not matter.
        connection.execute("SET session_replication_role = replica")
        self._count = 0

    def clear(self) -> None:
        self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = self.connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        self.connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables))
        self._count += 1
        if self._count % self.VACUUMED_AFTER == 0:
            self.connection.execute("VACUUM")
