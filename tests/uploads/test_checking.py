"""The server's side of an upload: whatever the process does, an answer comes in time and nothing is left behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from tests.exchange.documents import bomb, pdf
from tests.uploads.reading import pictures
from tests.uploads.samples import REFUSED, cleaned, drawn, refused
from transition_exchange.uploads import checking
from transition_exchange.uploads.answers import Answer, Doors, Verdict
from transition_exchange.uploads.checking import NoProcess, check, in_words, shut_doors

_EVERY = Doors.LIMITS | Doors.USER | Doors.NETWORK | Doors.FILES | Doors.CALLS


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that a test starts. In the end each of them must be gone."""
    started: list[subprocess.Popen[bytes]] = []
    start = checking._start

    def noted() -> subprocess.Popen[bytes]:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(checking, "_start", noted)
    return started


def _gone(started: list[subprocess.Popen[bytes]]) -> bool:
    return all(process.returncode is not None for process in started)


def _instead(monkeypatch: pytest.MonkeyPatch, does: str, *, greets: bool = True) -> None:
    """Let another program run in place of the one that reads uploads: one that a file has taken over."""
    greeting = "os.write(1, b'TXUG' + bytes(2)); " if greets else ""
    monkeypatch.setattr(checking, "_COMMAND", f"import os, signal, sys, time; {greeting}{does}")


@pytest.mark.parametrize("what", sorted(cleaned()))
def test_a_file_is_cleaned_in_the_process_as_it_is_here(what: str) -> None:
    """All that a file may need is loaded before the process can open no file any more."""
    content, removed = cleaned()[what]
    answer = check(content)
    assert (answer.verdict, answer.removed) == (Verdict.ACCEPTED, removed)
    assert pictures(answer.content) == pictures(content)


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_file_is_refused_in_the_process_as_it_is_here(what: str) -> None:
    assert check(refused(what)) == Answer(REFUSED[what][1])


def test_each_file_has_a_process_of_its_own_that_ends_with_it(
    started: list[subprocess.Popen[bytes]],
) -> None:
    for pages in (1, 2):
        assert check(drawn(pages=pages)).pages == pages
    assert len({process.pid for process in started}) == 2
    assert _gone(started)


def test_a_large_file_goes_through_both_pipes() -> None:
    noise = os.urandom(15 * 1024 * 1024)
    content = drawn(lambda document: _draw_noise(document, noise))
    answer = check(content)
    assert answer.verdict is Verdict.ACCEPTED
    assert len(answer.content) > len(noise)


def _draw_noise(document: pikepdf.Pdf, noise: bytes) -> None:
    picture = pikepdf.Stream(document, noise)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 2560, 2048, 8
    picture.ColorSpace = pikepdf.Name.DeviceRGB
    document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(X1=picture)


def test_a_bomb_costs_the_server_no_memory() -> None:
    content = bomb(600)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert check(content).verdict in (Verdict.ACCEPTED, Verdict.SWOLLEN)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_process_knows_nothing_of_the_servers_secrets_and_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "kept-from-uploads")
    told = (
        "os.write(1, repr((dict(os.environ), sorted(os.listdir('/proc/self/fd'))[:4], os.getcwd())).encode())"
    )
    _instead(monkeypatch, told, greets=False)
    with open(os.devnull) as _left_open:  # noqa: PTH123 - any open file will do
        process = checking._start()
        said, _ = process.communicate(timeout=30)
    assert b"kept-from-uploads" not in said
    assert b"PATH" not in said
    assert b"'0', '1', '2', '3'" in said, "3 is the folder that it lists"
    assert said.endswith(b"'/')")


