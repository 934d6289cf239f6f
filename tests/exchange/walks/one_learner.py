"""What somebody reads of one learner: lists, drafts, documents, versions, packs, questions, and where it was sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from tests.exchange.walks.giving_up import COLLEGE, SAFEGUARDING, TRANSITION, draft_of, listed, version_of
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import ExchangeError
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.purposes import COORDINATING, SENDING
from transition_exchange.store.models import Record

FIRST, LEAD = "Stone", "Sam Lead"
"""The name under which the learner was sent, and whom to ring about their safety."""

ASKED, ANSWERED = "What helps?", "A quiet room."

Look = Callable[[Actor], Any]
"""How somebody looks at something. It returns what they find."""


@dataclass
class Learner:
    """A learner who was sent to the college with a document, about whom it asked.

    Attributes:
        surname: as it was saved last.
        safeguarded: whether the safeguarding sections were written and sent too.
    """

    world: World
    record_id: UUID
    surname: str = FIRST
    safeguarded: bool = False

    def written_by(self, writer: Actor) -> Mapping[str, Any]:
        """What a member of a team that writes the form finds in its section about the learner."""
        return open_draft(db=self.world.db, actor=writer, record_id=self.record_id).answers["learner"]

    def missing(self, actor: Actor, sees: Collection[str], *, finished: bool) -> Iterator[str]:
        """What somebody cannot read, or does not see as it is, though it is theirs to see.

        Args:
            sees: what they see whatever their team does for the school: `pack` and `question`.
            finished: whether a list has to show the name that was saved last. It need not while steps are left.
        """
        for what, look, expected in self._looks(actor, sees):
            try:
                found = look(actor)
            except ExchangeError as error:
                yield f"{what}: {error!r}"
                continue
            if what == "list" and not finished:
                found, expected = (len(found[0]), found[1]), (len(expected[0]), expected[1])
            if found != expected:
                yield f"{what}: {found!r} instead of {expected!r}"

    def _looks(self, actor: Actor, sees: Collection[str]) -> Iterator[tuple[str, Look, Any]]:
        does = {purpose for team in actor.teams for purpose in team.purposes}
        received = [FIRST] if "pack" in sees else []
        gets_cards = not does.isdisjoint((*SENDING, *COORDINATING))
        yield "list", partial(listed, self.world), ([self.surname] if gets_cards else received, 0)
        if "pack" in sees:
            yield "pack", self._pack, True
        if TRANSITION in does:
            yield "draft", self._draft, (self.surname, 1)
            yield "version", partial(self._version, TRANSITION), True
            yield "where it was sent", self._providers, [COLLEGE]
        if SAFEGUARDING in does:
            yield "safeguarding draft", self._part, LEAD if self.safeguarded else None
        if SAFEGUARDING in does and self.safeguarded:
            yield "safeguarding version", partial(self._version, SAFEGUARDING), True
        if TRANSITION in does or "question" in sees:
            yield "question", self._thread, [ASKED, ANSWERED]

    def _draft(self, actor: Actor) -> tuple[str, int]:
        draft: dict[str, Any] = draft_of(self.world, actor, self.record_id, TRANSITION)
        return draft["answers"]["learner"]["legal_surname"], len(draft["files"])

    def _part(self, actor: Actor) -> Any:
        draft = open_draft(db=self.world.db, actor=actor, record_id=self.record_id, owner=SAFEGUARDING)
        return draft.answers.get("safeguarding", {}).get("lead_name")

    def _version(self, owner: str, actor: Actor) -> bool:
        with self.world.db.read() as session:
            opened = open_revision(
                session,
                actor=actor,
                trust=trust_of(session, actor),
                record=session.get_one(Record, self.record_id),
                revision=version_of(self.world, self.record_id, owner),
            )
        return bool(opened.answers)

    def _pack(self, actor: Actor) -> bool:
        transfer_id = self.world.transfer_of(self.record_id)
        return bool(open_transfer(db=self.world.db, actor=actor, transfer_id=transfer_id).answers)

    def _thread(self, actor: Actor) -> list[str]:
        (query,) = threads.queries(db=self.world.db, actor=actor)
        return [message.text for message in query.messages]

    def _providers(self, actor: Actor) -> list[str]:
        return [place.name for place in self.world.plan(self.record_id, actor=actor).providers]
