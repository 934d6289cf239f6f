"""A record for machines: names that never change, values that a program can read."""

from __future__ import annotations

import json
from datetime import date

from tests.packs.marked_records import NOW, PURPOSES, answers_of, sample
from transition_exchange.packs.data import ABOUT, cell, csv_columns, csv_row, record_json
from transition_exchange.proforma import Access, Finding, asked_answers, load

V2026, V2027 = load("core/2026.1"), load("core/2027.1")
GAP = Finding(
    "sen",
    "provision",
    ("sen", "provision"),
    "sen.provision.missing",
    "SEN provision",
    date(2027, 7, 1),
    "waiting",
)


def test_columns_depend_on_readers_and_versions_and_on_nothing_anybody_answered() -> None:
    accesses = [Access(version, frozenset({"admissions"})) for version in (V2027, V2026)]
    columns = csv_columns(accesses)
    assert columns[: len(ABOUT)] == ABOUT
    assert len(columns) == len(set(columns))
    readable = {name for access in accesses for name in access.sections}
    assert {name.partition(".")[0] for name in columns[len(ABOUT) :]} <= readable


def test_every_answer_of_the_audience_has_its_column() -> None:
    learner = sample("core/2027.1", "E")
    answers = answers_of(learner)
    for purpose in PURPOSES:
        access = Access.to_record(V2027, answers, {purpose})
        given = asked_answers(V2027, answers, access.sections)
        row = csv_row(
            V2027, given, from_school="A", to_provider="B", version_number=2, sent_at=NOW, gaps=[GAP, GAP]
        )
        assert set(row) <= set(csv_columns([access]))
        answered = {
            f"{section}.{name}"
            for section, values in given.items()
            for name in values
            if not name.startswith("_")
        }
        assert answered <= set(row)
        assert row["missing"] == "sen.provision"
        assert row["sent_at"] == "2027-06-03T13:05:00+00:00"


def test_values_are_codes_dates_and_words_a_program_knows() -> None:
    provision = V2027.question("sen.provision")
    needs = V2027.question("needs.needs")
    assert cell(provision, "E") == "E"
    assert cell(provision, True) == "yes"
    assert cell(provision, False) == "no"
    assert cell(provision, None) == ""
    assert cell(provision, ["A", "B"]) == "A; B"
    assert cell(needs, [{"type": "ASD", "rank": 1}, {"type": "SLCN", "rank": 2, "since": None}]) == (
        "type=ASD, rank=1; type=SLCN, rank=2"
    )


def test_the_json_names_its_shape_and_what_is_missing_and_why() -> None:
    made = record_json(
        V2027,
        {"sen": {"provision": "E"}},
        purposes=["exams", "admissions"],
        from_school="Å",
        to_provider="B",
        version_number=3,
        sent_at=NOW,
        gaps=[GAP],
        not_attached=["care_plan"],
        reference="1A2B-3C4D",
    )
    assert json.loads(made) == {
        "schema": "transition-exchange/record/1",
        "reference": "1A2B-3C4D",
        "form": "core/2027.1",
        "from": "Å",
        "to": "B",
        "for": ["admissions", "exams"],
        "version_sent": 3,
        "sent_at": "2027-06-03T13:05:00+00:00",
        "answers": {"sen": {"provision": "E"}},
        "missing": [
            {
                "question": "sen.provision",
                "code": "sen.provision.missing",
                "reason": "waiting",
                "expected": "2027-07-01",
            }
        ],
        "not_attached": [{"kind": "care_plan", "label": "Individual healthcare plan"}],
        "cannot_be_used": [],
        "held_back": 0,
    }
