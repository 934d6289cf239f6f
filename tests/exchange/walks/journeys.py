"""A record's whole way, as far as it goes: written, sent, released, asked about and answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import NoResultFound

from tests.exchange.documents import pdf
from tests.exchange.walks.opened import opened_by
from tests.exchange.world import World
from transition_exchange.exchange.errors import ExchangeError
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.sealing.keys import TeamSecret

STEPS = ("add", "fill", "attach", "send", "write", "release", "ask", "answer")
"""What happens to a record in turn. The safeguarding team writes and releases; the others are the transition team's,
and the college asks."""
NOT_REACHED = (ExchangeError, NoResultFound, IndexError)
"""A step was refused, or one before it was: there is no transfer to ask about, or no question to answer."""


@dataclass
class Journey:
    """How far a record got.

    Attributes:
        reached: the steps that were not refused.
    """

    world: World
    reached: list[str] = field(default_factory=list)
    record_id: UUID | None = None

    def shapes(self, secret: TeamSecret) -> Counter[frozenset[str]]:
        """What a secret opens of this record: the parts in each of its keyrings, with every id left out."""
        return Counter(
            frozenset(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", name) for name in names)
            for place, names in opened_by(self.world, secret).items()
            if str(self.record_id) in place
        )


def journey(world: World, forename: str = "Amina") -> Journey:
    """Take a new record as far as it goes. A step that is refused is left out, and the next is tried all the same."""
    going = Journey(world)
    steps: dict[str, Callable[[], object]] = {
        "fill": lambda: world.fill(_record(going)),
        "attach": lambda: attach(
            db=world.db,
            actor=world.senco,
            record_id=_record(going),
            kind="form_8",
            name="Form 8",
            dated=world.today,
            content=pdf(),
        ),
        "send": lambda: _send(world, _record(going), "transition"),
        "write": lambda: world.save(
            _record(going), {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding"
        ),
        "release": lambda: _send(world, _record(going), "school_safeguarding"),
        "ask": lambda: asking.ask(
            db=world.db,
            actor=world.college_support,
            transfer_id=world.transfer_of(_record(going)),
            text="What helps?",
        ),
        "answer": lambda: asking.reply(
            db=world.db,
            actor=world.senco,
            query_id=threads.queries(db=world.db, actor=world.senco)[-1].id,
            text="Time",
        ),
    }
    going.record_id = world.add(forename)
    going.reached.append("add")
    for name in STEPS[1:]:
        try:
            steps[name]()
        except NOT_REACHED:
            continue
        going.reached.append(name)
    return going


def _record(going: Journey) -> UUID:
    assert going.record_id is not None
    return going.record_id


def _send(world: World, record_id: UUID, owner: str) -> None:
    world.send(record_id, owner=owner)
