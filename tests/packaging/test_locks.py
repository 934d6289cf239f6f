"""What is installed is pinned by name, version and hash, and names no registry's address."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
LINE = re.compile(
    r"([A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)"
)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_names_versions_and_hashes_only(name: str) -> None:
    for line in (ROOT / name).read_text().splitlines():
        assert LINE.fullmatch(line), line


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        locked = {
            _plain(line.split("==")[0]) for line in (ROOT / lock).read_text().splitlines() if "==" in line
        }
        names = {_plain(re.split(r"[\[><=~!; ]", requirement)[0]) for requirement in wanted}
        assert names <= locked, names - locked


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()


def test_the_npm_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for package in lock["packages"].values():
        assert "resolved" not in package
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_govuk_frontend_is_the_version_that_the_macros_are_made_for() -> None:
    badge = re.search(r"GOV\.UK%20Frontend-v([0-9.]+)-", str(metadata("govuk-frontend-jinja")))
    assert badge
    assert json.loads((ROOT / "package.json").read_text())["dependencies"]["govuk-frontend"] == badge[1]


def test_make_alone_prints_help() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "soak", "coverage", "bench", "lint", "pictures", "lock", "clean"):
        assert re.search(rf"^  make {target} ", said, re.MULTILINE), target
