"""Every address of a route with the ids of what is stored, so that a walk reaches real rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.models import Membership, Organisation

OTHER_NAMES: dict[str, type[Base]] = {"provider_id": Organisation}
"""Parameters that are called otherwise than the table whose ids they take."""

MEMBERS = {("team_id", "provider_id"): "organisation_id"}
"""Pairs of parameters that belong together by a column of another name."""

IN_TEAM = ("principal_id", "team_id")
"""Parameters that belong together because the person is in the team."""

MOST = 16
"""How many addresses of one route a walk takes: of more, a choice that is the same every time."""


def _table_of(parameter: str) -> type[Base] | None:
    """The model whose ids a parameter takes: `late_save_id` takes those of `LateSave`."""
    by_name: dict[str, type[Base]] = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", mapper.class_.__name__).lower() + "_id": mapper.class_
        for mapper in Base.registry.mappers
    }
    return OTHER_NAMES.get(parameter, by_name.get(parameter))


class Addresses:
    """Fills the parameters of routes: ids out of the tables, words out of lists.

    Args:
        db: the database.
        words: what the parameters that take no id may be, by their names.
    """

    def __init__(self, db: Database, words: Mapping[str, Sequence[Any]]) -> None:
        self._db = db
        self._words = words

    def of(self, rule: Rule) -> list[str]:
        """Addresses of a route whose ids belong together, such as a record and one of its attachments.

        Raises:
            AssertionError: nobody has said what one of the parameters may be.
        """
        names = sorted(rule.arguments)
        combinations: list[Mapping[str, Any]] = [
            chosen
            for values in product(*(list(self._values(rule, name)) for name in names))
            if _belong_together(chosen := dict(zip(names, values, strict=True)))
        ]
        if set(IN_TEAM) <= set(names):
            combinations = self._of_members(combinations)
        if len(combinations) > MOST:
            combinations = Random(rule.endpoint).sample(combinations, MOST)
        return [_built(rule, chosen) for chosen in combinations]

    def _of_members(self, combinations: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those of people who are in the team."""
        query = select(Membership.principal_id, Membership.team_id).where(Membership.removed_at.is_(None))
        with self._db.read() as session:
            members = {tuple(row) for row in session.execute(query)}
        return [chosen for chosen in combinations if tuple(chosen[name].id for name in IN_TEAM) in members]

    def _values(self, rule: Rule, name: str) -> Iterator[Any]:
        model = _table_of(name)
        if model is not None:
            with self._db.read() as session:
                yield from session.scalars(select(model)).all()
        else:
            assert name in self._words, f"{rule.endpoint}: say in `WORDS` what {name} may be"
            yield from self._words[name]


def _built(rule: Rule, chosen: Mapping[str, Any]) -> str:
    values = {name: value.id if isinstance(value, Base) else value for name, value in chosen.items()}  # type: ignore[attr-defined]
    built = rule.build(values)
    assert built is not None
    return built[1]


def _belong_together(chosen: Mapping[str, Any]) -> bool:
    """Whether each row that refers to another parameter's table refers to the very row that is chosen there."""
    for name, row in chosen.items():
        for other_name, other in chosen.items():
            column = MEMBERS.get((name, other_name), other_name)
            if not isinstance(row, Base) or not isinstance(other, Base) or not hasattr(row, column):
                continue
            if getattr(row, column) != other.id:  # type: ignore[attr-defined]
                return False
    return True
