"""Writing the lock files: what is chosen anew, and what is never written."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lock() -> ModuleType:
    """The script, loaded from its file: a library is called `packaging` too."""
    spec = importlib.util.spec_from_file_location("project_lock", ROOT / "packaging" / "lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Resolver:
    """Stands in for uv: the real one would ask a registry."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, writes: str | None = None, code: int = 0) -> None:
        self.commands: list[list[str]] = []
        self._writes, self._code = writes, code
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        """Note the command, and write what it is told into the lock file."""
        self.commands.append(command)
        if self._writes is not None:
            Path(command[command.index("--output-file") + 1]).write_text(self._writes)
        return subprocess.CompletedProcess(command, self._code)


@pytest.mark.parametrize(("words", "upgrades"), [([], True), (["--keep"], False)])
def test_versions_are_chosen_anew_unless_they_are_to_be_kept(
    lock: ModuleType, monkeypatch: pytest.MonkeyPatch, words: list[str], upgrades: bool
) -> None:
    resolver = Resolver(monkeypatch)
    lock.main(words)
    written = [Path(command[command.index("--output-file") + 1]).name for command in resolver.commands]
    assert written == ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]
    assert {"--upgrade" in command for command in resolver.commands} == {upgrades}
    assert all("--generate-hashes" in command for command in resolver.commands)


@pytest.mark.parametrize(
    "text", ["--index-url https://registry.example/simple\n", "x @ https://registry.example/x.whl\n"]
)
def test_an_address_in_a_lock_file_is_refused(
    lock: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    Resolver(monkeypatch, writes=text)
    with pytest.raises(SystemExit, match="names an address"):
        lock.compile_lock(tmp_path / "some.lock", "pyproject.toml")


def test_a_resolver_that_fails_ends_the_script(
    lock: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Resolver(monkeypatch, code=3)
    with pytest.raises(SystemExit) as ended:
        lock.compile_lock(tmp_path / "some.lock", "pyproject.toml")
    assert ended.value.code == 3
