"""CSV that spreadsheets open rightly and safely."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.formats.csv_out import csv_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_begins_with_a_byte_order_mark_and_the_header() -> None:
    lines = list(csv_text(["name", "upn"], [{"name": "Zoë"}]))
    assert lines[0] == "\ufeffname,upn\r\n"
    assert read("".join(lines))[1] == ["Zoë", ""]


def test_no_cell_runs_as_a_formula() -> None:
    for start in ("=", "+", "-", "@", "\t", "\r"):
        lines = "".join(csv_text(["a"], [{"a": f'{start}cmd|"/C calc"!A0'}]))
        assert read(lines)[1][0].startswith("'")


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=1))
def test_every_text_comes_back_as_it_was_but_for_the_apostrophe(cells: list[str]) -> None:
    columns = [str(place) for place in range(len(cells))]
    lines = "".join(csv_text(columns, [dict(zip(columns, cells, strict=True))]))
    back = read(lines)[1] if any(cells) or len(cells) > 1 else [""]
    assert [cell.removeprefix("'") for cell in back] == [cell.removeprefix("'") for cell in cells]


def test_a_warning_is_a_line_of_its_own_under_the_header() -> None:
    lines = "".join(csv_text(["name", "upn"], [{"name": "Zoë"}], warnings=["Not all is here.", "=1+1"]))
    assert read(lines) == [["name", "upn"], ["Not all is here.", ""], ["'=1+1", ""], ["Zoë", ""]]
