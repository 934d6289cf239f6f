"""To whom everything was sealed that was made after a write.

The writer's key and the writer's team's are tried on every ciphertext, and then one team's secret after the other until
one opens it. No other secret opens it then: it was sealed to one public key.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.exchange.walks.writer.area import COLLEGE, SCHOOL, WRITERS, WritersArea
from tests.exchange.walks.writer.rows import Rows
from transition_exchange.sealing import CannotOpen, hpke, keyrings, late_saves, ledger
from transition_exchange.sealing.cards import Place
from transition_exchange.sealing.keys import TeamSecret

PLANTED = "the writer's planted key"
NOBODY = "nobody"

Got = Mapping[str, frozenset[str]]
"""What each secret opens among the new ciphertexts, as `where it goes: part`, by whose secret it is."""


@dataclass(frozen=True)
class Sealed:
    """A ciphertext, and how a secret would open it.

    Attributes:
        record: the record that it is about.
        what: a word for it, if it is no keyring.
        team: the team that its row names, which is tried first.
    """

    kind: str
    record: UUID
    what: str
    use: str
    team: UUID
    body: bytes

    def opened_with(self, secret: TeamSecret) -> Iterator[str]:
        """The parts to which a secret leads; none if it does not open this."""
        with suppress(CannotOpen):
            if self.kind == "keyring":
                yield from keyrings.open(secret.kem, self.body, use=self.use)
                return
            hpke.open(secret.kem, self.body, info=self.use)
            yield self.what
        if self.kind == "card":
            with suppress(CannotOpen):
                ledger.open(secret.ledger_key, self.use, self.body)
                yield self.what


def got(area: WritersArea, before: Rows, after: Rows) -> Got:
    """What each secret opens among the ciphertexts that were made between two moments.

    Args:
        before: all rows after the write, before anybody acted.
        after: all rows after everybody has acted.
    """
    secrets = {PLANTED: area.planted, WRITERS: area.world.places[WRITERS].teams[WRITERS].secret}
    names = {team_id: _name_of(area, team_id) for team_id in area.secrets}
    others = {name: area.secrets[team_id] for team_id, name in names.items() if name != WRITERS}
    opened: defaultdict[str, set[str]] = defaultdict(set)
    for sealed in _new(area, before, after):
        named = names.get(sealed.team, "")
        in_turn = {**secrets, **({named: others[named]} if named in others else {}), **others}
        opener = NOBODY
        for whose, secret in in_turn.items():
            parts = set(sealed.opened_with(secret))
            opened[whose] |= {f"{_where(area, sealed, whose)}: {_part(part)}" for part in parts}
            opener = whose if parts else opener
            if opener not in (NOBODY, PLANTED):
                break
        if opener == NOBODY:
            opened[NOBODY].add(f"{_where(area, sealed, NOBODY)}: {sealed.kind}")
    for whose in _late(area, before, after):
        opened[whose].add("late save")
    return {whose: frozenset(parts) for whose, parts in opened.items() if parts}


def _name_of(area: WritersArea, team_id: UUID) -> str:
    """A team's name; the writer's provider has only one, which is called like it."""
    for place in area.world.places.values():
        for name, team in place.teams.items():
            if team.row.id == team_id:
                return name if name == place.name else f"{place.name}, {name}"
    raise KeyError(team_id)


def _where(area: WritersArea, sealed: Sealed, whose: str) -> str:
    """What a ciphertext is about, as far as it decides who may open it."""
    names = {record_id: name for name, record_id in area.records.items()}
    name = names.get(sealed.record, "a learner who was added")
    if whose.startswith(f"{SCHOOL}, ") and name != "writers":
        return "the own school's record"
    return "a record that goes to the college" if name in area.going else f"the record {name}"


def _part(name: str) -> str:
    """A part's name without ids and without what is random in it."""
    return re.sub(r"/[0-9a-f]{8}(?=/|$)", "", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", name))


def _new(area: WritersArea, before: Rows, after: Rows) -> Iterator[Sealed]:
    transfers = after["transfers"]
    for row in _fresh(before, after, "grants", "keyring"):
        subject = row["revision_id"] or row["attachment_id"]
        use = f"keyring {row['record_id']} {subject} {row['transfer_id'] or 'own'}"
        yield Sealed("keyring", row["record_id"], "", use, row["grantee_team_id"], row["keyring"])
    for row in _fresh(before, after, "query_keyrings", "keyring"):
        message = after["query_messages"][row["message_id"]]
        query = after["queries"].get(message["query_id"], {})
        transfer = transfers.get(query.get("transfer_id"), {})
        use = f"query {message['query_id']} {message['id']}"
        record = transfer.get("record_id", area.records["sent"])
        yield Sealed("keyring", record, "", use, row["team_id"], row["keyring"])
    for row in _fresh(before, after, "cards", "sealed"):
        earlier = before["cards"].get(row["id"])
        if earlier and row["state"] == "ledger" and earlier["changed_at"] == row["changed_at"]:
            continue  # a team moved what it had been sent before under its own ledger key
        place = Place(row["id"], row["record_id"], row["transfer_id"], row["team_id"])
        what = "card of a transfer" if row["transfer_id"] else "card"
        yield Sealed("card", row["record_id"], what, place.use, row["team_id"], row["sealed"])


def _fresh(before: Rows, after: Rows, table: str, column: str) -> Iterator[Mapping[str, Any]]:
    for key, row in after[table].items():
        earlier = before[table].get(key)
        if row[column] is not None and (earlier is None or earlier[column] != row[column]):
            yield row


def _late(area: WritersArea, before: Rows, after: Rows) -> Iterator[str]:
    """Whose key pair opens each new late save."""
    for row in _fresh(before, after, "late_saves", "sealed"):
        openers = []
        for name, account in area.accounts.items():
            principal_id = area.world.people[name].principal_id
            with suppress(CannotOpen):
                late_saves.open(
                    account.pair,
                    row["sealed"],
                    principal_id=principal_id,
                    use=f"late save {principal_id} {row['id']}",
                )
                openers.append(name)
        yield from openers or [NOBODY]


def received(area: WritersArea, before: Rows, after: Rows) -> list[str]:
    """What providers were sent that the sealed destinations do not name: transfers, grants, cards and receipts."""
    wrong = []
    team_places = {
        team.row.id: place.id for place in area.world.places.values() for team in place.teams.values()
    }
    receivers = {place.id for place in area.world.places.values() if place.name in (COLLEGE, WRITERS)}
    for table, provider_of in (
        ("transfers", lambda row: row["provider_id"]),
        ("grants", lambda row: team_places.get(row["grantee_team_id"])),
        ("cards", lambda row: team_places.get(row["team_id"])),
    ):
        for key, row in after[table].items():
            allowed = area.allowed.get(row["record_id"])
            provider = provider_of(row)
            if key in before[table] or allowed is None or provider not in receivers:
                continue
            if provider not in allowed:
                wrong.append(f"{table}: a provider that the destinations do not name")
    return wrong
