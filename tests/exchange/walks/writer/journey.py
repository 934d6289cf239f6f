"""Everybody's way after a write: they look at their pages, go on with their work, and look again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from tests.exchange.walks.writer.actions import actions
from tests.exchange.walks.writer.area import WritersArea
from tests.exchange.walks.writer.pages import LOOKED_AT_AGAIN, mail, pages
from tests.exchange.walks.writer.seen import Crash, Reader, Refusal, Shown, View
from transition_exchange.store.unreadable import forget, left_out
from transition_exchange.web import error_pages

STEPS = ("sign in", "join", "send", "release", "open", "ask", "look")
"""How far the journeys may get."""


def _shown_as_pages() -> tuple[type[Exception], ...]:
    """The exceptions that the pages show with words of their own. Any other one would be a 500."""
    app = Flask(__name__)
    app.testing = True
    error_pages.add_to(app)
    return tuple(kind for by_kind in app.error_handler_spec[None].values() for kind in by_kind)


SHOWN_AS_PAGES = _shown_as_pages()


@dataclass
class Journey:
    """The journeys after one write.

    Attributes:
        views: what came of each page and each action, by name.
        refused: the actions that were refused.
    """

    area: WritersArea
    reader: Reader
    views: dict[str, View] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def go(self, tables: Collection[str] | None = None) -> None:
        """Everybody looks, acts, and looks again.

        Args:
            tables: the tables that were written into. What reads none of them is left out, because it can only go as
                it always does. None for everything.
        """
        reads = self.area.reads

        def differs(*names: str) -> bool:
            return tables is None or any(reads[name] & set(tables) for name in names)

        self.area.forget_sessions()
        for name, page in pages(self.area).items():
            if differs(f"first {name}"):
                self._try(f"first {name}", page)
        steps = actions(self.area)
        if not differs(*steps):
            return
        for name, action in steps.items():
            self.area.forget_sessions()
            if not self._try(name, action):
                self.refused.add(name)
        self.area.forget_sessions()
        for name in LOOKED_AT_AGAIN:
            self._try(f"then {name}", pages(self.area)[name])
        self._try("mail", lambda: mail(self.area))

    def _try(self, name: str, act: Callable[[], Any]) -> bool:
        with self.area.noting(name):
            try:
                forget()  # as at the beginning of a request
                self.views[name] = self.reader.shown(act(), left_out=left_out())
            except SHOWN_AS_PAGES as error:
                self.views[name] = Refusal(
                    type(error).__name__, str(self.reader.plain(getattr(error, "message", str(error))))
                )
            except Exception as error:  # whatever else is raised would be a 500
                self.views[name] = _crash(error)
        return isinstance(self.views[name], Shown)

    @property
    def acted(self) -> bool:
        """Whether anybody did something. Otherwise nothing of what they do reads what was written."""
        return "mail" in self.views

    @property
    def reached(self) -> frozenset[str]:
        """The steps that were reached."""
        done = {step for step, names in _STEP_NAMES.items() if not names & self.refused}
        looks = [view for name, view in self.views.items() if name.startswith("first council")]
        if not any(isinstance(view, (Refusal, Crash)) for view in looks):
            done.add("look")
        return frozenset(done)


_STEP_NAMES = {
    "sign in": {"senco signs in"},
    "join": {"newcomer joins"},
    "send": {"senco sends what is ready", "senco sends what was sent again"},
    "release": {"lead releases what is ready"},
    "open": {"college_support opens", "college_admissions opens"},
    "ask": {"college asks"},
}


def _crash(error: Exception) -> Crash:
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "/transition_exchange/" in frame.filename
    ]
    frame = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    where = frame.filename.rpartition("/transition_exchange/")[2].removesuffix(".py").replace("/", ".")
    last = str(error).splitlines()[0][:200] if str(error) else ""
    return Crash(type(error).__name__, f"{where}.{frame.name}", f"{type(error).__name__}: {last}")
