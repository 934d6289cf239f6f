"""Who may use which view. Nothing is open unless its view says so.

Every view declares its rule with `@may(...)`; the server refuses to start with one that doesn't. The rule is
enforced before the view runs, in one place, from what stands on the view itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from flask import Flask

from transition_exchange.purposes import COORDINATING
from transition_exchange.web.visits import Stage, Visit

Side = Literal["sends", "receives", "coordinates"]
View = TypeVar("View", bound=Callable[..., Any])

DEFAULT_LIMIT = 2 * 1024 * 1024
"""How many bytes a request may have unless its view says otherwise: enough for long answers, not for files."""


class Undeclared(Exception):
    """A view says neither who may use it nor that everybody may; the message names it."""


@dataclass(frozen=True)
class Rule:
    """Who may use a view.

    Attributes:
        words: who that is, for the people who review the list of routes.
        stage: how far somebody has to be signed in: not (`anyone`), by a passphrase (`half`), or fully (`full`).
        allows: whether this person may use the view. It is asked only of people who are fully signed in.
        side: what an organisation does whose teams may use the view (`sends`, `receives` or `coordinates`); None if
            being in a team is not what it takes.
        purposes: the purposes of the teams whose members may use the view; empty if being in a team is not what it
            takes.
    """

    words: str
    stage: Stage
    allows: Callable[[Visit], bool] = lambda visit: True
    side: Side | None = None
    purposes: frozenset[str] = frozenset()

    def lacks_a_key(self, visit: Visit) -> bool:
        """Whether somebody may not use the view only because they do not have their team's new key yet."""
        teams = visit.actor.without_key if visit.actor else ()
        return any(not team.purposes.isdisjoint(self.purposes) for team in teams)

    def refusal(self, visit: Visit) -> str:
        """What somebody reads who may not use the view.

        Their administrator is named only if their organisation can have a team that may.
        """
        if self.side is None:
            return f"Only {self.words} can use this page."
        if visit.workplace is None or not getattr(visit.workplace, self.side):
            return "This page is not for your organisation."
        return "Your teams cannot use this page. An administrator can add you to one that can."


@dataclass(frozen=True)
class Declared:
    """What `@may` keeps on a view."""

    rule: Rule
    limit: int
    saves: bool = True


def _in_team(visit: Visit, purposes: Collection[str]) -> bool:
    return visit.actor is not None and any(team.purposes.intersection(purposes) for team in visit.actor.teams)


def _administers(visit: Visit) -> bool:
    return visit.actor is not None and visit.actor.administrator


public = Rule("anybody", "anyone")
half = Rule("somebody whose passphrase was right and whose code is still to come", "half")


signed_in = Rule("anybody signed in", "full")
administrator = Rule("an administrator of the organisation", "full", _administers)


council = Rule(
    "the council: its administrators and the members of its NEET group and SEND team",
    "full",
    lambda visit: visit.coordinates and (_administers(visit) or _in_team(visit, COORDINATING)),
    "coordinates",
    frozenset(COORDINATING),
)


def member(*purposes: str, side: Side) -> Rule:
    """Somebody in a team with at least one of the purposes, whose key this session opened.

    Args:
        purposes: the purposes.
        side: what the organisation does in whose teams they are.
    """
    wanted = frozenset(purposes)
    return Rule(
        f"members of a team for {' or '.join(sorted(wanted)).replace('_', ' ')}",
        "full",
        lambda visit: _in_team(visit, wanted),
        side,
        wanted,
    )


def may(rule: Rule, *, limit: int = DEFAULT_LIMIT, saves: bool = True) -> Callable[[View], View]:
    """Declare who may use a view.

    Args:
        rule: `public`, `half`, `signed_in`, `administrator`, `council` or `member(...)`.
        limit: how many bytes a request to it may carry; a view that takes a file names `UPLOAD_LIMIT`.
        saves: whether what is posted to it is something to save. What only narrows a list, sends or downloads something
            is asked for again, and never kept for later.
    """

    def declare(view: View) -> View:
        view.declared = Declared(rule, limit, saves)  # type: ignore[attr-defined]  # how a decorator leaves a note
        return view

    return declare


UPLOAD_LIMIT = 21 * 1024 * 1024
"""A document of 20 MB and the form around it."""


def declared(app: Flask, endpoint: str | None) -> Declared | None:
    """What the view behind an endpoint declares; None where there is no such view, or it declares nothing."""
    view = app.view_functions.get(endpoint or "")
    declaration = getattr(view, "declared", None)
    return declaration if isinstance(declaration, Declared) else None


def refuse_undeclared(app: Flask) -> None:
    """Check every view when the server starts.

    Raises:
        Undeclared: one of them has no `@may`.
    """
    for endpoint in app.view_functions:
        if declared(app, endpoint) is None:
            raise Undeclared(f"The view {endpoint} has no @may(...): say who may use it.")
