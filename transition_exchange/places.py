"""Finds the folders that are not Python packages: `schemas/` and `templates/`.

One function finds both. It looks in a folder that the operator names, then in the copy in the wheel, then in the
checkout, and keeps all that exist. So an area's own folder adds to the packaged one, and hides packaged files of the
same name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

Kind = Literal["schemas", "templates"]

VARIABLES: dict[Kind, str] = {
    "schemas": "TRANSITION_EXCHANGE_SCHEMAS",
    "templates": "TRANSITION_EXCHANGE_TEMPLATES",
}
_PACKAGE = Path(__file__).resolve().parent


class NoSuchPlace(Exception):
    """No folder for a kind of file exists. The message names the variable to set."""


def folders(kind: Kind) -> tuple[Path, ...]:
    """The existing folders for `kind`, in the order in which they are searched.

    Raises:
        NoSuchPlace: there is no folder, or the one that the operator names does not exist. A typing mistake must not
            silently fall back to the packaged copy.
    """
    existing: list[Path] = []
    named = os.environ.get(VARIABLES[kind])
    if named:
        if not Path(named).is_dir():
            raise NoSuchPlace(f"{VARIABLES[kind]} names a folder that does not exist: {named}")
        existing.append(Path(named).resolve())
    existing += [folder for folder in (_PACKAGE / f"_{kind}", _PACKAGE.parent / kind) if folder.is_dir()]
    if not existing:
        raise NoSuchPlace(f"No {kind} folder was found. Set {VARIABLES[kind]} to the folder that holds them.")
    return tuple(existing)


def find(kind: Kind, name: str) -> Path | None:
    """Find a file in the first folder of `kind` that has it.

    Args:
        kind: which folders to search.
        name: a relative path. One that leads out of the folder is never found.

    Returns:
        The file, or None where no folder has it.
    """
    for folder in folders(kind):
        candidate = (folder / name).resolve()
        if candidate.is_file() and candidate.is_relative_to(folder.resolve()):
            return candidate
    return None
