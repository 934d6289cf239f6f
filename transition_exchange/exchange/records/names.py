"""Names: as lists and headings say them, and how they are ordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.folding import folded
from transition_exchange.store.database import Database

NameOrder = tuple[str, str, str, str]
"""Folded surname and forename, then both as written."""


def text_order(text: str) -> tuple[str, str]:
    """How names of organisations and people with an account are ordered: as learners' are, ties as written."""
    return folded(text), text


def same_name(content: Mapping[str, Any]) -> tuple[str, str]:
    """The folded surname and forename; two learners with the same may be one. Both empty where there is no name.

    Whoever has one name only has it as surname, whichever field it was written in.
    """
    surname, forename = folded(_part(content, "legal_surname")), folded(_part(content, "legal_forename"))
    return (surname, forename) if surname else (forename, "")


def name_order(content: Mapping[str, Any]) -> NameOrder:
    """How every list of learners is ordered: by legal surname, then legal forename, both folded.

    Letter by letter, as if there were no spaces or hyphens: Khan, Khanam, Khan-Smith. Particles are part of the
    surname and sort as written: `de Souza` under D, `van Dyk` under V, `Mac` under Mac and `Mc` under Mc. Scripts come
    one after another. Preferred names have no part in it: the council's lists do not have them, and the order is the
    same everywhere. Names that fold alike are in the order of their code points; lists add the record's id, so that
    the same two learners never change places.
    """
    return (*same_name(content), _part(content, "legal_surname"), _part(content, "legal_forename"))


def display_name(content: Mapping[str, Any]) -> str:
    """A learner's name as lists and headings say it: the name they go by, else their legal one."""
    first = _part(content, "preferred_name") or _part(content, "legal_forename")
    return f"{first} {_part(content, 'legal_surname')}".strip()


def legal_name(content: Mapping[str, Any]) -> str:
    """A learner's legal name in full, as packs are titled."""
    return f"{_part(content, 'legal_forename')} {_part(content, 'legal_surname')}".strip()


def register_name(content: Mapping[str, Any]) -> str:
    """A learner's legal name as registers have it: `Khan, Amina`; without a comma where there is one name only."""
    return ", ".join(filter(None, (_part(content, "legal_surname"), _part(content, "legal_forename"))))


def name_in_answers(answers: Mapping[str, Mapping[str, Any]]) -> str:
    """The display name out of a form's answers by section, as far as the reader has the sections."""
    return display_name({**answers.get("learner", {}), **answers.get("known_as", {})})


def name_of(*, db: Database, actor: Actor, record_id: UUID) -> str:
    """A learner's name as the page headings say it, from the card of any of the actor's teams.

    Raises:
        NotFound: the record is not on a list of the actor's teams.
    """
    name = name_if_listed(db=db, actor=actor, record_id=record_id)
    if not name:
        raise NotFound
    return name


def name_if_listed(*, db: Database, actor: Actor, record_id: UUID) -> str:
    """The same for a page that says something else of a learner who is on no list any more: empty for those."""
    for team in actor.teams:
        opened = ledgers.open_ledger(db=db, actor=actor, team=team)
        card = opened.get((record_id, None)) or next(
            (card for card in opened.values() if card.record_id == record_id), None
        )
        if card is not None:
            return display_name(card.content)
    return ""


def _part(content: Mapping[str, Any], name: str) -> str:
    return str(content.get(name) or "")
