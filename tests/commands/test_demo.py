from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from click.testing import CliRunner

from tests.mailbox import free_port
from transition_exchange.cli import main


def page(url: str, *, within_seconds: float) -> str:
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            with urlopen(url) as answer:
                return str(answer.read().decode())
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_the_demo_builds_an_area_serves_it_says_who_can_sign_in_and_leaves_nothing(tmp_path: Path) -> None:
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, "-m", "transition_exchange.cli", "demo", "--learners", "1", "--port", str(port)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        first = page(f"http://localhost:{port}/", within_seconds=120)
        assert list(tmp_path.glob("transition-exchange-demo-*/sample.sqlite3"))
    finally:
        demo.send_signal(signal.SIGINT)
        said, errors = demo.communicate(timeout=60)
    assert demo.returncode == 0, errors
    assert "invented" in first
    assert "Traceback" not in errors
    assert errors.startswith("Building a sample area with 1 learner in "), "also where nobody watches"
    assert "People join: 26 of 26" in errors
    assert "Providers open and ask, schools answer: 1 of " in errors
    assert len(re.findall(r"\S+@\S+\.example", said)) >= 20
    assert "The passphrase of everybody: " in said
    assert f"Open http://localhost:{port}" in said
    assert re.search(
        rf"  Link: http://localhost:{port}/join/\S{{43}}\n  Five words: [a-z]+( [a-z]+){{4}}\n", said
    )
    assert "Who has a new key of Exams to take: Kofi Mensah. Helena Quarmby made it." in said
    assert not list(tmp_path.glob("transition-exchange-demo-*"))


def test_it_ends_at_once_when_it_is_told_to_while_it_builds(tmp_path: Path) -> None:
    """`tests/sample/area/test_working.py` looks at the processes that it builds with later."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "transition_exchange.cli", "demo", "--build-only"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stderr is not None
    assert demo.stderr.readline().startswith("Building a sample area with 300 learners in ")
    assert demo.stderr.readline() == "People join: 1 of 26\n"
    demo.send_signal(signal.SIGTERM)
    _, rest = demo.communicate(timeout=60)
    assert demo.returncode == 128 + signal.SIGTERM
    assert not [line for line in rest.splitlines() if not line.startswith("People join")]
    assert not list(tmp_path.glob("transition-exchange-demo-*"))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("something")
    result = CliRunner().invoke(main, ["demo", "--folder", str(tmp_path)])
    assert (result.exit_code, "holds no sample area. Name an empty folder" in result.output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_sample_area_that_was_kept_is_opened_again_as_it_was_left(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    words = ["demo", "--folder", str(folder), "--learners", "1", "--build-only", "--port"]
    first = CliRunner().invoke(main, [*words, "8701"])
    assert first.exit_code == 0, first.output
    database = (folder / "sample.sqlite3").read_bytes()
    again = CliRunner().invoke(main, [*words, "8702"])
    assert again.exit_code == 0, again.output
    assert "is served as it was left" in again.stderr
    assert again.stdout == first.stdout.replace("localhost:8701", "localhost:8702")
    assert (folder / "who-can-sign-in.txt").stat().st_mode & 0o077 == 0
    assert (folder / "sample.sqlite3").read_bytes() == database
    (folder / "who-can-sign-in.txt").unlink()
    unfinished = CliRunner().invoke(main, [*words, "8703"])
    assert (unfinished.exit_code, "was not finished" in unfinished.output) == (2, True)
