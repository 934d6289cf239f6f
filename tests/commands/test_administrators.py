"""`administrators add`: a way back in that opens nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.commands.conftest import Run
from tests.exchange.world import World
from transition_exchange.exchange.joining.accepting import look_up
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.database import Database


@pytest.fixture
def world(empty_url: str) -> Iterator[World]:
    """An area in the database that the command uses."""
    db = Database(empty_url)
    db.upgrade()
    yield World.build(db)
    db.dispose()


@pytest.fixture
def known(world: World) -> tuple[str, ...]:
    """The words of the command for a school of the area."""
    assert world.root is not None
    number = spoken_fingerprint(world.root.secret.fingerprint)
    return (
        "administrators",
        "add",
        "--organisation",
        "Ashdown School",
        "--name",
        "N. Head",
        "--email",
        "head@ashdown.example",
        "--number",
        number,
    )


def test_it_prints_a_link_and_five_words_once(world: World, run: Run, known: tuple[str, ...]) -> None:
    result = run(*known)
    assert result.exit_code == 0, result.output
    link = next(word for word in result.output.split() if "/join/" in word)
    welcome = look_up(db=world.db, token=link.rpartition("/")[2])
    assert welcome.organisation_name == "Ashdown School"
    again = run(*known)
    assert (again.exit_code, "invited there already" in again.output) == (2, True)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (3, "Nowhere School", "No organisation has this name"),
        (3, "Ashdwn Scool", "Close to it are: Ashdown School"),
        (3, "Zzz", "None is close to it."),
        (7, "nobody", "Enter an e-mail address"),
        (9, "12345 12345 12345 12345 12345 12345", "not the security number"),
    ],
)
def test_what_is_wrong_is_said_and_makes_nothing(
    run: Run, known: tuple[str, ...], place: int, value: str, words: str
) -> None:
    result = run(*known[:place], value, *known[place + 1 :])
    assert (result.exit_code, words in result.output) == (2, True), result.output
    assert "/join/" not in result.output


def test_capital_letters_and_spaces_do_not_matter_in_the_name(
    run: Run, world: World, known: tuple[str, ...]
) -> None:
    result = run(*known[:3], "  ashdown  SCHOOL", *known[4:])
    assert result.exit_code == 0, result.output
    link = next(word for word in result.output.split() if "/join/" in word)
    assert look_up(db=world.db, token=link.rpartition("/")[2]).organisation_name == "Ashdown School"
