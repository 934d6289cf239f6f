"""`serve` and `work` refuse what is unsafe, and run the server as the settings say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from transition_exchange import jobs
from transition_exchange.commands import serving
from transition_exchange.commands.serving import gunicorn, require_servable
from transition_exchange.commands.setup import NotReady
from transition_exchange.config import Config, from_environment
from transition_exchange.sealing import MissingMLKEM, work_places

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
