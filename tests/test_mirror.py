"""Every module has a test file of its own name in the same folder, so that nobody looks for its tests elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import transition_exchange

SOURCE = Path(transition_exchange.__file__).parent
TESTS = Path(__file__).parent

WITHOUT = {
    "__init__.py": "a package's front door: it names what its modules hold, and those are tested",
    "store/migrations/": "they are run, up and down, by tests/store/test_migrations.py",
    "store/models/": "columns only; what a constraint refuses is tested where it is used",
}
"""Modules that need no test file, and why: a file's name, or a folder's path."""

NAMED_FOR_WHAT_THEY_SHOW = {"exchange/walks/"}
"""Folders of tests that go through several rooms, and so belong to no module."""


def _modules() -> Iterator[str]:
    """Every module that needs a test file, by its path."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).as_posix()
        if path.name not in WITHOUT and not module.startswith(tuple(WITHOUT)):
            yield module


def _test_of(module: str) -> Path:
    path = TESTS / module
    return path.with_name(f"test_{path.name}")


def _untested() -> set[str]:
    return {module for module in _modules() if not _test_of(module).is_file()}


def test_every_module_has_a_test_file_of_its_name_in_the_same_folder() -> None:
    assert not (missing := sorted(_untested())), f"no test file for {', '.join(missing)}"


def test_every_such_file_holds_tests() -> None:
    empty = [
        module
        for module in _modules()
        if _test_of(module).is_file() and not list(_functions(_test_of(module)))
    ]
    assert not empty


def _functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


def test_a_room_holds_tests_of_its_own_modules_only() -> None:
    """A module that moved or went takes its tests along."""
    strangers = []
    for path in sorted((TESTS / "exchange").rglob("test_*.py")):
        named = path.relative_to(TESTS).as_posix()
        module = SOURCE / path.relative_to(TESTS).with_name(path.name.removeprefix("test_"))
        if not named.startswith(tuple(NAMED_FOR_WHAT_THEY_SHOW)) and not module.is_file():
            strangers.append(named)
    assert not strangers
