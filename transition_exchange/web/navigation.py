"""The links at the top of each page: what this person's teams do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, request, url_for

from transition_exchange.purposes import COORDINATING, RECEIVING, SENDING
from transition_exchange.web.visits import Visit


@dataclass(frozen=True)
class Link:
    """A link of the service navigation. `endpoint` also names the part of the service that it leads to."""

    text: str
    endpoint: str
    href: str
    current: bool


def _links(visit: Visit) -> Iterable[tuple[str, str]]:
    if visit.actor is None or visit.workplace is None:
        return
    purposes: frozenset[str] = frozenset().union(*(team.purposes for team in visit.actor.teams))
    if visit.workplace.sends and purposes.intersection(SENDING):
        yield "Learners", "school.learners"
    if visit.workplace.receives and purposes.intersection(RECEIVING):
        yield "Records sent to us", "provider.inbox"
    if visit.coordinates and purposes.intersection(COORDINATING):
        yield "Area overview", "area.overview"
    if visit.coordinates and (visit.actor.administrator or purposes.intersection(COORDINATING)):
        yield "Organisations", "area.organisations"
    if visit.confirms_teams:
        yield "Confirm teams", "second.teams"
    yield "People and teams", "accounts.teams"
    yield "Your account", "accounts.account"


def navigation(visit: Visit) -> list[Link]:
    """The links for this visit. A page deeper down says `{% set part = "school.learners" %}` to mark its own."""
    return [
        Link(text, endpoint, url_for(endpoint), request.endpoint == endpoint)
        for text, endpoint in _links(visit)
        if endpoint in current_app.view_functions
    ]
