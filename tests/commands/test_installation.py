"""`init` and `upgrade`: keys, tables and the first area."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.commands.conftest import Run
from transition_exchange.exchange.joining import accepting
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions
from transition_exchange.store.models import Area, Invitation, Organisation

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


def test_init_founds_no_second_area_of_the_same_name(run: Run, empty_url: str) -> None:
    assert run("init", *AREA, "--la-code", "999").exit_code == 0
    for area in (AREA, ("--area", " ASHDOWN ", *AREA[2:]), (*AREA, "--la-code", "999")):
        again = run("init", *area)
        assert again.exit_code == 0
        assert "is founded already. Nothing was changed" in again.output
        assert "/join/" not in again.output
    other = run("init", *AREA, "--la-code", "998")
    assert (other.exit_code, "another name" in other.output) == (2, True)
    db = Database(empty_url)
    with db.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Area, Invitation)]
    assert counts == [1, 1]
    db.dispose()
    assert run("init", "--area", "Northdown", *AREA[2:]).exit_code == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("--la-code", "99x"), "three digits"),
        (("--la-code", "\u0663\u0663\u0663"), "three digits"),
        (("--email", "nobody"), "Enter an e-mail address"),
        (("--area", "A" * 201), "area's name"),
    ],
)
def test_what_is_wrong_is_refused_before_keys_and_tables_are_made(
    run: Run, empty_url: str, tmp_path: Path, wrong: tuple[str, ...], words: str
) -> None:
    result = run("init", *AREA, *wrong)
    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "instance").exists()
    db = Database(empty_url)
    assert db.revision() is None
    db.dispose()


def test_the_page_says_as_the_program_does_how_the_first_link_is_given(run: Run) -> None:
    output = run("init", *AREA).output
    assert "/join/" in output
    assert "Send them the link, which nobody e-mails." in output
    page = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")
    assert "`init` prints the first administrator's link and the five words" in page


def test_upgrade_brings_an_empty_or_older_database_up_to_date(run: Run, empty_url: str) -> None:
    db = Database(empty_url)
    db.upgrade(revisions()[0])
    result = run("upgrade")
    assert (result.exit_code, result.output) == (0, f"The database now stands at {revisions()[-1]}.\n")
    again = run("upgrade")
    assert (again.exit_code, again.output) == (0, f"The database is up to date at {revisions()[-1]}.\n")
    db.dispose()
