"""The bundled files of the pack: the page, its style and its fonts. Nothing else is ever fetched for a PDF."""

from __future__ import annotations

from pathlib import Path

from transition_exchange.places import find, folders

FONTS = ("fonts/AtkinsonHyperlegibleNext-Regular.ttf", "fonts/AtkinsonHyperlegibleNext-SemiBold.ttf")
FETCHED = ("pack.css", *FONTS)
"""All that a rendering process may fetch, by name."""


class PackFileMissing(Exception):
    """A bundled file of the pack is not installed; the message names it."""


def path(name: str) -> Path:
    """Find a bundled file, the operator's copy first.

    Args:
        name: its path in the folder of the pack's templates.

    Raises:
        PackFileMissing: it is not installed.
    """
    file = find("templates", f"pack/{name}")
    if file is None:
        raise PackFileMissing(f"The pack's file {name} is missing from the templates folder.")
    return file


def read(name: str) -> bytes:
    """Read the bundled file that `path` finds.

    Raises:
        PackFileMissing: it is not installed.
    """
    return path(name).read_bytes()


def template_folders() -> tuple[Path, ...]:
    """The folders that may hold the pack's HTML, the one to look in first at the front."""
    return tuple(folder / "pack" for folder in folders("templates"))
