"""Pages of a long list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.exchange.paging import Paging


@pytest.mark.parametrize(
    ("total", "wanted", "pages", "number", "first", "last"),
    [
        (0, 1, 1, 1, 1, 0),
        (1, 1, 1, 1, 1, 1),
        (50, 1, 1, 1, 1, 50),
        (51, 2, 2, 2, 51, 51),
        (120, 2, 3, 2, 51, 100),
        (120, 9, 3, 3, 101, 120),
        (120, 0, 3, 1, 1, 50),
        (120, -4, 3, 1, 1, 50),
    ],
)
def test_the_nearest_page_that_exists_is_shown(
    total: int, wanted: int, pages: int, number: int, first: int, last: int
) -> None:
    paging = Paging(total=total, wanted=wanted)
    assert (paging.pages, paging.number, paging.first, paging.last) == (pages, number, first, last)


@given(total=st.integers(0, 300), size=st.integers(1, 60))
def test_the_pages_together_are_the_list(total: int, size: int) -> None:
    rows = list(range(total))
    pages = [Paging(total, number, size) for number in range(1, Paging(total, size=size).pages + 1)]
    assert [row for page in pages for row in page.cut(rows)] == rows
