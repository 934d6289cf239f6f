"""Whoever is looked for by any word of their names, however it is typed, is found; and nobody else is by chance."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.records.spelt import names_of_the_world
from transition_exchange.exchange.records.names import display_name, legal_name, register_name
from transition_exchange.exchange.records.searching import LONGEST_SEARCH, Search, matching, searched_text

UPN, ULN = "L372400114001", "1234567007"


def finds(typed: str, surname: str = "", forename: str = "", **more: Any) -> bool:
    """Whether somebody of this name is found."""
    card = {"legal_surname": surname, "legal_forename": forename, **more}
    return Search(typed).finds(searched_text(card))


@pytest.mark.parametrize(
    ("typed", "surname", "forename"),
    [
        ("Nguyen", "Nguyễn", "An"),
        ("Nguyen", unicodedata.normalize("NFD", "Nguyễn"), "An"),
        (unicodedata.normalize("NFD", "nguyễn"), "Nguyễn", "An"),
        ("lukasz", "Nowak", "Łukasz"),
        ("ŁUKASZ", "Nowak", "Lukasz"),
        *(
            (typed, name, "")
            for typed in ("O'Neill", "ONeill", "O’Neill")
            for name in ("O'Neill", "ONeill", "O’Neill")
        ),
        ("o neill", "O'Neill", "Áine"),
        ("o neill", "ONeill", "Áine"),
        ("neill", "O'Neill", "Áine"),
        *(
            (typed, "Khan-Smith", "Amina")
            for typed in ("khan-smith", "smith", "khan smith", "khansmith", "smith khan")
        ),
        ("khan-smith", "Khan Smith", "Amina"),
        ("khan-smith", "Khansmith", "Amina"),
        *(
            (typed, "Naylor", "Zara")
            for typed in ("naylor, zara", "naylor,zara", "zara naylor", "nay zar", "Naylorzara")
        ),
        ("Jones", "Smith-Jones", "Al"),
        ("mac donald", "MacDonald", "Isla"),
        ("macdonald isla", "Mac Donald", "Isla"),
        ("delacruz", "de la Cruz", "Eva"),
        ("anne marie", "Petit", "Anne-Marie"),
        ("jr ewing", "Ewing", "J.R."),
        ("王小明", "王", "小明"),
        ("小明", "王", "小明"),
        ("محمد", "الحسن", "مُحَمَّد"),
        ("কামাল", "খান", "কামাল"),
        ("cher", "", "Cher"),
        ("cher", "Cher", ""),
        ("", "Khan", "Amina"),
        (" - ", "Khan", "Amina"),
    ],
)
def test_whoever_is_looked_for_is_found(typed: str, surname: str, forename: str) -> None:
    assert finds(typed, surname, forename)


@pytest.mark.parametrize(
    ("typed", "surname", "forename"),
    [
        ("hussain", "Khan", "Amina"),
        ("mina", "Khan", "Amina"),  # a word begins with what is typed
        ("khan ben", "Khan", "Amina"),  # all words
        ("o'neill", "Neill", "Olivia"),  # what is joined stays joined
        ("smith-khan", "Khan-Smith", "Amina"),
        ("কমল", "খান", "কামাল"),
    ],
)
def test_nobody_else_is_found(typed: str, surname: str, forename: str) -> None:
    assert not finds(typed, surname, forename)


def test_the_preferred_name_counts_and_so_does_the_legal_one() -> None:
    for typed in ("mina", "amina", "mina khan", "khan mina", "minakhan", "Khan, Amina"):
        assert finds(typed, "Khan", "Amina", preferred_name="Mina"), typed


@pytest.mark.parametrize(
    "typed",
    [
        UPN,
        UPN.lower(),
        "L372 4001 14001",
        " l 372400114001 ",
        "372400114001",
        "4001",
        ULN,
        "123 456 7007",
        "123-456-7007",
    ],
)
def test_numbers_are_found_with_and_without_blanks(typed: str) -> None:
    assert finds(typed, "Khan", "Amina", upn=UPN, uln=ULN)
    assert not finds(typed, "Khan", "Amina")


def test_a_name_with_a_number_is_found_by_both() -> None:
    assert finds(f"khan {UPN}", "Khan", "Amina", upn=UPN)
    assert not finds(f"smith {UPN}", "Khan", "Amina", upn=UPN)


def test_letters_and_short_figures_find_no_numbers() -> None:
    for typed in ("l", "lkhan", "37", "001", "l37"):
        assert not finds(typed, "Khan", "Amina", upn=UPN, uln=ULN), typed


def test_a_number_never_runs_on_into_another() -> None:
    assert not finds(UPN + ULN, "Khan", "Amina", upn=UPN, uln=ULN)
    assert not finds("khan1234", "Khan", "Amina", uln=ULN)


surnames, forenames = names_of_the_world(), names_of_the_world()


@given(surnames, forenames, st.none() | names_of_the_world())
def test_a_name_is_found_by_each_of_its_words_and_by_its_full_text(
    surname: str, forename: str, preferred: str | None
) -> None:
    card = {"legal_surname": surname, "legal_forename": forename, "preferred_name": preferred}
    text = searched_text(card)
    for typed in (
        display_name(card),
        legal_name(card),
        register_name(card),
        surname,
        forename,
        preferred or "",
    ):
        assert Search(typed).finds(text), typed
        for word in re.split(r"[\s,]+", typed):
            assert Search(word).finds(text), word
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            assert Search(unicodedata.normalize(form, typed)).finds(text), form
        assert Search(typed.upper()).finds(text), "case never matters"
        assert Search(typed.lower()).finds(text), "case never matters"


@given(surnames, forenames, st.data())
def test_a_name_is_found_by_any_beginning_of_its_surname(
    surname: str, forename: str, data: st.DataObject
) -> None:
    surname = unicodedata.normalize("NFC", surname)
    beginning = surname[: data.draw(st.integers(0, len(surname)))]
    assert finds(beginning, surname, forename)


@given(surnames, forenames, st.randoms())
def test_words_are_found_in_any_order(surname: str, forename: str, dice: Random) -> None:
    words = re.split(r"[\s,]+", f"{forename} {surname}")
    dice.shuffle(words)
    assert finds(" ".join(words), surname, forename)
    assert finds(",".join(words), surname, forename)


def test_a_search_of_any_length_comes_back() -> None:
    assert finds("a " * 100_000, "a " * 200, "b")
    assert finds("k" * 10 * LONGEST_SEARCH, "k" * 2 * LONGEST_SEARCH)
    assert not finds("1 " * 100_000, "Khan", "Amina", uln=ULN)


@dataclass(frozen=True)
class Row:
    """A row of a list."""

    content: dict[str, Any]


def test_a_list_keeps_its_order() -> None:
    rows = [Row({"legal_surname": name}) for name in ("Khan", "Adams", "Khan-Smith")]
    assert matching(rows, "khan") == [rows[0], rows[2]]
    assert matching(rows, "") == rows
