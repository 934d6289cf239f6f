"""Tables are never overfull, facts share a line only where both fit, and nothing is lost by the choice of shape."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.packs.blocks import COLUMN, TABLE_TYPE, Fact, blocks, paired
from transition_exchange.packs.measure import longest_word
from transition_exchange.proforma import ShownItem, ShownRow, load

WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=90)
LABELS = ("Type", "Hours a week", "Given by", "What it says", "Since")
NEEDS = load("core/2027.1").question("needs.needs")
ROW = st.lists(WORDS, min_size=1, max_size=5)


def item(rows: list[list[str]], note: str | None = None) -> ShownItem:
    shown = tuple(
        ShownRow(f"Need {at + 1}", tuple(zip(LABELS, row, strict=False))) for at, row in enumerate(rows)
    )
    return ShownItem(NEEDS, "Needs", rows=shown, note=note)


@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_a_table_gives_each_column_its_longest_word_and_rows_lose_nothing(rows: list[list[str]]) -> None:
    (block,) = blocks([item(rows)])
    if block.shape == "table":
        assert sum(column.width for column in block.columns) < 100.1
        for at, column in enumerate(block.columns):
            room = COLUMN * column.width / 100
            assert all(longest_word(row[at], points=TABLE_TYPE) <= room for row in block.rows)
        shown = [text for row in block.rows for text in row if text]
    elif block.shape == "list":
        shown = list(block.paragraphs)
    else:
        shown = [fact.text for group in block.groups for line in group.lines for fact in line.facts]
    assert sorted(shown) == sorted(text for row in rows for text in row)


@given(facts=st.lists(st.builds(Fact, label=WORDS, text=WORDS), max_size=12))
def test_facts_keep_their_order_and_share_a_line_only_where_both_fit(facts: list[Fact]) -> None:
    lines = paired(facts)
    assert [fact for line in lines for fact in line.facts] == facts
    for line in lines:
        if line.sixths:
            left, right = line.facts
            assert left.width < COLUMN * line.sixths / 6
            assert right.width <= COLUMN * (6 - line.sixths) / 6


def test_a_note_about_one_column_stands_beside_that_answer() -> None:
    row = ShownRow(
        "Service 1", (("Service", "CAMHS"), ("Last report", "3 June 2025")), "Last report: over a year old"
    )
    (block,) = blocks([ShownItem(NEEDS, "Services", rows=(row,))])
    facts = [fact for line in block.groups[0].lines for fact in line.facts]
    assert [(fact.text, fact.note) for fact in facts] == [("CAMHS", ""), ("3 June 2025", "over a year old")]


def test_a_missing_answer_is_a_quiet_fact() -> None:
    (block,) = blocks([ShownItem(NEEDS, "Needs", missing="Waiting for a report")])
    (line,) = block.lines
    assert line.facts == (Fact("Needs", "Waiting for a report", gap=True),)
