"""Filtering and paging by bits finds what looking at every line would find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.exchange.coordinating.index import SORTS, Ordering
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.records.names import name_order
from transition_exchange.exchange.records.searching import Search, searched_text

FACETS = ("state:complete", "turn:school", "care:yes", "provision:K")
START = datetime(2026, 9, 1, tzinfo=UTC)


def line(name: str, facets: frozenset[str] = frozenset(), days: int | None = None) -> Line:
    """A line of which only the name, the facets and the waiting matter."""
    return Line(
        record_id=uuid4(),
        school_id=UUID(int=0),
        school="School",
        contact="",
        leaving_year=2027,
        name=name,
        order=name_order({"legal_surname": name}),
        state="complete",
        card={},
        transfers=(),
        sent_to=(),
        turns=(),
        waiting_since=None if days is None else START + timedelta(days=days),
        overdue=False,
        no_destination=False,
        no_offer=False,
        facets=tuple(facets),
        searched_text=searched_text({"legal_surname": name}),
    )


lines = st.lists(
    st.builds(
        line,
        st.text("abcxyz -7", max_size=6),
        st.frozensets(st.sampled_from(FACETS)),
        st.none() | st.integers(0, 9),
    ),
    max_size=700,
)


@given(
    lines, st.frozensets(st.sampled_from([*FACETS, "never:there"])), st.integers(0, 700), st.integers(0, 60)
)
def test_a_page_is_a_slice_of_what_has_every_facet(
    made: list[Line], facets: frozenset[str], offset: int, limit: int
) -> None:
    ordering = Ordering(made)
    mask = ordering.matching(facets)
    expected = [each for each in made if facets <= set(each.facets)]
    assert mask.bit_count() == len(expected)
    assert list(ordering.lines_in(mask, offset=offset, limit=limit)) == expected[offset : offset + limit]
    assert list(ordering.lines_in(mask)) == expected


@given(lines, st.text("abcxyz -,7", max_size=6))
def test_a_search_finds_the_lines_that_it_finds_one_by_one(made: list[Line], search: str) -> None:
    ordering = Ordering(made)
    expected = [each for each in made if Search(search).finds(each.searched_text)]
    assert list(ordering.lines_in(ordering.matching((), search))) == expected


@given(lines)
def test_every_sort_gives_one_order_however_the_lines_came(made: list[Line]) -> None:
    backwards = made[::-1]
    for key in SORTS.values():
        assert sorted(made, key=key) == sorted(backwards, key=key)


def test_who_waits_longest_comes_first_and_who_waits_for_nobody_last() -> None:
    made = [line("none"), line("short", days=5), line("long", days=1)]
    assert [each.name for each in sorted(made, key=SORTS["waiting"])] == ["long", "short", "none"]
