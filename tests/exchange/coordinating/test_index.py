"""The area in memory: filtering by bits finds what looking at every line would find, and what is kept stays fresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.coordinators import acknowledges, look, names, objects, only, signed_in
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.index import SORTS, Ordering
from transition_exchange.exchange.coordinating.lines import Line
from transition_exchange.exchange.coordinating.settings import change_settings
from transition_exchange.exchange.records.names import name_order
from transition_exchange.exchange.records.searching import Search, searched_text
from transition_exchange.exchange.sending.recalling import recall

FACETS = ("state:complete", "turn:school", "care:yes", "provision:K")


START = datetime(2026, 9, 1, tzinfo=UTC)


def line(name: str, facets: frozenset[str] = frozenset(), days: int | None = None) -> Line:
    """A line of which only the name, the facets and the waiting matter."""
    return Line(
        record_id=uuid4(),
        school_id=UUID(int=0),
        school="School",
        ring=(),
        leaving_year=2027,
        name=name,
        order=name_order({"legal_surname": name}),
        state="complete",
        card={},
        transfers=(),
        sent_to=(),
        other_names=(),
        turns=(),
        left=None,
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
    expected = [line for line in made if facets <= set(line.facets)]
    assert mask.bit_count() == len(expected)
    assert list(ordering.lines_in(mask, offset=offset, limit=limit)) == expected[offset : offset + limit]
    assert list(ordering.lines_in(mask)) == expected


@given(lines, st.text("abcxyz -,7", max_size=6))
def test_a_search_finds_the_lines_that_it_finds_one_by_one(made: list[Line], search: str) -> None:
    ordering = Ordering(made)
    expected = [line for line in made if Search(search).finds(line.searched_text)]
    assert list(ordering.lines_in(ordering.matching((), search))) == expected


@given(lines)
def test_every_sort_gives_one_order_however_the_lines_came(made: list[Line]) -> None:
    backwards = made[::-1]
    for key in SORTS.values():
        assert sorted(made, key=key) == sorted(backwards, key=key)


def test_who_waits_longest_comes_first_and_who_waits_for_nobody_last() -> None:
    made = [line("none"), line("short", days=5), line("long", days=1)]
    assert [line.name for line in sorted(made, key=SORTS["waiting"])] == ["long", "short", "none"]


def test_what_changed_shows_at_the_next_look_and_what_was_taken_back_is_gone(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    assert look(world, actor=coordinator).total == 1
    world.fill(record_id)
    world.send(record_id)
    assert look(world, actor=coordinator, delivery="sent", provider=world.college.id).total == 1
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=world.transfer_of(record_id))
    assert look(world, actor=coordinator, delivery="any").total == 0
    world.add("Ben", "Adams", actor=world.other_senco)
    assert names(look(world, actor=coordinator)) == ["Adams, Ben", "Khan, Amina"]


def test_what_is_kept_between_looks_is_what_a_fresh_look_finds(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    first, second = world.add("Amina", "Khan"), world.add("Ben", "Adams")
    look(world, actor=coordinator)
    world.fill(first)
    world.send(first)
    look(world, actor=coordinator)
    acknowledges(world, first, "college_support")
    objects(world, second)
    assert look(world, actor=coordinator).lines == look(world).lines


def test_another_start_of_term_shows_at_the_next_look(world: World) -> None:
    world.sent()
    coordinator = signed_in(world.coordinator)

    def due() -> date | None:
        return only(world, actor=coordinator).transfers[0].safeguarding_due

    before = due()
    change_settings(
        db=world.db,
        actor=replace(world.coordinator, administrator=True),
        send_at="accepted",
        keep_months=12,
        term_starts={2027: date(2027, 9, 20)},
    )
    after = due()
    assert before is not None
    assert after is not None
    assert after > before


def test_the_send_team_sees_its_own_cards(world: World) -> None:
    world.team("Ashdown Council", "SEND team", "send")
    officer = world.person("officer", "Ashdown Council", "SEND team")
    record_id = world.add()
    world.fill(record_id)
    line = only(world, actor=officer)
    assert (line.name, line.state) == ("Khan, Amina", "complete")
    assert "in_care" not in line.card
