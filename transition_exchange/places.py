"""Where the folders that are not Python packages lie: `schemas/` and `templates/`.

One function answers for both. It looks, in this order, in a folder the operator named, in the copy packed into
the wheel, and in the checkout. All that exist are kept, first one first: an area's own folder adds to what is
packaged, and a file in it hides the packaged one of the same name.
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
    """None of the places for a kind of file exists; the message names what to set."""


def folders(kind: Kind) -> tuple[Path, ...]:
    """The existing folders for ``kind``, in the order in which they are searched.

    Raises NoSuchPlace when the operator named a folder that is not there (a typing mistake must not silently
    fall back to the packaged copy), or when there is none at all.
    """
    found: list[Path] = []
    named = os.environ.get(VARIABLES[kind])
    if named:
        if not Path(named).is_dir():
            raise NoSuchPlace(f"{VARIABLES[kind]} names a folder that does not exist: {named}")
        found.append(Path(named).resolve())
    for place in (_PACKAGE / f"_{kind}", _PACKAGE.parent / kind):
        if place.is_dir():
            found.append(place)
    if not found:
        raise NoSuchPlace(f"No {kind} folder was found. Set {VARIABLES[kind]} to the folder that holds them.")
    return tuple(found)


def find(kind: Kind, name: str) -> Path | None:
    """The file ``name`` (a relative path) in the first folder of ``kind`` that has it, or None.

    A name that leads out of the folder is never found.
    """
    for folder in folders(kind):
        candidate = (folder / name).resolve()
        if candidate.is_file() and candidate.is_relative_to(folder.resolve()):
            return candidate
    return None
