"""`init` and `upgrade`: keys, tables and the first area."""

from __future__ import annotations

from sqlalchemy import select

from tests.commands.conftest import Run
from transition_exchange.exchange.joining import accepting
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions
from transition_exchange.store.models import Area, Organisation

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
    welcome = accepting.look_up(db=db, token=link.rpartition("/")[2])
    assert welcome.organisation_name == "Ashdown Council"
    db.dispose()


def test_half_an_area_is_refused(run: Run) -> None:
    result = run("init", *AREA[:4])
    assert (result.exit_code, "together" in result.output) == (2, True)


def test_upgrade_brings_an_empty_or_older_database_up_to_date(run: Run, empty_url: str) -> None:
    db = Database(empty_url)
    db.upgrade(revisions()[0])
    result = run("upgrade")
    assert (result.exit_code, result.output) == (0, f"The database now stands at {revisions()[-1]}.\n")
    again = run("upgrade")
    assert (again.exit_code, again.output) == (0, f"The database is up to date at {revisions()[-1]}.\n")
    db.dispose()
