"""Somebody who can write to the database changes any column of any table, and everybody goes on working.

They also have an ordinary account in a confirmed provider's team, and key pairs of their own. Whatever they write,
nothing is sealed to a key that no confirmed person of the team holds, nobody receives what the sealed destinations do
not name, no page ends in a 500, and what a page shows false stands on the list in docs/trust.md.

A part of the walk runs with the other tests, another one each day. `make soak` takes all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from tests.exchange.walks.writer import falsifiable
from tests.exchange.walks.writer.attacks import ALWAYS, attacks
from tests.exchange.walks.writer.journey import STEPS
from tests.exchange.walks.writer.judging import Figures, unreached, wrong_with
from tests.exchange.walks.writer.rows import TABLES
from tests.exchange.walks.writer.sealed import PLANTED
from tests.exchange.walks.writer.seen import Shown
from tests.exchange.walks.writer.walk import Outcome, Walk
from tests.exchange.walks.writer.writes import Write, columns
from transition_exchange.exchange.actor import KnownTeam
from transition_exchange.exchange.organisations import activity
from transition_exchange.exchange.records import grants
from transition_exchange.exchange.sending import tracking
from transition_exchange.exchange.writing import learner_list
from transition_exchange.sealing.keys import RecipientKey
from transition_exchange.store.models import Grant

A_DAY = 12
"""How many writes of the walk are tried with the other tests, besides the attacks that are always tried."""
PARTS = 24
"""Into how many tests the whole walk is divided, so that several processes share it."""


def _judge(outcomes: list[Outcome]) -> None:
    wrong = [line for outcome in outcomes for line in wrong_with(outcome)]
    assert wrong == [], "\n".join(wrong)


def test_every_table_has_a_row_to_write_into(walk: Walk) -> None:
    assert [name for name, rows in walk.rows.items() if not rows] == []


def test_every_column_can_be_written(walk: Walk) -> None:
    """A new column joins by itself. One for which no plausible value is known needs a word in `values.OWN`."""
    every = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    written: set[str] = set()
    for write in columns(walk.area, walk.rows):
        if not write.columns <= written and walk.is_accepted(write):
            written |= write.columns
    assert every - written == set()


def test_the_journeys_go_all_the_way_where_nobody_writes(walk: Walk) -> None:
    undisturbed = walk.undisturbed.journey
    assert undisturbed.reached == frozenset(STEPS)
    assert undisturbed.refused == {"senco sends what was recalled"}, "its destinations name nobody"
    others = [name for name, view in undisturbed.views.items() if not isinstance(view, Shown)]
    assert others == ["senco sends what was recalled"]


NOTHING = Write("column", "nothing is changed, but everybody goes all the way", ())
"""Stands for any write, where a test breaks the program itself."""


def test_the_walk_notices_what_is_sealed_to_the_writer(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    make = grants.make

    def to_the_writer(*, grantee: KnownTeam, **how: Any) -> Grant:
        swapped = replace(grantee, kem_public=RecipientKey(walk.area.planted.kem.public))
        return make(grantee=swapped, **how)

    monkeypatch.setattr(grants, "make", to_the_writer)
    (outcome,) = walk.try_all([NOTHING])
    opened = {leak for leak in outcome.leaks if leak.startswith(PLANTED)}
    assert f"{PLANTED} opens a record that goes to the college: contacts" in opened
    assert f"{PLANTED} opens the record a learner who was added: contacts" in opened


def test_the_walk_notices_a_crash_and_a_falsehood(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> object:
        raise KeyError("a page that breaks")

    monkeypatch.setattr(tracking, "track", broken)
    monkeypatch.setattr(learner_list, "learners", lambda **_: ())
    (outcome,) = walk.try_all([NOTHING])
    wrong = list(wrong_with(outcome))
    assert any("KeyError: 'a page that breaks'" in line for line in wrong)
    assert any("shown false" in line and "first other_school list" in line for line in wrong)


def test_the_attacks_that_once_succeeded(walk: Walk) -> None:
    _judge(walk.try_all(attacks(walk.area, walk.rows, ways=ALWAYS)))


def test_a_part_of_the_walk_another_one_each_day(walk: Walk) -> None:
    writes = walk.writes()
    first = datetime.now(UTC).toordinal() * A_DAY % len(writes)
    _judge(walk.try_all([*writes, *writes][first : first + A_DAY]))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_the_whole_walk(walk: Walk, part: int, record_property: Callable[[str, object], None]) -> None:
    began, refused = process_time(), len(walk.refused_writes)
    every = [*attacks(walk.area, walk.rows), *walk.writes()]
    outcomes = walk.try_all(every[part::PARTS])
    figures = Figures.of(outcomes, refused=len(walk.refused_writes) - refused, seconds=process_time() - began)
    record_property("writer", json.dumps(vars(figures)))
    assert unreached(outcomes) == []
    _judge(outcomes)


def test_the_list_names_columns_that_exist() -> None:
    names = {
        name
        for heading in (falsifiable.COLUMNS, falsifiable.ROWS)
        for entry in falsifiable.entries(heading)
        for name in entry.names
    }
    assert names - falsifiable.known_names() == set()


def test_each_entry_says_what_is_false_and_what_a_reader_might_do() -> None:
    assert all("." in name for entry in falsifiable.entries(falsifiable.COLUMNS) for name in entry.names)
    for heading, cells in ((falsifiable.COLUMNS, 2), (falsifiable.ROWS, 3)):
        for entry in falsifiable.entries(heading):
            assert len(entry.words) == cells, entry.names
            assert all(len(cell) > 10 for cell in entry.words), entry.names


def test_the_list_names_events_that_exist() -> None:
    for entry in falsifiable.entries(falsifiable.ROWS):
        kinds = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", entry.words[-1]))
        assert kinds <= set(activity.WORDS), entry.names


@pytest.mark.parametrize("word", ["key", "recipient", "purpose", "safeguarding"])
def test_nothing_about_keys_recipients_purposes_or_safeguarding_is_on_the_list(word: str) -> None:
    """Only what removing rows or putting older ones back does may be about these, under its own heading."""
    for entry in falsifiable.entries(falsifiable.COLUMNS):
        for text in (*entry.names, *entry.words):
            assert word not in text.lower(), entry.names
