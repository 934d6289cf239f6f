"""The coordinator's list of 50 at 300, 3,000 and 30,000 learners, against the 300 of the same run.

`python -m tests.benchmarks.bench_coordinator`. Opening the ledger is measured apart: it is paid once a session. Cards
are sealed as the school seals them, rows are those of real records; only the sealed forms behind them are missing,
which no coordinator opens.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from tests.exchange.coordinators import signed_in
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.listing import Wanted, learners
from transition_exchange.exchange.coordinating.overview import overview
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.sealing import ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Record, Transfer

SIZES = (300, 3_000, 30_000)
ROUNDS = 60
GOAL = 1.5
"""Flat: at 30,000 no more than half as much again as at 300, which is the noise of a small machine."""
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = ("Amina", "Ben", "Chidi", "Dorota", "Ewan", "Farah", "Grace", "Hamza", "Isla", "Jakub")
LAST = (
    "Adams",
    "Begum",
    "Clark",
    "Dube",
    "Evans",
    "Fox",
    "Green",
    "Hussain",
    "Iqbal",
    "Jones",
    "Khan",
    "Lis",
)


def card(dice: random.Random, place: int) -> dict[str, Any]:
    """A learner's card for the NEET group."""
    offered = dice.random() < 0.7
    return {
        "format": 1,
        "version": "core/2027.1",
        "purpose": "neet_group",
        "as_of": TODAY.isoformat(),
        "legal_forename": dice.choice(FIRST),
        "legal_surname": f"{dice.choice(LAST)}-{dice.choice(LAST)}",
        "date_of_birth": (date(2010, 9, 1) + timedelta(days=dice.randrange(365))).isoformat(),
        "school_name": "A school",
        "upn": f"A372{place:09d}",
        "uln": f"1{place:09d}",
        "provision": dice.choice("NNNNNNKKE"),
        "in_care": dice.random() < 0.02,
        "attendance_band": "95",
        "band": dice.choice(("red", "amber", "green")),
        "destinations": [
            {
                "kind": "provider",
                "provider_name": dice.choice(("Northway College", "Riverside Boxing", "Elsewhere College")),
                "course": "Animal care",
                "level": "2",
                "preference": 1,
                "status": "accepted" if offered else "applied",
            }
        ],
        "gaps": [] if place % 3 else ["pupil_number.upn", "told.learner_told"],
        "other_gaps": 0 if place % 3 else 4,
        "errors": 0,
        "objection": False,
    }


def sealed_card(team: MadeTeam, school: MadeTeam, place: Place, content: dict[str, Any]) -> bytes:
    """A card that a school's team signed, in the ledger of the NEET group."""
    card = SignedCard.sign(
        school.secret.signing,
        place=place,
        school=school.identity.organisation_id,
        key=school.key_id,
        content=content,
        made_at=NOW,
    )
    return ledger.seal(team.secret.ledger_key, place.use, card.to_bytes())


def rows(world: World, team: MadeTeam, schools: list[MadeTeam], size: int) -> Iterator[tuple[Any, Any, Any]]:
    """Records with their cards and, for a third of them, a transfer."""
    dice = random.Random(size)
    for place in range(size):
        record_id, card_id = uuid4(), uuid4()
        added = NOW - timedelta(minutes=10 + place % 40_000)
        school = schools[place % len(schools)]
        lies = Place(card_id, record_id, None, team.row.id)
        yield (
            {
                "id": record_id,
                "area_id": world.area_id,
                "organisation_id": school.identity.organisation_id,
                "leaving_year": leaving_year_on(TODAY),
                "version": "core/2027.1",
                "created_at": added,
                "changed_at": added,
                "delete_on": date(2028, 8, 31),
                "complete": bool(place % 3),
                "everybody_gaps": 0 if place % 3 else 2,
                "started": True,
            },
            {
                "id": card_id,
                "team_id": team.row.id,
                "record_id": record_id,
                "team_key_id": team.key_id,
                "state": "ledger",
                "card_format": CARD_FORMAT,
                "sealed": sealed_card(team, school, lies, card(dice, place)),
                "changed_at": added,
            },
            {
                "id": uuid4(),
                "record_id": record_id,
                "provider_id": world.college.id,
                "state": dice.choice(("sent", "received", "acknowledged")),
                "sent_at": added,
            }
            if place % 3 == 1
            else None,
        )


def fill(world: World, size: int) -> Actor:
    """Fill an area with learners at 14 schools; returns a coordinator who has opened nothing yet."""
    team = world.places["Ashdown Council"].teams["NEET group"]
    names = [f"School {number}" for number in range(14)]
    for name in names:
        world.place(name, kind="school", sends=True)
    schools = [world.team(name, "Transition team", "transition") for name in names]
    made = list(rows(world, team, schools, size))
    with world.db.write() as session:
        for model, column in ((Record, 0), (Card, 1), (Transfer, 2)):
            values = [row[column] for row in made if row[column] is not None]
            for start in range(0, len(values), 2_000):
                session.execute(insert(model), values[start : start + 2_000])
        for school in sorted(team.identity.organisation_id for team in schools):
            events.append(session, organisation_id=school, kind="learner.added", about={"records": size})
    return signed_in(world.coordinator)


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(folder: Path, size: int) -> dict[str, float]:
    """Milliseconds: opening, then the median of each kind of look at the list."""
    db = Database(f"sqlite:///{folder / f'{size}.db'}")
    db.create()
    world = World.build(db)
    actor = fill(world, size)
    last = max(1, size // 50)
    looks = {
        "first page": Wanted(),
        "last page": Wanted(page=last),
        "filtered": Wanted(state="incomplete", turn="school", provision="K"),
        "by waiting": Wanted(sort="waiting", state="complete"),
        "searched": Wanted(search="amina kha"),
    }
    found = {"opening": timed(lambda: learners(db=db, actor=actor, wanted=Wanted(), today=TODAY)) * 1000}
    for name, wanted in looks.items():
        learners(db=db, actor=actor, wanted=wanted, today=TODAY)
        times = [
            timed(lambda wanted=wanted: learners(db=db, actor=actor, wanted=wanted, today=TODAY))  # type: ignore[misc]
            for _ in range(ROUNDS)
        ]
        found[name] = statistics.median(times) * 1000
    overview(db=db, actor=actor, today=TODAY)
    found["overview"] = (
        statistics.median(timed(lambda: overview(db=db, actor=actor, today=TODAY)) for _ in range(ROUNDS))
        * 1000
    )
    db.dispose()
    return found


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        results = {size: measure(Path(folder), size) for size in SIZES}
    print(
        f"Coordinator's list of 50, milliseconds (median of {ROUNDS}); goal: flat, at most {GOAL}x the first column"
    )
    print(f"{'':<14}" + "".join(f"{size:>18,}" for size in SIZES))
    base = results[SIZES[0]]
    for name in base:
        cells = "".join(
            f"{results[size][name]:>10.2f} ({results[size][name] / base[name]:>4.1f}x)" for size in SIZES
        )
        print(f"{name:<14}{cells}{'   once a session' if name == 'opening' else ''}")


if __name__ == "__main__":
    main()