@pytest.mark.parametrize(
    ("does", "verdict"),
    [
        ("os.write(1, b'x' * 15)", Verdict.DAMAGED),
        ("os.write(1, b'TXUA' + bytes(10))", Verdict.DAMAGED),
        ("import pickle; os.write(1, pickle.dumps({'verdict': 0}))", Verdict.DAMAGED),
        ("os._exit(3)", Verdict.DAMAGED),
        ("os.kill(os.getpid(), signal.SIGSEGV)", Verdict.DAMAGED),
        ("os.close(1); time.sleep(60)", Verdict.DAMAGED),
        ("[os.write(1, b'x' * 65536) for _ in iter(int, 1)]", Verdict.DAMAGED),
        ("time.sleep(60)", Verdict.HEAVY),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", Verdict.HEAVY),
        ("os.kill(os.getpid(), signal.SIGSTOP)", Verdict.HEAVY),
    ],
)
def test_a_process_that_was_taken_over_cannot_hurt_the_server(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], does: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(checking, "TIME_LIMIT", 1.0 if verdict is Verdict.HEAVY else 30.0)
    monkeypatch.setattr(checking, "LONGEST_ANSWER", 1024 * 1024)
    _instead(monkeypatch, does)
    begun = time.monotonic()
    assert check(pdf()) == Answer(verdict)
    assert time.monotonic() - begun < 50, "where it sleeps, it would for 60"
    assert _gone(started)


def test_what_a_process_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    left = tmp_path / "pid"
    _instead(
        monkeypatch,
        f"os.fork() or (open({str(left)!r}, 'w').write(str(os.getpid())), time.sleep(60)); time.sleep(60)",
    )
    monkeypatch.setattr(checking, "TIME_LIMIT", 1.0)
    assert check(pdf()).verdict is Verdict.HEAVY
    pid = int(left.read_text())
    for _ in range(50):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("it outlived the process that started it")


def test_a_file_that_takes_too_long_is_heavy_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    long = drawn(pages=300)
    with monkeypatch.context() as hurried:
        hurried.setattr(checking, "TIME_LIMIT", 0.01)
        assert check(long) == Answer(Verdict.HEAVY)
    assert check(long).pages == 300
    assert _gone(started)


def test_a_process_that_the_system_ends_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """One may be killed for want of memory, through no fault of the file."""
    start, ended = checking._start, list[subprocess.Popen[bytes]]()

    def killed_once() -> subprocess.Popen[bytes]:
        process = start()
        if not ended:
            process.kill()
            ended.append(process)
        return process

    monkeypatch.setattr(checking, "_start", killed_once)
    assert check(pdf(pages=2)).pages == 2
    assert ended


def test_many_at_once_are_all_answered_and_few_run_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    start, end, running, most = checking._start, checking._end, set[int](), [0]

    def starting() -> subprocess.Popen[bytes]:
        process = start()
        running.add(process.pid)
        most.append(len(running))
        return process

    def ending(process: subprocess.Popen[bytes]) -> None:
        end(process)
        running.discard(process.pid)

    monkeypatch.setattr(checking, "_start", starting)
    monkeypatch.setattr(checking, "_end", ending)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(check, [pdf(pages=number) for number in range(1, 9)]))
    assert [answer.pages for answer in answers] == list(range(1, 9))
    assert max(most) <= checking.AT_ONCE


def test_where_it_waits_too_long_for_its_turn_the_file_is_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "WAITING", 0.05)
    for _ in range(checking.AT_ONCE):
        checking._turns.acquire()
    try:
        assert check(pdf()) == Answer(Verdict.UNREAD)
    finally:
        for _ in range(checking.AT_ONCE):
            checking._turns.release()
    assert check(pdf()).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/python"])
def test_where_no_process_can_start_the_file_is_not_blamed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, program: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", program)
        assert check(pdf()) == Answer(Verdict.UNREAD)
        with pytest.raises(NoProcess):
            shut_doors()
    assert "could not be started" in caplog.text
    assert check(pdf()).verdict is Verdict.ACCEPTED


def test_what_holds_the_process_in_is_said_in_words(started: list[subprocess.Popen[bytes]]) -> None:
    assert Doors.LIMITS in shut_doors()
    assert _gone(started)
    assert in_words(_EVERY).endswith("(seccomp).")
    assert "does not let us say" not in in_words(_EVERY)
    told = in_words(Doors.LIMITS | Doors.USER)
    assert told.index("setrlimit") < told.index("does not let us say") < told.index("Landlock")
    assert "docs/running.md" in told
    assert "nothing holds it in" in in_words(Doors(0))
