"""The attacks by which somebody who could write to the database once reached something.

By four of them they read records, or had them sent to themselves; by the fifth the school believed a recall that nobody
made. The walk tries them in every run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

from tests.exchange.walks.writer.area import WRITER, WRITERS, WritersArea
from tests.exchange.walks.writer.rows import Rows
from tests.exchange.walks.writer.writes import Step, Write
from transition_exchange.exchange.records.standings import RECALL_EVENT
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.events import hash_of

ALWAYS = 4
"""In how many ways each of them is tried in every run; in the whole walk in all."""


def attacks(area: WritersArea, rows: Rows, *, ways: int | None = None) -> list[Write]:
    """Each of them.

    Args:
        ways: in how many ways; None for all.
    """
    return [
        Write("attack", name, steps)
        for part in (_own_key, _transfers, _late_saves, _own_purposes, _recalls)
        for name, steps in islice(part(area, rows), ways)
    ]


Named = Iterator[tuple[str, tuple[Step, ...]]]


def _own_key(area: WritersArea, _rows: Rows) -> Named:
    """A key of the writer's in the school's own row."""
    writers = area.secrets[area.world.places[WRITERS].teams[WRITERS].row.id]
    for whose, secret in (("planted", area.planted), ("the writer's team's", writers)):
        for name in ("Transition team", "Safeguarding team"):
            key_id = area.world.school.teams[name].key_id
            swapped = (
                Step("team_keys", key_id, "kem_public", secret.kem.public),
                Step("team_keys", key_id, "signing_public", secret.signing.public),
            )
            yield f"own key of {name}: {whose}", swapped
            yield f"own key of {name}: {whose}, to seal only", swapped[:1]


def _transfers(area: WritersArea, rows: Rows) -> Named:
    """A transfer to the writer's provider, which the school never chose, and a recall that is turned back."""
    sent, recalled = rows["transfers"][area.transfers["sent"]], area.transfers["recalled"]
    back = [Step("transfers", recalled, column, None) for column in ("recalled_at", "recalled_by")]
    yield "recall turned back to sent", (Step("transfers", recalled, "state", "sent"), *back)
    for name in ("sent", "ready", "recalled"):
        inserted: dict[str, Any] = {
            **sent,
            "id": uuid4(),
            "record_id": area.records[name],
            "provider_id": area.world.places[WRITERS].id,
        }
        yield f"transfer of {name} inserted", (Step("transfers", inserted["id"], row=inserted),)
    yield "recall turned back to acknowledged", (Step("transfers", recalled, "state", "acknowledged"), *back)
    moved = Step("transfers", area.transfers["sent"], "provider_id", area.world.places[WRITERS].id)
    yield "transfer moved to the writer's provider", (moved,)


def _late_saves(area: WritersArea, rows: Rows) -> Named:
    """What a session uses after its end, from a session of the writer's; the session is made to look expired."""
    senco, writer = area.accounts["senco"], area.accounts[WRITER]
    for what, session_id in (("expired", _id(senco.expired)), ("live", _id(senco.cookie))):
        row = rows["sign_in_sessions"][session_id]
        aged = Step("sign_in_sessions", session_id, "last_seen_at", row["last_seen_at"] - timedelta(hours=1))
        own = Step("sign_in_sessions", session_id, "principal_id", area.world.people[WRITER].principal_id)
        keys = rows["sign_in_sessions"][_id(writer.cookie)]["late_keys"]
        swapped = Step("sign_in_sessions", session_id, "late_keys", keys)
        yield f"late keys of the {what} session", (swapped, aged)
        yield f"person of the {what} session", (own, aged)
        yield f"late keys and person of the {what} session", (swapped, own, aged)


def _id(cookie: str) -> str:
    return SessionToken.from_cookie(cookie).id


def _own_purposes(area: WritersArea, _rows: Rows) -> Named:
    """Other work for the school's own teams, and for the writer's."""
    school, writers = area.world.school.teams, area.world.places[WRITERS].teams[WRITERS]
    both = ["transition", "school_safeguarding"]
    at_school = Step("teams", writers.row.id, "organisation_id", area.world.school.id)
    yield (
        "the writer's team as one of the school's",
        (at_school, Step("teams", writers.row.id, "purposes", both)),
    )
    for purposes in (both, ["neet_group"], ["school_safeguarding"]):
        for name, team in (*school.items(), (WRITERS, writers)):
            yield f"{name} for {' and '.join(purposes)}", (Step("teams", team.row.id, "purposes", purposes),)


def _recalls(area: WritersArea, rows: Rows) -> Named:
    """An event at the end of the school's chain that says that a record was taken back, with the end of the chain."""
    chain = [row for row in rows["events"].values() if row["organisation_id"] == area.world.school.id]
    last = max(chain, key=lambda row: int(row["seq"]))
    for name in ("sent", "recalled"):
        id, number = uuid4(), last["seq"] + 1
        said = json.loads(last["body"]) | {
            "event": str(id),
            "kind": RECALL_EVENT,
            "about": {"record": str(area.records[name]), "transfer": str(area.transfers[name])},
            "seq": number,
            "previous": last["hash"],
        }
        body = json.dumps(said, separators=(",", ":"), sort_keys=True)
        row = {**last, "id": id, "seq": number, "body": body, "hash": hash_of(body)}
        yield (
            f"recall of {name} invented",
            (
                Step("events", id, row=row),
                Step("chain_heads", area.world.school.id, "seq", number),
                Step("chain_heads", area.world.school.id, "hash", row["hash"]),
            ),
        )
