"""Which rows of a table the writer writes into: one for each part that a row can play in the journeys."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from tests.exchange.walks.writer.area import COLLEGE, SCHOOL, WritersArea
from tests.exchange.walks.writer.rows import Row, Rows
from transition_exchange.sealing.sessions import SessionToken

MOST = 4
"""The most rows of a table that are written into."""

Part = Callable[[WritersArea, Row], Hashable]
"""The part that a row plays; None if it plays none in the journeys."""


def targets(area: WritersArea, rows: Rows, table: str) -> list[Any]:
    """The primary keys of the first row in each part. A table that `PARTS` does not know: its first and last row."""
    if table == "ciphertexts":
        return targets(area, rows, "parts")  # they have the same ids
    part_of = PARTS.get(table)
    if part_of is None:
        keys = list(rows[table])
        return list(dict.fromkeys((*keys[:1], *keys[-1:])))
    found: dict[Hashable, Any] = {}
    for key, row in rows[table].items():
        part = part_of(area, row)
        if part is not None:
            found.setdefault(part, key)
    return list(found.values())[:MOST]


def _teams(area: WritersArea) -> Mapping[Any, str]:
    """The teams that the journeys are about."""
    school, college = area.world.school.teams, area.world.college.teams
    assert area.world.root is not None
    return {
        school["Transition team"].row.id: "school",
        college["Learning support"].row.id: "college",
        area.world.root.row.id: "council",
        school["Safeguarding team"].row.id: "leads",
    }


def _people(area: WritersArea) -> Mapping[Any, str]:
    people = area.world.people
    return {people[name].principal_id: name for name in ("senco", "college_support", "safeguarding_lead")}


def _sessions(area: WritersArea) -> Iterator[tuple[str, str]]:
    for name in ("senco", "college_support"):
        account = area.accounts[name]
        yield SessionToken.from_cookie(account.cookie).id, name
        if name == "senco":
            yield SessionToken.from_cookie(account.expired).id, "expired"


def _of_record(area: WritersArea, row: Row, *columns: str) -> Hashable:
    """For rows of the record that was sent: the values of some columns."""
    if row["record_id"] != area.records["sent"]:
        return None
    return tuple(row[column] for column in columns)


def _grant(area: WritersArea, row: Row) -> Hashable:
    team = _teams(area).get(row["grantee_team_id"])
    if row["record_id"] != area.records["sent"] or team not in ("school", "college"):
        return None
    return team, row["transfer_id"] is None, row["attachment_id"] is None


def _part(area: WritersArea, row: Row) -> Hashable:
    if row["record_id"] != area.records["sent"]:
        return None
    kind = row["name"].split("/")[0]
    if kind not in ("learner", "destinations", "data", "attachment", "safeguarding"):
        return None
    return kind, row["transfer_id"] is None if kind == "learner" else None


PARTS: Mapping[str, Part] = {
    "organisations": lambda area, row: (
        row["name"] if row["name"] in (SCHOOL, COLLEGE) or row["coordinates"] else None
    ),
    "teams": lambda area, row: _teams(area).get(row["id"]),
    "team_keys": lambda area, row: _teams(area).get(row["team_id"]),
    "key_pins": lambda area, row: _teams(area).get(row["team_id"]),
    "principals": lambda area, row: _people(area).get(row["id"]),
    "memberships": lambda area, row: (
        name if (name := _people(area).get(row["principal_id"])) and row["sealed"] != b"sealed" else None
    ),
    "unlocks": lambda area, row: row["kind"] if _people(area).get(row["principal_id"]) == "senco" else None,
    "sign_in_sessions": lambda area, row: dict(_sessions(area)).get(row["id"]),
    "records": lambda area, row: (
        row["id"] if row["id"] in (area.records["sent"], area.records["ready"]) else None
    ),
    "revisions": lambda area, row: _of_record(area, row, "owner", "number"),
    "attachments": lambda area, row: _of_record(area, row, "owner"),
    "grants": _grant,
    "parts": _part,
    "cards": lambda area, row: (
        _teams(area).get(row["team_id"]) if row["record_id"] == area.records["sent"] else None
    ),
    "transfers": lambda area, row: (
        row["id"] if row["id"] in (area.transfers["sent"], area.transfers["recalled"]) else None
    ),
    "receipts": lambda area, row: (
        (row["team_id"], row["revision_id"])
        if row["transfer_id"] == area.transfers["sent"]
        and row["team_id"]
        in (
            area.world.college.teams["Learning support"].row.id,
            area.world.college.teams["Safeguarding"].row.id,
        )
        else None
    ),
    "queries": lambda area, row: row["id"],
    "query_messages": lambda area, row: row["from_team_id"],
    "query_keyrings": lambda area, row: (row["message_id"], row["team_id"]),
}
