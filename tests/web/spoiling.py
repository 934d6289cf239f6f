"""An area with something in most tables, the people who look at it, and its database in the hands of somebody else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.exchange.world import SentRecord, World
from tests.web.accounts.people import PASSPHRASE, link_of
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.queries import asking
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

FAILED = "This failed its safety check"
INCOMPLETE = "so this page may be incomplete."

FEW_PAGES = {
    "senco": ("/learners", "/learners/{record}/sent", "/learners/questions"),
    "college_support": ("/received", "/received/{transfer}"),
    "administrator": ("/area/learners", "/area/activity"),
}
MORE_PAGES = {
    "senco": (
        "/learners/{record}",
        "/learners/{record}/documents",
        "/learners/{record}/pages/learner",
        "/learners/{record}/send/transition",
        "/account/teams",
    ),
    "safeguarding_lead": ("/learners/safeguarding", "/learners/{record}/sent"),
    "college_support": ("/received/questions/{question}", "/account/teams"),
    "administrator": (
        "/area",
        "/area/organisations",
        "/area/settings",
        "/area/chase",
        "/area/teams/{team}/number",
        "/account/teams",
    ),
}


@dataclass(frozen=True)
class Area:
    """People, and the pages that they look at.

    Attributes:
        few_looks: a page of each kind.
        more_looks: further ones.
        forms: what strangers send: somebody's passphrase, an invitation's words.
    """

    world: World
    record: SentRecord
    few_looks: tuple[tuple[Visitor, str], ...]
    more_looks: tuple[tuple[Visitor, str], ...]
    forms: tuple[tuple[str, dict[str, str]], ...]

    def visitor(self, name: str) -> Visitor:
        """Somebody with a session of their own."""
        return Visitor(self.few_looks[0][0].app, self.world.people[name])

    def everything(self) -> dict[str, Callable[[], Page]]:
        """Every page that somebody looks at, and every form that somebody sends, by whose it is and its address."""
        app = self.few_looks[0][0].app
        looks = {
            f"{number} {path}": partial(visitor.get, path)
            for number, (visitor, path) in enumerate((*self.few_looks, *self.more_looks))
        }
        sent = {f"sent to {path}": partial(_sent, app, path, form) for path, form in self.forms}
        return {**looks, **sent}

    def reads(self) -> dict[str, frozenset[str]]:
        """The tables that each of them reads where nobody has changed anything."""
        statements: list[str] = []

        def note(*arguments: Any) -> None:
            statements.append(arguments[2])

        event.listen(self.world.db.engine, "before_cursor_execute", note)
        read = {}
        for name, look in self.everything().items():
            statements.clear()
            page = look()
            assert page.status in (200, 303), (name, page.status)
            words = set(re.findall(r"\w+", " ".join(statements)))
            read[name] = frozenset(words & set(Base.metadata.tables))
        event.remove(self.world.db.engine, "before_cursor_execute", note)
        return read


def _sent(app: Flask, path: str, form: dict[str, str]) -> Page:
    """What comes of a form that nobody in particular sends."""
    nobody = Visitor(app)
    nobody.get(path)
    return nobody.post(path, form)


def build(app: Flask, world: World, joined: Visitor) -> Area:
    """Make the area.

    Args:
        joined: somebody who has joined by the pages, with a passphrase.
    """
    app.extensions["renderer"] = world.renderer
    record = world.sent("Amina", "Khan")
    world.sent("Ben", "Adams")
    world.attach(record.record_id)
    world.open(record.transfer_id, world.college_support)
    question = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=record.transfer_id, text="Which bus?"
    )
    administrator = world.person(
        "administrator", "Ashdown Council", "NEET group", administrator=True, signs=True
    )
    invited = inviting.invite_person(
        db=world.db,
        actor=administrator,
        name="New Person",
        email="new@council.example",
        team_ids=[world.places["Ashdown Council"].teams["NEET group"].row.id],
        memory_kib=64,
    )
    words = {
        "record": record.record_id,
        "transfer": record.transfer_id,
        "question": question,
        "team": world.school.teams["Transition team"].row.id,
    }
    # Without the id of a session nothing of an opened ledger is kept in memory, so everything is read each time.
    visitors = {name: Visitor(app, world.people[name]) for name in MORE_PAGES}

    def looks(pages: dict[str, tuple[str, ...]]) -> list[tuple[Visitor, str]]:
        return [(visitors[name], path.format(**words)) for name, paths in pages.items() for path in paths]

    return Area(
        world,
        record,
        few_looks=(*looks(FEW_PAGES), (joined, "/account/teams")),
        more_looks=tuple(looks(MORE_PAGES)),
        forms=(
            ("/account/sign-in", {"email": "robin@council.example", "passphrase": PASSPHRASE}),
            (
                link_of(world.db, invited.invitation_id),
                {"spoken_code": invited.spoken_code or "", "name": "New Person", "passphrase": PASSPHRASE},
            ),
        ),
    )


@contextmanager
def written_to(db: Database) -> Iterator[sqlite3.Connection]:
    """The database as somebody opens it who can write to its file. Neither foreign keys nor checks bind them."""
    connection = sqlite3.connect(str(db.url.database), isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()
