"""The command line lists its commands without loading what they need."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from transition_exchange.cli import COMMANDS, main


def test_help_lists_every_command_and_each_has_help_of_its_own() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in COMMANDS if name not in listed] == []
    for name in COMMANDS:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0, (name, result.output, result.exception)
    assert CliRunner().invoke(main, ["nothing"]).exit_code == 2


@pytest.mark.parametrize("words", [["--help"], ["proforma", "--help"], ["audit", "--help"]])
def test_asking_for_help_loads_neither_pages_nor_printing(words: list[str]) -> None:
    program = f"""
import sys
from transition_exchange.cli import main
try:
    main({words!r})
except SystemExit:
    pass
heavy = {{"flask", "weasyprint", "huey", "gunicorn"}} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
