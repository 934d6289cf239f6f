"""Finding and loading version files: `schemas/core/v2027_1.py` holds the version `core/2027.1`.

Version files are code, so only an operator installs them. All schemas folders together are one package, `schemas`: a
file that an operator adds imports `schemas.core.sections` wherever that lies, and hides a packaged file of its name.
No folder inside holds an `__init__.py`, for Python would then look in that one folder only.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from transition_exchange import places
from transition_exchange.proforma.model import VERSION_NAME, UnknownVersion, Version

_PACKAGE = "schemas"
_FILE = re.compile(r"v([0-9]{4})_([0-9]{1,3})")
_lock = threading.RLock()
_loaded: dict[tuple[Path, ...], dict[str, Version]] = {}


def load(name: str) -> Version:
    """Read the version of a name, such as `core/2027.1`; each is read once.

    Raises:
        UnknownVersion: no file for it lies in the schemas folders.
        BadVersion: the file contradicts itself.
    """
    parts = VERSION_NAME.fullmatch(name)
    if not parts:
        raise UnknownVersion(f"There is no version {name!r} of the form. A name looks like core/2027.1.")
    folders = places.folders("schemas")
    with _lock:
        known = _loaded.setdefault(folders, {})
        if name not in known:
            if name not in versions():
                raise UnknownVersion(
                    f"There is no version {name!r} of the form here. Known: {', '.join(versions())}."
                )
            _look_in(folders)
            family, year, issue = parts.groups()
            module = importlib.import_module(f"{_PACKAGE}.{family}.v{year}_{issue}")
            version = getattr(module, "VERSION", None)
            if not isinstance(version, Version) or version.name != name:
                raise UnknownVersion(f"The file for {name} does not hold that version.")
            known[name] = version
        return known[name]


def _look_in(folders: tuple[Path, ...]) -> None:
    """Make the package of version files be spread over these folders, and forget what was read from others."""
    importlib.invalidate_caches()
    paths = [str(folder) for folder in folders]
    if _PACKAGE in sys.modules and list(sys.modules[_PACKAGE].__path__) == paths:
        return
    for name in [name for name in sys.modules if name == _PACKAGE or name.startswith(f"{_PACKAGE}.")]:
        del sys.modules[name]
    package = ModuleType(_PACKAGE)
    package.__spec__ = ModuleSpec(_PACKAGE, None, is_package=True)
    package.__path__ = paths
    sys.modules[_PACKAGE] = package


def versions() -> tuple[str, ...]:
    """The names of all installed versions, oldest first."""
    names = {
        f"{path.parent.name}/{parts[1]}.{parts[2]}"
        for folder in places.folders("schemas")
        for path in folder.glob("*/*.py")
        if (parts := _FILE.fullmatch(path.stem))
    }
    return tuple(sorted((name for name in names if VERSION_NAME.fullmatch(name)), key=_order))


def _order(name: str) -> tuple[int, int, str]:
    family, _, number = name.partition("/")
    year, _, issue = number.partition(".")
    return int(year), int(issue), family


def _of_family(family: str) -> list[str]:
    """The names of a family's versions, oldest first."""
    names = [name for name in versions() if name.startswith(f"{family}/")]
    if not names:
        raise UnknownVersion(f"There is no version of the form {family}.")
    return names


def newest(*, family: str = "core") -> str:
    """The newest installed version of a family.

    Raises:
        UnknownVersion: the family has none.
    """
    return _of_family(family)[-1]


def version_for(leaving_year: int, *, family: str = "core") -> str:
    """The newest version of a family agreed for those who leave in a year; never older than the oldest.

    Raises:
        UnknownVersion: the family has none.
    """
    names = _of_family(family)
    fitting = [name for name in names if _order(name)[0] <= leaving_year]
    return fitting[-1] if fitting else names[0]
