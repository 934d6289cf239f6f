"""What is checked at a commit is what `make lint` checks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = " $(git ls-files)"
"""What `make lint` appends for a tool that takes the names of files; pre-commit appends the staged ones itself."""


def hooks() -> list[dict[str, Any]]:
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"], (
        "nothing is fetched from elsewhere"
    )
    return [hook for repository in repositories for hook in repository["hooks"]]


def recipe_of(target: str) -> list[str]:
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    return [line.strip() for line in recipe[1].splitlines()]


def lint_commands() -> list[str]:
    """The recipes of what `make lint` makes side by side, as a shell would get them."""
    (side_by_side,) = recipe_of("lint")
    begun = re.fullmatch(r"@\$\(MAKE\) --no-print-directory --jobs 2 ([a-z ]+)", side_by_side)
    assert begun
    lines = [line for target in begun[1].split() for line in recipe_of(target)]
    return [line.replace("$(BIN)", ".venv/bin").replace("$$", "$") for line in lines]


def test_the_hooks_run_the_commands_of_make_lint() -> None:
    written = [hook["entry"] + (FILES if hook.get("pass_filenames", True) else "") for hook in hooks()]
    assert sorted(written) == sorted(lint_commands())
    assert {hook["language"] for hook in hooks()} == {"system"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('AWS_KEY = "AKIA' + 'IOSFODNN7EXAMPLE"', True),
        ("-----BEGIN RSA PRIVATE" + " KEY-----", True),
        ("The key of a team lies nowhere in the open.", False),
    ],
)
def test_the_detector_finds_a_secret(tmp_path: Path, line: str, found: bool) -> None:
    (tmp_path / "settings.py").write_text(line + "\n")
    command = [str(Path(sys.executable).parent / "detect-secrets-hook"), "settings.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == int(found), done.stdout + done.stderr
