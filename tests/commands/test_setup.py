"""What commands need first: settings that are right, and a database with this version's tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run
from transition_exchange.commands.setup import NotReady, config_of, ready_database, require_current
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions


def test_what_is_not_set_up_says_which_command_to_run(run: Run, empty_url: str) -> None:
    result = run("audit", "verify")
    assert (result.exit_code, "transition-exchange init" in result.output) == (2, True)
    run("init")
    db = Database(empty_url)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    db.dispose()
    result = run("work")
    assert (result.exit_code, "newer version" in result.output) == (2, True)


def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql://exchange:s3cret@127.0.0.1:1/exchange"  # pragma: allowlist secret
    monkeypatch.setenv("DATABASE_URL", address)
    for command in (("init",), ("upgrade",), ("audit", "verify"), ("work",)):
        result = run(*command)
        assert (result.exit_code, "DATABASE_URL" in result.output) == (2, True), result.output
        assert "s3cret" not in result.output


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PORT", "mail")
    for command in ("init", "upgrade", "work", "serve"):
        result = run(command)
        assert (result.exit_code, "SMTP_PORT" in result.output) == (2, True), result.output


@pytest.mark.parametrize("command", ["init", "upgrade", "work", "serve"])
def test_a_database_on_another_machine_needs_verified_tls(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    address = "postgresql://exchange:s3cret@db.example.org/exchange"  # pragma: allowlist secret
    monkeypatch.setenv("DATABASE_URL", address)
    result = run(command)
    assert (result.exit_code, "sslmode=verify-full" in result.output) == (2, True), result.output
    assert "s3cret" not in result.output


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_files_that_others_can_read_are_closed_or_named_when_a_command_starts(
    run: Run, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init").exit_code == 0
    database, password = Path(empty_url.removeprefix("sqlite:///")), tmp_path / "password"
    password.write_text("a word")
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(password))
    opened = [database, tmp_path / "instance" / "secret_key", tmp_path / "instance" / "installation_key"]
    for path in (*opened, password):
        path.chmod(0o644)
    result = run("upgrade")
    assert result.exit_code == 0, result.output
    for path in opened:
        assert f"{path} was open to other users" in result.output
        assert path.stat().st_mode & 0o777 == 0o600
    assert f"Other users of this machine can read {password}: chmod 600" in result.output
    password.chmod(0o600)
    assert "other users" not in run("upgrade").output.lower()


def test_the_settings_are_those_of_the_environment(run: Run, empty_url: str) -> None:
    run("init")
    assert config_of().database_url == empty_url


def test_a_database_is_ready_once_its_tables_are_those_of_this_version(empty_url: str) -> None:
    config = Config(database_url=empty_url)
    db = Database(empty_url)
    with pytest.raises(NotReady, match="transition-exchange init"), ready_database(config):
        pass
    db.upgrade(revisions()[0])
    with pytest.raises(NotReady, match="older version: run `transition-exchange upgrade`"):
        require_current(db)
    db.upgrade()
    db.dispose()
    with ready_database(config) as ready:
        assert ready.revision() == revisions()[-1]
