"""Learners' names: as lists and headings show them, and how they are ordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records import ledgers
from transition_exchange.store.database import Database


def name_of(*, db: Database, actor: Actor, record_id: UUID) -> str:
    """A learner's name as the page headings say it, from the card of any of the actor's teams.

    Raises:
        NotFound: the record is not on a list of the actor's teams.
    """
    for team in actor.teams:
        for (about, _), card in ledgers.open_ledger(db=db, actor=actor, team=team).items():
            if about == record_id:
                return display_name(card.content)
    raise NotFound


def display_name(content: Mapping[str, Any]) -> str:
    """A learner's name as lists and headings say it: the name they go by, else their legal one."""
    first = content.get("preferred_name") or content.get("legal_forename") or ""
    return f"{first} {content.get('legal_surname') or ''}".strip()


def name_order(content: Mapping[str, Any]) -> tuple[str, str]:
    """How lists are ordered: by last name, then first, whatever the case."""
    return str(content.get("legal_surname", "")).casefold(), str(content.get("legal_forename", "")).casefold()
