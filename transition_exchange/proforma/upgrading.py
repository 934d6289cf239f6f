"""Carrying a record from an older version of the pro-forma to a newer one, step by step."""

from typing import Any

from .asking import asked
from .conditions import Answers
from .loading import load
from .model import ProformaError, Upgraded


class NoWay(ProformaError):
    """No chain of upgrades leads from the one version to the other."""


def upgrade(answers: Answers, *, to: str, from_: str) -> Upgraded:
    """The answers of version ``from_`` as version ``to`` has them; ``answers`` stay as they are.

    Returns the new answers, what changed in words (never with a value) and the questions to be put again, those
    alone that this learner is asked. Raises NoWay, and UnknownVersion.
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
    found: dict[str, Any] = {section: dict(values) for section, values in answers.items()}
    changes: list[str] = []
    ask_again: list[str] = []
    for version in reversed(chain):
        if version.upgrade is not None:
            step = version.upgrade(found)
            found = step.answers
            changes += step.changes
            ask_again += step.ask_again
    put = asked(load(to), found)
    return Upgraded(found, tuple(changes), tuple(path for path in ask_again if path in put))
