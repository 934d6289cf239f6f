"""Somebody types on a page of a form, which saves itself or is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import TypedPage, digest, save_page


def typed_since(opened: Draft, *emptied: str, **sections: dict[str, Any]) -> TypedPage:
    """What somebody who opened the draft then has typed since.

    Args:
        opened: the draft as they opened it.
        emptied: the questions (`section.field`) that they emptied.
        sections: what they typed, by section and field.
    """
    changed = {f"{section}.{name}" for section, values in sections.items() for name in values} | {*emptied}
    was = {}
    for path in changed:
        section, _, name = path.partition(".")
        was[path] = digest(opened.answers[section], name)
    return TypedPage(sections, frozenset(changed), was)


def type_in(
    world: World,
    record_id: UUID,
    *,
    actor: Actor | None = None,
    owner: str = "transition",
    **sections: dict[str, Any],
) -> Draft:
    """Somebody opens a page, types, and the page saves itself."""
    actor = actor or world.senco
    draft = open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner)
    return save_page(
        db=world.db,
        actor=actor,
        draft=draft,
        typed=typed_since(draft, **sections),
        automatic=True,
        today=world.today,
    ).draft
