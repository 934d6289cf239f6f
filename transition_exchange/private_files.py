"""Files that only the user who runs this program may read: keys and databases.

This module imports nothing else of the project, so every floor may use it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OWNER_ONLY = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")
"""What SQLite names the files of one database. It creates those beside it with the database's own rights."""


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine have any right to a file or folder; False if it is missing."""
    if os.name != "posix":  # elsewhere these bits say nothing
        return False
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


def close_to_others(path: Path) -> bool:
    """Take every right to a file from other users of this machine.

    Args:
        path: the file; it may be missing.

    Returns:
        Whether they had any.

    Raises:
        PermissionError: the file belongs to somebody else, so its rights cannot be changed.
    """
    if not open_to_others(path):
        return False
    path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
    return True


def sqlite_files(database: Path) -> Iterator[Path]:
    """The files of a SQLite database: the database and what SQLite writes beside it."""
    for suffix in _BESIDE_SQLITE:
        yield database.with_name(database.name + suffix)


def keep_sqlite_private(database: Path) -> None:
    """Create a SQLite database for its owner only, and close an existing one to others.

    SQLite itself would create it with the rights that the process's umask leaves, usually readable by everybody.
    Where that is impossible (a missing folder, somebody else's file) nothing happens: SQLite itself reports the first,
    and `rights_in_words` the second when a command starts.
    """
    with suppress(OSError):
        # The file is created with these rights, so nobody else can open it at any moment.
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    for path in sqlite_files(database):
        with suppress(OSError):
            close_to_others(path)


def rights_in_words(*, folder: Path, own: tuple[Path, ...], named: tuple[Path, ...]) -> Iterator[str]:
    """Check the rights to what this installation keeps, mend what is the program's own, and name the rest.

    Args:
        folder: the folder of the keys. It may be shared on purpose, so it is named and left as it is.
        own: files that the program makes itself; they are closed to others.
        named: files that an operator made and named in a setting; they are left as they are.

    Yields:
        A sentence for each file or folder that others had, or have, a right to.
    """
    if open_to_others(folder):
        yield f"Other users of this machine can look into {folder}: chmod 700 {folder} keeps them out."
    for path in own:
        try:
            if close_to_others(path):
                yield f"{path} was open to other users of this machine; now only its owner can read it."
        except PermissionError:
            yield _cannot_be_closed(path)
    for path in named:
        if path not in own and open_to_others(path):
            yield _cannot_be_closed(path)


def _cannot_be_closed(path: Path) -> str:
    return f"Other users of this machine can read {path}: chmod 600 {path} keeps them out."
