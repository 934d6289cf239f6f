"""Passphrases and codes."""

from __future__ import annotations

import math
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import passphrases


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short",
        "password",
        "Summer2027!",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaaaaaa",
        "Liverpool1",
        "12345678901234",
    ],
)
def test_what_is_easily_guessed_is_refused_with_advice(weak: str) -> None:
    strength = passphrases.score(weak)
    assert not strength.ok
    assert "words" in strength.message


def test_a_person_s_own_name_and_school_add_nothing() -> None:
    own = ["Amina Okafor-Reed", "a.okafor-reed@elmbrook.example", "Elmbrook Academy"]
    assert not passphrases.score("Okafor-ReedElmbrook", own).ok


@pytest.mark.parametrize("strong", ["purple tractor biscuit", "lantern-muddle-quilt", "Xk7#mPq2vLz9Rt"])
def test_unusual_words_are_accepted(strong: str) -> None:
    assert passphrases.score(strong).ok


@pytest.mark.parametrize(
    "typed",
    ["amy-whitlock-grove-1", "Amy Whitlock Aldersyke 2027", "grove.academy.whitlock", "AmyAldersykeGrove"],
)
def test_a_row_of_one_s_own_words_is_refused(typed: str) -> None:
    """However they are joined: whoever knows the person tries those first."""
    own = ["Amy Whitlock", "amy.whitlock@grove.example", "Aldersyke Grove Academy"]
    assert not passphrases.score(typed, own).ok
    assert passphrases.score(f"purple tractor {typed} biscuit", own).ok


def test_generated_passphrases_are_accepted() -> None:
    assert all(passphrases.score(passphrases.generate()).ok for _ in range(20))


def test_long_input_is_judged_quickly() -> None:
    started = time.perf_counter()
    passphrases.score("ab1" * 80, ["name " * 200] * 10)
    passphrases.score("x" * 100_000)
    assert time.perf_counter() - started < 2


def test_a_refusal_never_repeats_what_was_typed() -> None:
    assert "Summer2027" not in passphrases.score("Summer2027").message


def test_five_words_have_at_least_64_bits() -> None:
    words = passphrases.word_list()
    assert len(set(words)) == len(words)
    assert passphrases.WORDS * math.log2(len(words)) >= 64
    assert len(passphrases.spoken_code().split("-")) == passphrases.WORDS


def test_no_two_words_are_taken_for_one_another() -> None:
    assert len({passphrases.normalise(word) for word in passphrases.word_list()}) == len(
        passphrases.word_list()
    )


def test_a_recovery_code_is_six_groups_of_over_100_bits() -> None:
    code = passphrases.recovery_code()
    assert re.fullmatch(r"[2-9a-hj-km-np-tv-z]{4}(-[2-9a-hj-km-np-tv-z]{4}){5}", code)
    assert 24 * math.log2(30) > 100


@given(st.data())
def test_how_a_code_is_typed_does_not_matter(data: st.DataObject) -> None:
    code = data.draw(st.sampled_from([passphrases.spoken_code(), passphrases.recovery_code()]))
    between = data.draw(st.sampled_from(["", " ", "  ", "-", " - ", "_", "."]))
    typed = between.join(code.split("-"))
    typed = data.draw(st.sampled_from([typed, typed.upper(), typed.title(), f" {typed}\n"]))
    assert passphrases.normalise(typed) == passphrases.normalise(code)


def test_codes_are_never_the_same() -> None:
    codes = {make() for make in (passphrases.recovery_code, passphrases.spoken_code) for _ in range(100)}
    assert len(codes) == 200
