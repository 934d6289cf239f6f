"""Codes about the learner: the CTF's as they are written there, English first among the languages."""

from __future__ import annotations

from transition_exchange.proforma.rules import learner_codes


def test_the_sexes_are_the_two_letters_of_the_ctf() -> None:
    assert learner_codes.SEX == (("F", "Female"), ("M", "Male"))


def test_english_comes_first_every_other_language_last_and_the_rest_by_code() -> None:
    codes = [code for code, _ in learner_codes.LANGUAGES]
    assert (codes[0], codes[-1]) == ("ENG", "OTL")
    assert codes[1:-1] == sorted(codes[1:-1])
    assert all(len(code) == 3 and code.isupper() for code in codes)


def test_no_objection_is_said_and_not_left_empty() -> None:
    assert [code for code, _ in learner_codes.OBJECTIONS] == ["none", "by_parent", "by_learner"]


def test_reasons_for_no_upn_are_numbered_as_in_the_return_on_children_looked_after() -> None:
    assert [code for code, _ in learner_codes.UPN_MISSING_REASONS] == ["UN1", "UN2", "UN3", "UN4", "UN5"]
