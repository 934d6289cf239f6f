"""One folded spelling of names, whatever their script and however it is stored."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.records.spelt import names_of_the_world
from transition_exchange.exchange.records.folding import folded, words_stored, words_typed
from transition_exchange.proforma.values import composed

FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("Nguyễn", "nguyen"),
        ("Łukasz", "lukasz"),
        ("Bjørn Sørensen", "bjornsorensen"),
        ("Weiß", "weiss"),
        ("WEIẞ", "weiss"),
        ("Đặng", "dang"),
        ("Æthelred Œdipe", "aethelredoedipe"),
        ("Þóra Guðrún", "thoragudrun"),
        ("Işık İnci IRMAK", "isikinciirmak"),
        ("Ħamrun", "hamrun"),
        ("Əliyev", "eliyev"),
        ("Ɗanjuma", "danjuma"),
        ("O'Neill", "oneill"),
        ("O’Neill", "oneill"),
        ("O`Neill", "oneill"),
        ("O´Neill", "oneill"),
        ("OʻNeill", "oneill"),
        ("Khan-Smith", "khansmith"),
        ("Khan‐Smith", "khansmith"),
        ("Khan‑Smith", "khansmith"),
        ("Khan–Smith", "khansmith"),
        ("Khan—Smith", "khansmith"),
        ("Khan − Smith", "khansmith"),
        ("St. John, J.R.", "stjohnjr"),
        ("Gal·la", "galla"),
        ("Ｋｈａｎ　Ｓｍｉｔｈ", "khansmith"),
        ("ﬁ", "fi"),
        ("Ｏ＇Neill", "oneill"),
        ("Σοφία ΑΓΓΕΛΟΣ", "σοφιααγγελοσ"),
        ("Ёлкин", "елкин"),
        ("王小明", "王小明"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("علی", "علي"),
        ("كريم", "كريم"),
        ("کریم", "كريم"),
        ("فاطمـــة", "فاطمه"),
        ("שָׂרָה", "שרה"),
        ("김철수", unicodedata.normalize("NFD", "김철수")),
        ("", ""),
        (" -'.,", ""),
    ],
)
def test_the_spelling_of_names(written: str, spelling: str) -> None:
    assert folded(written) == spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("কমল", "কামাল"),  # Bengali: another vowel sign, another name
        ("রহিম", "রহমান"),
        ("राम", "रमा"),  # Devanagari
        ("กา", "กำ"),  # Thai
        ("かな", "がな"),  # Japanese: voiced or not
    ],
)
def test_marks_that_make_another_name_are_kept(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ख़ान", "खान"),  # Devanagari: with and without the nukta
        ("ড়", "ড\u09bc"),  # Bengali: the letter, and the letter with its dot
        ("কো", "ক\u09c7\u09be"),  # Bengali: a vowel sign in one piece and in two
        ("শ\u200dর", "শর"),  # an invisible joiner
        ("علی\u200cرضا", "علیرضا"),  # Persian: joined or not
        ("ｶﾞ", "ガ"),  # Japanese: half width, voiced
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_every_character_folds_once_and_for_all_whatever_its_form_and_case() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x32400), *range(0xE0000, 0xE0200)):  # all that is assigned
        character = chr(code)
        spelling = folded(character)
        assert folded(spelling) == spelling, hex(code)
        if character.isascii() or not spelling:
            continue
        others = {unicodedata.normalize(form, character) for form in FORMS}
        others |= {character.upper(), character.lower(), character.casefold()}
        assert {folded(other) for other in others} == {spelling}, hex(code)


@given(st.text())
def test_folding_is_idempotent_and_the_same_for_every_form(text: str) -> None:
    spelling = folded(text)
    assert folded(spelling) == spelling
    for form in FORMS:
        other = unicodedata.normalize(form, text)
        assert folded(other) == spelling
        assert words_stored(other) == words_stored(text)
        assert words_typed(other) == words_typed(text)


@given(names_of_the_world())
def test_case_never_matters(text: str) -> None:
    assert folded(text.upper()) == folded(text.lower()) == folded(text)


@given(st.text())
def test_words_are_the_spelling_in_pieces(text: str) -> None:
    assert "".join(words_stored(text)) == "".join(words_typed(text)) == folded(text)


def test_what_is_joined_is_typed_as_one_word_and_found_in_its_parts() -> None:
    assert words_typed("Khan-Smith, O'Neill") == ["khansmith", "oneill"]
    assert words_stored("Khan-Smith O'Neill") == ["khan", "smith", "o", "neill"]


@given(st.text())
def test_names_are_stored_composed_and_only_once(text: str) -> None:
    name = composed(text)
    assert unicodedata.is_normalized("NFC", name)
    assert name == name.strip()
    assert composed(name) == name
    assert folded(name) == folded(text)
