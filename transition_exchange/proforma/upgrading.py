"""Carrying a record from an older version of the pro-forma to a newer one, step by step."""

from __future__ import annotations

from typing import Any

from transition_exchange.proforma.asking import asked
from transition_exchange.proforma.conditions import Answers
from transition_exchange.proforma.loading import load
from transition_exchange.proforma.model import ProformaError, Upgraded


class NoWay(ProformaError):
    """No chain of upgrades leads from the one version to the other."""


def upgrade(answers: Answers, *, to: str, from_: str) -> Upgraded:
    """The answers of version `from_` as version `to` has them; `answers` stay as they are.

    Returns:
        The new answers, what changed in words (never with a value), and the questions to be put again, of those that
        this learner is asked.

    Raises:
        NoWay: no chain of upgrades leads there.
        UnknownVersion: one of the versions is not installed.
    """
    load(from_)
    chain = []
    name = to
    while name != from_:
        version = load(name)
        if version.upgrades_from is None or version.upgrade is None:
            raise NoWay(f"A record of {from_} cannot be carried over to {to}.")
        chain.append(version)
        name = version.upgrades_from
    carried: dict[str, Any] = {section: dict(values) for section, values in answers.items()}
    changes: list[str] = []
    ask_again: list[str] = []
    for version in reversed(chain):
        if version.upgrade is not None:
            step = version.upgrade(carried)
            carried = step.answers
            changes += step.changes
            ask_again += step.ask_again
    put = asked(load(to), carried)
    return Upgraded(carried, tuple(changes), tuple(path for path in ask_again if path in put))
