"""The tests that pages in `docs/` name, and whether they are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def named_tests(text: str) -> list[tuple[str, str]]:
    """The tests that a text names in backticks: each a file and a test of it; the test is empty for a whole file."""
    return _NAMED.findall(text)


def missing_tests(text: str) -> list[str]:
    """Those that are not there, and what begins like a test but is none."""
    missing = [f"{path}::{name}" for path, name in named_tests(text) if not _is_there(path, name)]
    return missing + re.findall(r"`tests/[^`]*`", _NAMED.sub("", text))


def _is_there(path: str, name: str) -> bool:
    return name in _tests_in(path) if name else bool(_tests_in(path))


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
