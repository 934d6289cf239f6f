"""The blueprint, and what the school's views share: rules, names, words and the renderer."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, url_for

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.organisations.contacts import contact
from transition_exchange.exchange.queries import late_readers, threads
from transition_exchange.exchange.renewing import after_others
from transition_exchange.exchange.sending.differences import lack_the_change
from transition_exchange.exchange.writing import learner_name as names
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.packs.rendering import Renderer
from transition_exchange.purposes import SENDING
from transition_exchange.web.policy import member
from transition_exchange.web.visits import current_actor, database

blueprint = Blueprint("school", __name__, url_prefix="/learners")
writers = member(*SENDING, side="sends")
transition = member("transition", side="sends")
safeguarding = member("school_safeguarding", side="sends")


def renderer() -> Renderer:
    """The process that makes PDFs for this server process; it starts with the first one.

    One each: so a host renders as many at a time as it serves (`WORKERS`), however many pages ask at once.
    """
    return cast(Renderer, current_app.extensions.setdefault("renderer", Renderer(workers=1)))


def owner_of(actor: Actor, owner: str) -> str:
    """A sending purpose out of an address.

    Raises:
        NotFound: there is no such owner.
        NotAllowed: the actor is not in that team.
    """
    if owner not in SENDING:
        raise NotFound
    actor.require(owner)
    return owner


def lead_of_team() -> tuple[UUID, dict[str, str]]:
    """The person's safeguarding team, and whom it has signed that others ring, as a form has it; empty if nobody."""
    actor = current_actor()
    team, said = contact(db=database(), actor=actor, team_id=actor.require("school_safeguarding").id)
    return team.id, {"lead_name": said.name, "lead_phone": said.phone, "lead_email": ""} if said else {}


def own_purposes(actor: Actor) -> tuple[str, ...]:
    """The sending purposes of the person's teams: what they write."""
    return tuple(owner for owner in SENDING if actor.team_for(owner))


def changed_words(draft: Draft, words: str) -> tuple[str, str]:
    """What a page says after something was saved, and the address of the button beside it.

    Where a provider has an older version than is saved now, it says so, and the button leads to the page for sending.
    One that is held back from the version before is among them: about this one nobody has decided.

    Args:
        words: what was done, for example "Saved."
    """
    lacking = lack_the_change(db=database(), draft=draft)
    if not lacking:
        return words, "message"
    done = "sent" if draft.owner == "transition" else "released"
    if lacking <= draft.since_sent.changed_again:
        done = "held back"
    return (
        f"{words} This has changed since it was {done}.",
        url_for("school.send", record_id=draft.record_id, owner=draft.owner),
    )


def learner_name(record_id: UUID) -> str:
    """The name for a page's heading.

    Raises:
        NotFound: the record is unknown or belongs to another school.
        NotReady: the person's team cannot open it yet.
    """
    return names.learner_name(db=database(), actor=current_actor(), record_id=record_id)


def queries_waiting() -> int:
    """How many queries wait for an answer from the person's teams."""
    return len(threads.waiting(threads.queries(db=database(), actor=current_actor())))


def still_due() -> int:
    """How many updates this person can make for lists and colleagues, because a team became ready later or changed."""
    db, actor = database(), current_actor()
    written = catch_up(db=db, actor=actor, limit=0) + late_readers.pass_on(db=db, actor=actor, limit=0)
    return written + after_others.progress(db=db, actor=actor).left
