"""Telephone numbers are links; nothing else is, and nothing that somebody typed becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from transition_exchange.web.telephone import with_numbers


@pytest.mark.parametrize(
    ("text", "dialled"),
    [
        ("Kerry Wadsworth, 01632 960143", ["01632960143"]),
        ("ring Sam Lead, 01709 382121.", ["01709382121"]),
        ("+44 (0)1632 960143", ["+441632960143"]),
        ("(01632) 960-143 or 07700 900999", ["01632960143", "07700900999"]),
        ("01709 382121 ext 4", ["01709382121"]),
        ("Ask at the gate on 3 September 2027", []),
        ("DfE number 375/4003, ULN 1000000000", []),
        ("", []),
    ],
)
def test_each_number_is_a_link(text: str, dialled: list[str]) -> None:
    made = with_numbers(text)
    assert re.findall(r'href="tel:([^"]*)"', made) == dialled
    assert re.sub(r"</?a[^>]*>", "", made) == escape(text)


@given(st.text() | st.from_regex(r"[<>&\"' ]*0[0-9 ]{9,14}[<>&\"' ]*"))
def test_what_was_typed_never_becomes_markup(text: str) -> None:
    assert re.sub(r'<a class="[a-z -]*" href="tel:\+?\d+">|</a>', "", with_numbers(text)) == escape(text)
