from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from transition_exchange.cli import COMMANDS, main
from transition_exchange.config import from_environment
from transition_exchange.exchange import joining
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions
from transition_exchange.store.models import Area, Organisation

Run = Callable[..., Result]
AREA = (
    "--area",
    "Ashdown",
    "--council",
    "Ashdown Council",
    "--name",
    "A. Person",
    "--email",
    "a@ashdown.example",
)


@pytest.fixture
def run(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line where nothing is set up yet."""
    monkeypatch.setenv("INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.setenv("PASSPHRASE_MEMORY_KIB", "64")

    def call(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return call


def test_init_sets_everything_up_and_may_be_repeated(run: Run, empty_url: str) -> None:
    result = run("init")
    assert result.exit_code == 0, result.output
    assert result.output.count("Made ") == 2
    assert f"stands at {revisions()[-1]}" in result.output
    again = run("init")
    assert (again.exit_code, again.output) == (0, f"The database is up to date at {revisions()[-1]}.\n")
    assert run("audit", "verify").exit_code == 0
    db = Database(empty_url)
    assert db.revision() == revisions()[-1]
    db.dispose()


def test_init_founds_an_area_whose_first_administrator_can_join(run: Run, empty_url: str) -> None:
    result = run("init", *AREA)
    assert result.exit_code == 0, result.output
    db = Database(empty_url)
    with db.read() as session:
        assert session.scalars(select(Area.name)).one() == "Ashdown"
        assert session.scalars(select(Organisation.coordinates)).one()
    link = next(word for word in result.output.split() if "/join/" in word)
    welcome = joining.look_up(db=db, token=link.rpartition("/")[2])
    assert welcome.organisation_name == "Ashdown Council"
    db.dispose()


def test_half_an_area_is_refused(run: Run) -> None:
    result = run("init", *AREA[:4])
    assert (result.exit_code, "together" in result.output) == (2, True)


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


def test_plain_http_is_not_served(run: Run) -> None:
    run("init")
    assert not from_environment().secure
    result = run("serve")
    assert (result.exit_code, "PUBLIC_URL must begin with https" in result.output) == (2, True)


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
