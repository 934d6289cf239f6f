"""No process that holds keys or plaintext leaves a core dump."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.process_facts import core_limit, dumpable, nothing
from transition_exchange.packs.processes import Processes
from transition_exchange.process_memory import is_dumpable

CRASH = """
import os, resource
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
{before}
pid = os.fork()
if pid == 0:
    os.abort()
_, status = os.waitpid(pid, 0)
assert os.WIFSIGNALED(status)
print("dumped" if os.WCOREDUMP(status) else "not dumped")
"""
FORBID = "from transition_exchange.process_memory import forbid_core_dumps; forbid_core_dumps()"
THE_FLAG_ALONE = f"setrlimit, resource.setrlimit = resource.setrlimit, lambda *_: None; {FORBID}"


def crash(folder: Path, *, before: str) -> str:
    """Really crash a child; whether the operating system says that it wrote a core dump."""
    done = subprocess.run(
        [sys.executable, "-c", CRASH.format(before=before)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_child_that_crashes_leaves_no_core_dump(tmp_path: Path) -> None:
    assert crash(tmp_path, before=FORBID) == "not dumped"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the flag is Linux's")
def test_the_flag_holds_where_the_limit_does_not(tmp_path: Path) -> None:
    """A `core_pattern` that names a program is handed the memory whatever the limit, so this is what counts."""
    if crash(tmp_path, before="") != "dumped":
        pytest.skip("this machine writes no core dump of any process")
    for path in tmp_path.iterdir():
        path.unlink()
    assert crash(tmp_path, before=THE_FLAG_ALONE) == "not dumped"
    assert list(tmp_path.iterdir()) == []


def test_a_spawned_process_for_files_and_pdfs_cannot_be_dumped() -> None:
    processes = Processes(workers=1, tasks=10, time_limit=60, initializer=nothing)
    try:
        assert processes.result(processes.begin(core_limit)) == (0, 0)
        assert processes.result(processes.begin(dumpable)) is (sys.platform != "linux")
    finally:
        processes.end()


def test_every_command_forbids_core_dumps_before_it_does_anything() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from transition_exchange.cli import main\n"
        "from transition_exchange.process_memory import is_dumpable\n"
        "assert CliRunner().invoke(main, ['proforma', 'list']).exit_code == 0\n"
        "print(is_dumpable())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(sys.platform != "linux")


def test_what_the_operating_system_says_is_what_is_asked() -> None:
    assert isinstance(is_dumpable(), bool)
