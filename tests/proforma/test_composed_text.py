"""Text is kept composed (NFC), whichever door it came through and wherever in a section it stands."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.proforma.records import TODAY, V2027, without_sen
from transition_exchange.proforma import Page, check, forms, load, read_section

VERSION = load(V2027)
TYPED = unicodedata.normalize("NFD", "Zoë Nguyễn")
KEPT = unicodedata.normalize("NFC", TYPED)


def test_a_line_a_paragraph_and_a_cell_of_a_table_are_composed() -> None:
    assert TYPED != KEPT
    for section, typed, kept in (
        ("learner", {"legal_surname": TYPED}, {"legal_surname": KEPT}),
        ("own_words", {"like_about_me": f"{TYPED}\n{TYPED}"}, {"like_about_me": f"{KEPT}\n{KEPT}"}),
        (
            "contacts",
            {"contacts": [{"name": TYPED, "relationship": "mother"}]},
            {"contacts": [{"name": KEPT, "relationship": "mother"}]},
        ),
    ):
        read = read_section(VERSION, section, typed)
        assert (read.values, read.errors) == (kept, ()), section


def test_a_form_is_read_by_the_same_rule() -> None:
    raw = forms.from_form(
        VERSION, Page("add", "Add", "transition", ("learner",)), {"learner.legal_surname": [TYPED]}
    )
    assert read_section(VERSION, "learner", raw["learner"]).values["legal_surname"] == KEPT


def test_a_record_in_a_file_that_is_not_composed_is_no_error() -> None:
    record: dict[str, Any] = without_sen()
    composed = check(VERSION, record, today=TODAY)
    record["learner"] = {**record["learner"], "legal_surname": TYPED}
    assert check(VERSION, record, today=TODAY).errors == composed.errors


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1, max_size=30))
def test_any_text_is_composed_and_reading_again_changes_nothing(text: str) -> None:
    values = read_section(VERSION, "learner", {"legal_surname": text}).values
    if kept := values.get("legal_surname"):
        assert unicodedata.is_normalized("NFC", kept)
        assert read_section(VERSION, "learner", {"legal_surname": kept}).values == values
