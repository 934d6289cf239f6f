"""Somebody who has left a team: they know its older key and what it opened, and read the whole database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from tests.exchange.walks.opened import opened_by
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records import parts
from transition_exchange.sealing import CannotOpen, keyrings
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Ciphertext, Grant, Part, Record

SCHOOL, OFFICE, LEADS = "Ashdown School", "Transition team", "Safeguarding team"


@dataclass
class Leaver:
    """What they took with them.

    Attributes:
        actor: as their session had them, with the older key only.
        keys: every part key that they ever opened, by part name and by what it is a part of.
    """

    world: World
    actor: Actor
    keys: Mapping[tuple[UUID, str], bytes]

    @property
    def secret(self) -> TeamSecret:
        """The team's secret that they know."""
        return self.actor.teams[0].secret

    @property
    def opens(self) -> Mapping[str, frozenset[str]]:
        """The keyrings and cards that the older key opens now: part names by what each keyring is of."""
        return opened_by(self.world, self.secret)

    def reads(self) -> set[tuple[UUID, str]]:
        """The parts that they read now: with a key that they kept, or out of a keyring that the older key opens."""
        read: set[tuple[UUID, str]] = set()
        with self.world.db.read() as session:
            known = dict(self.keys) | _keys_in(list(session.scalars(select(Grant))), self.secret)
            for part, body in session.execute(
                select(Part, Ciphertext.body).join(Ciphertext, Ciphertext.id == Part.id)
            ):
                subject = part.revision_id or part.attachment_id
                assert subject is not None
                record = session.get_one(Record, part.record_id)
                for key in {key for (_, name), key in known.items() if name == part.name}:
                    with suppress(Tampered):
                        binding = parts.binding_of(record, subject)
                        parts.open_part(binding=binding, name=part.name, key=key, body=body)
                        read.add((subject, part.name))
        return read


def leave(world: World, person: str = "senco", team: str = OFFICE, place: str = SCHOOL) -> Leaver:
    """Somebody leaves a team, whose key is changed. The others hold both keys from now on."""
    made = world.places[place].teams[team]
    with world.db.read() as session:
        keys = _keys_in(list(session.scalars(select(Grant))), made.secret)
    leaver = Leaver(world, replace(world.people[person], teams=(made.opened,)), keys)
    world.new_key(place, team)
    return leaver


def knows(world: World, actor: Actor) -> Leaver:
    """Somebody with a copy of the database, and with every key that the first of their teams can open now."""
    with world.db.read() as session:
        return Leaver(world, actor, _keys_in(list(session.scalars(select(Grant))), actor.teams[0].secret))


def _keys_in(rows: list[Grant], secret: TeamSecret) -> dict[tuple[UUID, str], bytes]:
    found: dict[tuple[UUID, str], bytes] = {}
    for grant in rows:
        subject = grant.revision_id or grant.attachment_id
        assert subject is not None
        use = f"keyring {grant.record_id} {subject} {grant.transfer_id or 'own'}"
        with suppress(CannotOpen):
            opened = keyrings.open(secret.kem, grant.keyring or b"", use=use)
            found |= {(subject, name): key for name, key in opened.items()}
    return found
