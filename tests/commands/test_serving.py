"""`serve` and `work` refuse what is unsafe, and run the server as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from transition_exchange import jobs
from transition_exchange.commands import serving
from transition_exchange.commands.serving import gunicorn, require_servable, say_how_uploads_are_read
from transition_exchange.commands.setup import NotReady
from transition_exchange.config import Config, from_environment
from transition_exchange.sealing import MissingMLKEM, work_places
from transition_exchange.uploads import checking
from transition_exchange.uploads.answers import Doors

SERVABLE = Config(secret_key="k" * 32, public_url="https://exchange.example.org", workers=3, threads=5)


def test_plain_http_is_not_served(run: Run) -> None:
    run("init")
    assert not from_environment().secure
    result = run("serve")
    assert (result.exit_code, "PUBLIC_URL must begin with https" in result.output) == (2, True)


def test_what_cannot_be_sealed_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise MissingMLKEM("OpenSSL 3.5 or later is needed")

    require_servable(SERVABLE)
    monkeypatch.setattr("transition_exchange.sealing.require_mlkem", refuse)
    with pytest.raises(NotReady, match="OpenSSL"):
        require_servable(SERVABLE)


def test_the_server_runs_with_the_processes_and_threads_of_the_settings() -> None:
    settings = gunicorn(SERVABLE, bind="127.0.0.1:8001").cfg.settings
    found = {name: settings[name].get() for name in ("bind", "workers", "threads", "accesslog")}
    assert found == {"bind": ["127.0.0.1:8001"], "workers": 3, "threads": 5, "accesslog": None}
    # An access log would hold the addresses of learners' pages; a control socket would let others steer the server.
    assert settings["control_socket_disable"].get()


@pytest.mark.parametrize("size", [b"zz", b"-5", b"0x5"])
def test_a_chunk_of_no_readable_size_is_a_bad_request(ask: Callable[[bytes], bytes], size: bytes) -> None:
    answer = ask(
        b"POST /account/sign-in HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        + size
        + b"\r\nemail\r\n0\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]


@pytest.mark.parametrize("header", [b"Script_Name: /x", b"Script-Name: /x", b"Path_Info: /cookies"])
def test_no_header_moves_the_application(ask: Callable[[bytes], bytes], header: bytes) -> None:
    request = b"GET /privacy HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n"
    plain, moved = ask(request + b"\r\n"), ask(request + header + b"\r\n\r\n")
    assert plain.startswith(b"HTTP/1.1 200 ")
    assert moved.partition(b"\r\n\r\n")[2] == plain.partition(b"\r\n\r\n")[2]


def test_the_server_s_processes_share_the_places_for_passphrase_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_places, "_shared", None)
    gunicorn(replace(SERVABLE, instance=tmp_path, passphrase_memory_kib=64), bind="127.0.0.1:8001")
    assert work_places.shared().sizes.unit_kib == 64
    assert (tmp_path / work_places.FILE).exists(), "a second server of this installation finds the same file"


def test_work_says_what_it_will_not_do_and_then_works(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[Config] = []
    monkeypatch.setattr(jobs, "work", worked.append)
    run("init")
    result = run("work")
    assert result.exit_code == 0, result.output
    assert "No SMTP_HOST: e-mails stay in the outbox." in result.output
    assert "No installation key" not in result.output
    assert worked == [from_environment()]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "The installation key cannot be read: No such file or directory."),
        ("no key", "holds no installation key: 64 hexadecimal digits."),
    ],
)
def test_work_does_not_start_with_a_key_that_cannot_be_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, words: str
) -> None:
    monkeypatch.setattr(jobs, "work", lambda config: pytest.fail("it started"))
    run("init")
    key = tmp_path / "key"
    if content is not None:
        key.write_text(content)
        key.chmod(0o600)
    monkeypatch.setenv("INSTALLATION_KEY_FILE", str(key))
    for command in (("work",), ("audit", "verify")):
        result = run(*command)
        assert (result.exit_code, words in result.output) == (2, True), result.output


def test_serve_listens_where_it_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[Config, str]] = []

    class Server:
        def __init__(self, config: Config, *, bind: str) -> None:
            self._what = (config, bind)

        def run(self) -> Any:
            served.append(self._what)

    monkeypatch.setattr(serving, "gunicorn", Server)
    monkeypatch.setenv("PUBLIC_URL", "https://exchange.example.org")
    assert run("serve").exit_code == 2, "there is no database yet"
    run("init")
    result = run("serve", "--bind", "127.0.0.1:8001")
    assert result.exit_code == 0, result.output
    assert served == [(from_environment(), "127.0.0.1:8001")]


def test_serve_says_once_what_holds_the_process_in_that_reads_uploads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say_how_uploads_are_read()
    assert capsys.readouterr().err.startswith("Uploads are read in a process of their own: it has limits")

    def none() -> Doors:
        raise checking.NoProcess

    monkeypatch.setattr(checking, "shut_doors", none)
    say_how_uploads_are_read()
    assert "every document will be refused" in capsys.readouterr().err
    monkeypatch.setattr(checking, "shut_doors", lambda: Doors.LIMITS)
    say_how_uploads_are_read()
    assert "does not let us say: it is not root" in capsys.readouterr().err
