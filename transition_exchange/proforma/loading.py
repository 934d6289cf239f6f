"""Finding and loading version files: `schemas/core/2027.1.py` is the version `core/2027.1`.

Version files are code, so only an operator installs them. They are loaded from their path: the name of a version
is no Python name. Inside a file, ``from .frozen...`` finds pieces in any of the schemas folders.
"""

import importlib.util
import re
import sys
import threading
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from transition_exchange import places

from .model import UnknownVersion, Version

_PACKAGE = "transition_exchange_schemas"
_NAME = re.compile(r"[a-z][a-z0-9-]*/[0-9]{4}\.[0-9]{1,3}")
_lock = threading.RLock()
_loaded: dict[tuple[Path, ...], dict[str, Version]] = {}


def _package(name: str, folders: list[str]) -> None:
    """Make ``name`` importable as a package spread over ``folders``, so that version files can share pieces."""
    if name in sys.modules and list(sys.modules[name].__path__) == folders:
        return
    spec = ModuleSpec(name, None, is_package=True)
    package = ModuleType(name)
    package.__spec__, package.__path__ = spec, folders
    sys.modules[name] = package


def load(name: str) -> Version:
    """The version ``name``, such as ``core/2027.1``; each is read once.

    Raises:
        UnknownVersion: no file for it lies in the schemas folders.
        BadVersion: the file contradicts itself.
    """
    if not _NAME.fullmatch(name):
        raise UnknownVersion(f"There is no version {name!r} of the form. A name looks like core/2027.1.")
    folders = places.folders("schemas")
    with _lock:
        known = _loaded.setdefault(folders, {})
        if name not in known:
            known[name] = _read(name, folders)
        return known[name]


def _read(name: str, folders: tuple[Path, ...]) -> Version:
    path = places.find("schemas", f"{name}.py")
    if path is None:
        raise UnknownVersion(
            f"There is no version {name!r} of the form here. Known: {', '.join(versions())}."
        )
    area, _, number = name.partition("/")
    _package(_PACKAGE, [str(folder) for folder in folders])
    _package(f"{_PACKAGE}.{area}", [str(folder / area) for folder in folders if (folder / area).is_dir()])
    module_name = f"{_PACKAGE}.{area}.v{number.replace('.', '_')}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:  # pragma: no cover  # a .py file always has a loader
        raise UnknownVersion(f"The file for {name} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    version = module.VERSION
    if not isinstance(version, Version) or version.name != name:
        raise UnknownVersion(f"The file for {name} does not hold that version.")
    return version


def versions() -> tuple[str, ...]:
    """The names of all installed versions, oldest first."""
    found = {
        f"{path.parent.name}/{path.stem}"
        for folder in places.folders("schemas")
        for path in folder.glob("*/*.py")
        if _NAME.fullmatch(f"{path.parent.name}/{path.stem}")
    }
    return tuple(sorted(found, key=_order))


def _order(name: str) -> tuple[int, int, str]:
    area, _, number = name.partition("/")
    year, _, issue = number.partition(".")
    return int(year), int(issue), area


def version_for(leaving_year: int, *, family: str = "core") -> str:
    """The newest version of ``family`` agreed for those who leave in ``leaving_year``; never older than the oldest.

    Raises UnknownVersion when the family has none.
    """
    names = [name for name in versions() if name.startswith(f"{family}/")]
    if not names:
        raise UnknownVersion(f"There is no version of the form {family}.")
    fitting = [name for name in names if _order(name)[0] <= leaving_year]
    return fitting[-1] if fitting else names[0]
