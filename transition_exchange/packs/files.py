"""The bundled files of the pack: the page, its style and its fonts. Nothing else is ever fetched for a PDF."""

from pathlib import Path

from ..places import find, folders

FONTS = ("fonts/AtkinsonHyperlegibleNext-Regular.ttf", "fonts/AtkinsonHyperlegibleNext-SemiBold.ttf")
FETCHED = ("pack.css", *FONTS)
"""All that a rendering process may fetch, by name."""


class PackFileMissing(Exception):
    """A bundled file of the pack is not installed; the message names it."""


def path(name: str) -> Path:
    """Where the bundled file ``name`` lies: the operator's copy first. Raises PackFileMissing."""
    found = find("templates", f"pack/{name}")
    if found is None:
        raise PackFileMissing(f"The pack's file {name} is missing from the templates folder.")
    return found


def read(name: str) -> bytes:
    """The bytes of the bundled file ``name``. Raises PackFileMissing."""
    return path(name).read_bytes()


def template_folders() -> tuple[Path, ...]:
    """The folders in which the pack's HTML is looked for, in order."""
    return tuple(folder / "pack" for folder in folders("templates"))
