"""Names as lists and headings show them, and their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.cards import schools_of
from transition_exchange.exchange.records.folding import folded
from transition_exchange.exchange.records.ledger_memory import card_for
from transition_exchange.store.database import Database

NameOrder = tuple[str, str, str, str]
"""The folded surname and forename, then both as written."""

NO_NAME = "No name yet"
"""What stands for a name in lists and headings if a card has none."""


def text_order(text: str) -> tuple[str, str]:
    """What names of organisations and of people with an account are sorted by: folded, then as written."""
    return folded(text), text


def same_name(content: Mapping[str, Any]) -> tuple[str, str]:
    """The folded surname and forename, both empty if there is no name. Two learners who share them may be one.

    A single name counts as the surname, in whichever field it was written.
    """
    surname, forename = folded(_part(content, "legal_surname")), folded(_part(content, "legal_forename"))
    return (surname, forename) if surname else (forename, "")


def name_order(content: Mapping[str, Any]) -> NameOrder:
    """What every list of learners is sorted by: the legal surname, then the legal forename, both folded.

    Names are sorted letter by letter, as if there were no spaces or hyphens: Khan, Khanam, Khan-Smith. Particles are
    part of the surname and sort as written: `de Souza` under D, `van Dyk` under V, `Mac` under Mac and `Mc` under Mc.
    Scripts come one after another. Preferred names do not count, because the council's lists do not have them and the
    order is the same everywhere. Names that fold alike are in the order of their code points; lists add the record's
    id, so that two learners of the same name never change places.
    """
    return (*same_name(content), _part(content, "legal_surname"), _part(content, "legal_forename"))


def display_name(content: Mapping[str, Any]) -> str:
    """A learner's name for lists and headings: the preferred first name, or else the legal one, and the surname.

    `NO_NAME` if there is none.
    """
    first = _part(content, "preferred_name") or _part(content, "legal_forename")
    return f"{first} {_part(content, 'legal_surname')}".strip() or NO_NAME


def legal_name(content: Mapping[str, Any]) -> str:
    """A learner's full legal name, as it stands on packs."""
    return f"{_part(content, 'legal_forename')} {_part(content, 'legal_surname')}".strip()


def register_name(content: Mapping[str, Any]) -> str:
    """A learner's legal name as registers have it: `Khan, Amina`; a single name stands without a comma.

    `NO_NAME` if there is none.
    """
    return (
        ", ".join(filter(None, (_part(content, "legal_surname"), _part(content, "legal_forename"))))
        or NO_NAME
    )


def name_in_answers(answers: Mapping[str, Mapping[str, Any]]) -> str:
    """The display name from the answers of a form by section, as far as the reader has the sections."""
    return display_name({**answers.get("learner", {}), **answers.get("known_as", {})})


def name_if_listed(*, db: Database, actor: Actor, record_id: UUID) -> str:
    """A learner's display name, empty if the record is on no list of the actor's teams any more."""
    with db.read() as session:
        school_id = schools_of(session, [record_id]).get(record_id)
    if school_id is None:
        return ""
    for team in actor.teams:
        opened = ledgers.open_ledger(db=db, actor=actor, team=team)
        card = card_for(opened, record_id, school_id=school_id) or next(
            (card for card in opened.values() if card.record_id == record_id and card.school_id == school_id),
            None,
        )
        if card is not None:
            return display_name(card.content)
    return ""


def _part(content: Mapping[str, Any], name: str) -> str:
    return str(content.get(name) or "")
