"""Whose turn it is about a place: every combination of destination, status, readiness, transfer and receipt.

Each cell of a table is what somebody who looks at the line reads. `.` stands for nothing to do, and several things are
joined by `+`. The words behind the cells stand in `WORDS`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from transition_exchange.exchange.coordinating.acting import Turn
from transition_exchange.exchange.coordinating.area_facts import AreaFacts, Blocked
from transition_exchange.exchange.coordinating.places import APPLIED_FOR, counting
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer
from transition_exchange.exchange.coordinating.turns import turns
from transition_exchange.proforma.rules.destination_codes import DESTINATION_KINDS, DESTINATION_STATUS

SCHOOL, COLLEGE, KESTREL = (UUID(int=number) for number in (1, 2, 3))
NOW = datetime(2027, 6, 1, 9, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(days=90), NOW + timedelta(days=9)

WORDS = {
    "send": "School to send it to Northway",
    "again": "School to send the changed form to Northway",
    "back": "School to take it back from Northway",
    "offer?": "School to record whether Northway made an offer",
    "place?": "School to record whether the place at Northway was accepted",
    "accepted?": "School to record whether the offer from Northway was accepted",
    "enrolled?": "School to record that they have enrolled at Northway",
    "own": "School to get its team ready",
    "answer": "School to answer a question",
    "confirm": "Council to confirm a security number of Northway by phone",
    "invite": "Council to invite Northway: it is not in this exchange",
    "nobody": "Council to invite Northway again: nobody there has joined yet",
    "find": "Council to find out where they are: they did not arrive at Northway",
    "help": "Council to help them find a place",
    "train": "Council to talk to them about training: so far they have a job without",
    "tell": "Council to tell their new council that they are coming",
    "ready": "Northway to get its teams ready",
    "open": "Northway to open it",
    "look": "Northway to open it: so far it was only downloaded in a table",
    "read": "Northway to read the school’s answer",
    "take": "Northway to acknowledge it",
    "open part": "Northway’s safeguarding team to open its part",
    "part": "School’s safeguarding team to send its part",
    "part too": "School’s safeguarding team to send its part to Northway too",
}

READINESS: dict[str, Blocked | None] = {
    "ready": None,
    "to confirm": Blocked(by_council=True, since=EARLIER),
    "not ready": Blocked(by_council=False, since=EARLIER),
    "nobody joined": Blocked(by_council=False, since=EARLIER, nobody=True),
}

NOT_SENT = """
status        | ready     | to confirm | not ready | nobody joined | outside
no status     | offer?    | offer?     | offer?    | offer?        | offer?
allocated     | place?    | place?     | place?    | place?        | place?
applied       | offer?    | offer?     | offer?    | offer?        | offer?
interviewed   | offer?    | offer?     | offer?    | offer?        | offer?
conditional   | accepted? | accepted?  | accepted? | accepted?     | accepted?
unconditional | accepted? | accepted?  | accepted? | accepted?     | accepted?
accepted      | send      | confirm    | ready     | nobody        | invite
enrolled      | send      | confirm    | ready     | nobody        | invite
declined      | help      | help       | help      | help          | help
"""
"""What was not sent, in an area where packs go out once a place is accepted; whatever one applies for."""

SENT = """
transfer      | no status          | allocated          | applied            | interviewed        | conditional           | unconditional         | accepted    | enrolled    | declined    | gone
sent          | open + offer?      | open + place?      | open + offer?      | open + offer?      | open + accepted?      | open + accepted?      | open        | open        | back + help | back
in a table    | look + offer?      | look + place?      | look + offer?      | look + offer?      | look + accepted?      | look + accepted?      | look        | look        | back + help | back
received      | take + offer?      | take + place?      | take + offer?      | take + offer?      | take + accepted?      | take + accepted?      | take        | take        | back + help | back
asked         | answer + offer?    | answer + place?    | answer + offer?    | answer + offer?    | answer + accepted?    | answer + accepted?    | answer      | answer      | back + help + answer | back + answer
answered      | read + offer?      | read + place?      | read + offer?      | read + offer?      | read + accepted?      | read + accepted?      | read        | read        | back + help | back
acknowledged  | offer?             | place?             | offer?             | offer?             | accepted?             | accepted?             | .           | .           | back + help | back
part waits    | open part + offer? | open part + place? | open part + offer? | open part + offer? | open part + accepted? | open part + accepted? | open part   | open part   | back + help | back
without part  | part too + offer?  | part too + place?  | part too + offer?  | part too + offer?  | part too + accepted?  | part too + accepted?  | part too    | part too    | back + help | back
enrolled      | offer?             | place?             | offer?             | offer?             | accepted?             | accepted?             | .           | .           | help        | .
did_not_arrive| find + offer?      | find + place?      | find + offer?      | find + offer?      | find + accepted?      | find + accepted?      | find        | find        | back + help | back
moved         | offer?             | place?             | offer?             | offer?             | accepted?             | accepted?             | .           | .           | help        | .
"""  # noqa: E501
"""What was sent: rows what became of it, columns the status now. `gone`: another place was accepted, and has it."""

CHANGED = """
transfer      | ready | to confirm | not ready | nobody joined
acknowledged  | again | confirm    | ready     | nobody
sent          | again + open | confirm + open | ready + open | nobody + open
"""
"""A form that was changed after sending, by the readiness of the provider now."""

ELSEWHERE = {
    "job": "train",
    "moving_away": "tell",
    "none_yet": "help",
}
"""Destinations that one does not apply for."""


def cells(table: str) -> list[tuple[str, str, str]]:
    """Row, column and content of each cell."""
    heads, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return [(row[0], column, cell) for row in rows for column, cell in zip(heads[1:], row[1:], strict=True)]


def record(**differs: Any) -> PlainRecord:
    plain: dict[str, Any] = {
        "id": UUID(int=9),
        "school_id": SCHOOL,
        "leaving_year": 2027,
        "complete": True,
        "started": True,
        "created_at": EARLIER,
        "changed_at": NOW,
        "safeguarding_released": True,
    }
    return PlainRecord(**plain | differs)


def facts(
    *, theirs: Blocked | None = None, own: Blocked | None = None, send_at: str = "accepted"
) -> AreaFacts:
    return AreaFacts(
        area_id=UUID(int=8),
        name="Ashdown",
        send_at=send_at,
        names={SCHOOL: "Ashdown School", COLLEGE: "Northway", KESTREL: "Kestrel"},
        contacts={},
        receivers=frozenset({COLLEGE, KESTREL}),
        sending={SCHOOL: own} if own else {},
        receiving={COLLEGE: theirs} if theirs else {},
    )


def row(
    status: str | None, kind: str = "provider", to: UUID | None = COLLEGE, name: str = "Northway"
) -> dict[str, Any]:
    told = {} if status in (None, "no status") else {"status": status}
    return {"kind": kind, "provider_name": name, **({"organisation": str(to)} if to else {}), **told}


def transfer(became: str, to: UUID = COLLEGE) -> PlainTransfer:
    """A transfer of which something became: a row of `SENT`."""
    state = {"in a table": "sent", "asked": "queried", "answered": "queried"}.get(became, became)
    state = "acknowledged" if became in ("part waits", "without part") else state
    return PlainTransfer(
        id=uuid4(),
        record_id=UUID(int=9),
        provider_id=to,
        state=state,
        sent_at=LATER,
        safeguarding_due=None,
        waiting_since=None,
        given_out=became == "in a table",
        safeguarding_waiting=became == "part waits",
        safeguarding_opened=became not in ("part waits", "without part"),
        asked=(("transition", LATER),) if became == "asked" else (),
    )


def said(found: tuple[Turn, ...]) -> set[str]:
    return {turn.words for turn in found}


def meant(cell: str) -> set[str]:
    return set() if cell == "." else {WORDS[code.strip()] for code in cell.split("+")}


@pytest.mark.parametrize("kind", APPLIED_FOR)
@pytest.mark.parametrize(("status", "readiness", "cell"), cells(NOT_SENT))
def test_what_was_not_sent(kind: str, status: str, readiness: str, cell: str) -> None:
    outside = readiness == "outside"
    area = facts(theirs=None if outside else READINESS[readiness])
    if outside:
        area = AreaFacts(**{**vars(area), "names": {SCHOOL: "Ashdown School"}, "receivers": frozenset()})
    found = turns(
        record=record(),
        transfers=(),
        destinations=[row(status, kind, None if outside else COLLEGE)],
        facts=area,
    )
    stays = outside and kind == "staying_on" and status in ("accepted", "enrolled")
    assert said(found) == (set() if stays else meant(cell)), "who stays on needs no pack"


@pytest.mark.parametrize("kind", APPLIED_FOR)
@pytest.mark.parametrize(("became", "status", "cell"), cells(SENT))
def test_what_was_sent(kind: str, became: str, status: str, cell: str) -> None:
    sent, destinations = [transfer(became)], [row(status, kind)]
    if status == "gone":
        sent, destinations = (
            [*sent, transfer("acknowledged", KESTREL)],
            [row("accepted", kind, KESTREL, "Kestrel")],
        )
    found = turns(record=record(), transfers=sent, destinations=destinations, facts=facts())
    assert said(found) == meant(cell)


@pytest.mark.parametrize(("became", "readiness", "cell"), cells(CHANGED))
def test_what_was_changed_after_sending(became: str, readiness: str, cell: str) -> None:
    found = turns(
        record=record(),
        transfers=[transfer(became)],
        destinations=[row("accepted")],
        facts=facts(theirs=READINESS[readiness]),
        changed_for=[COLLEGE],
    )
    assert said(found) == meant(cell)


@pytest.mark.parametrize(("kind", "cell"), ELSEWHERE.items())
@pytest.mark.parametrize("complete", [True, False])
def test_where_there_is_no_place_it_is_the_groups_own_business(kind: str, cell: str, complete: bool) -> None:
    found = turns(
        record=record(complete=complete), transfers=(), destinations=[{"kind": kind}], facts=facts()
    )
    form = set() if complete else {"School to fill in what is missing"}
    assert said(found) == meant(cell) | form
    beside = turns(
        record=record(complete=complete),
        transfers=(),
        destinations=[{"kind": kind}, row("applied")],
        facts=facts(),
    )
    assert said(beside) == (meant("offer?") if complete else form), "an application is still open"


def test_the_tables_hold_every_kind_and_every_status() -> None:
    assert {code for code, _ in DESTINATION_KINDS} == {*APPLIED_FOR, *ELSEWHERE}
    statuses = {code for code, _ in DESTINATION_STATUS} | {"no status"}
    assert {status for status, _, _ in cells(NOT_SENT)} == statuses
    assert {status for _, status, _ in cells(SENT)} == statuses | {"gone"}
    assert {readiness for _, readiness, _ in cells(NOT_SENT)} == {*READINESS, "outside"}
    assert {cell for cell in WORDS if cell not in ("own", "enrolled?", "train", "tell", "part", "again")} <= {
        code.strip()
        for table in (NOT_SENT, SENT, CHANGED)
        for _, _, cell in cells(table)
        for code in cell.split("+")
    }


@pytest.mark.parametrize(
    ("became", "status"), list(product(("sent", "acknowledged"), ("accepted", "conditional")))
)
def test_a_place_that_changed_after_results_day_is_sent_to_and_the_old_one_gives_it_up(
    became: str, status: str
) -> None:
    found = turns(
        record=record(),
        transfers=[transfer(became)],
        destinations=[row("accepted", to=KESTREL, name="Kestrel"), row("declined")],
        facts=facts(),
    )
    assert said(found) == {"School to send it to Kestrel and take it back from Northway"}
    enrolled = turns(
        record=record(),
        transfers=[transfer(became), transfer("acknowledged", KESTREL)],
        destinations=[row("enrolled", to=KESTREL, name="Kestrel"), row(status)],
        facts=facts(),
    )
    assert said(enrolled) == meant("back")


def test_each_accepted_place_gets_its_own() -> None:
    found = turns(
        record=record(),
        transfers=[transfer("acknowledged")],
        destinations=[row("accepted"), row("accepted", to=KESTREL, name="Kestrel")],
        facts=facts(),
    )
    assert said(found) == {"School to send it to Kestrel"}


def test_several_offers_are_one_thing_to_ask() -> None:
    found = turns(
        record=record(),
        transfers=(),
        destinations=[
            row("conditional"),
            row("conditional", to=KESTREL),
            row("applied", to=None, name="Elm"),
        ],
        facts=facts(),
    )
    assert said(found) == {
        "School to record whether the offer from Northway or Kestrel was accepted",
        "School to record whether Elm made an offer",
    }


@pytest.mark.parametrize("send_at", ["conditional", "enrolled"])
def test_the_areas_rule_says_when_it_is_sent(send_at: str) -> None:
    area = facts(send_at=send_at)
    for status, early, late in (
        ("conditional", "send + accepted?", "accepted?"),
        ("accepted", "send", "enrolled?"),
    ):
        found = turns(record=record(), transfers=(), destinations=[row(status)], facts=area)
        assert said(found) == meant(early if send_at == "conditional" else late)


def test_a_form_that_is_not_finished_is_finished_first_and_others_act_meanwhile() -> None:
    unfinished = record(complete=False)
    fill = {"School to fill in what is missing"}
    for status, theirs, further in (
        ("accepted", None, set()),
        ("conditional", None, set()),
        ("accepted", READINESS["nobody joined"], meant("nobody")),
    ):
        found = turns(record=unfinished, transfers=(), destinations=[row(status)], facts=facts(theirs=theirs))
        assert said(found) == fill | further
    held = turns(
        record=unfinished, transfers=[transfer("acknowledged")], destinations=[row("declined")], facts=facts()
    )
    assert said(held) == fill | meant("back + help")


def test_the_schools_own_team_comes_before_the_providers() -> None:
    own = Blocked(by_council=False, since=EARLIER)
    found = turns(
        record=record(),
        transfers=(),
        destinations=[row("accepted"), row("accepted", to=KESTREL)],
        facts=facts(own=own, theirs=READINESS["not ready"]),
    )
    assert [turn.words for turn in found] == [WORDS["own"]], "once, for two places"


def test_nobody_waits_before_there_was_something_to_do() -> None:
    (turn,) = turns(
        record=record(),
        transfers=(),
        destinations=[row("accepted")],
        facts=facts(theirs=READINESS["not ready"]),
    )
    assert turn.since == NOW, "the team was not ready long before anybody wanted to send"
    blocked = Blocked(by_council=True, since=LATER)
    (turn,) = turns(
        record=record(), transfers=(), destinations=[row("accepted")], facts=facts(theirs=blocked)
    )
    assert (turn.since, turn.organisation, turn.page) == (LATER, COLLEGE, "organisation")


def test_safeguarding_is_not_released_or_not_certain() -> None:
    held: dict[str, Any] = {
        "transfers": [transfer("acknowledged")],
        "destinations": [row("accepted")],
        "facts": facts(),
    }
    assert said(turns(record=record(safeguarding_released=False), **held)) == meant("part")
    (turn,) = turns(record=record(safeguarding_released=False, safeguarding_doubtful=True), **held)
    assert (turn.who, turn.certain) == ("safeguarding", False)


def test_what_counts_is_the_furthest() -> None:
    rows = [row("applied"), row("accepted"), row("declined"), {"kind": "job"}]
    assert counting(rows) == [row("accepted")]
    assert counting([*rows, row("enrolled")]) == [row("enrolled")]
    assert counting([row("applied"), row("declined")]) == [row("applied")]
