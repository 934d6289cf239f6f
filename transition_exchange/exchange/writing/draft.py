"""The draft of a record: one owner's working copy, open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.answers import OwnerAnswers, plaintext
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.records.since_sent import SinceSent
from transition_exchange.exchange.writing.last_sent import since_sent
from transition_exchange.exchange.writing.unsaved import NOTHING_RESTS, Resting


@dataclass(frozen=True, kw_only=True)
class Draft(OwnerAnswers):
    """One owner's working copy of a record, open: the answers, and what is needed to seal them again.

    Attributes:
        delete_on: the day on which the record is deleted.
        revision_id: the revision to which the draft's sections are bound.
        tags: tags of the content of each section as it was read, under a key of the person who opened it. A save names
            them, so that nobody overwrites what somebody else has saved since. New keys of the sections change none.
        row_tags: the tags of the rows as they were read. A save gives every row a new one, whichever section changed.
        part_ids: the id of each section's part, by section.
        keys: the key of each section's part, by section.
        outdated: whether somebody may know these keys who should not read what is saved next. Then a save makes new
            ones (`writing.new_keys`).
        uncertain_attachments: documents that are there although the school's log says that they were removed. They are
            not sent, and nobody else is granted them.
        resting: what was typed and is not saved yet, who wrote each section last, and what was sent last.
    """

    delete_on: date
    revision_id: UUID
    tags: Mapping[str, str] = field(repr=False)
    row_tags: Mapping[str, str] = field(repr=False)
    part_ids: Mapping[str, UUID] = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    outdated: bool = False
    uncertain_attachments: tuple[AttachmentLabel, ...] = field(repr=False, default=())
    resting: Resting = field(repr=False, default=NOTHING_RESTS)

    @property
    def since_sent(self) -> SinceSent:
        """How it differs from what its owner sent last."""
        return since_sent(self, self.resting.last_sent)

    @property
    def plaintexts(self) -> dict[str, bytes]:
        """What its parts hold, by part name."""
        sections = {name: plaintext(values) for name, values in self.answers.items()}
        return sections | {RESTING: self.resting.plaintext()}

    @property
    def binding(self) -> parts.Binding:
        """Where the draft's sections belong when they are sealed."""
        return parts.Binding(
            area=self.area_id, record=self.record_id, revision=self.revision_id, version=self.version.name
        )


def content_tags(
    actor: Actor, *, binding: parts.Binding, keys: Mapping[str, bytes], plaintexts: Mapping[str, bytes]
) -> dict[str, str]:
    """The tags of the content of a draft's sections, for `Draft.tags`.

    The person's own key stays what it is when the sections get new keys, and so do the tags in an open form.

    Args:
        actor: who opened the sections.
        binding: where they belong.
        keys: the keys of their parts, by section.
        plaintexts: what they hold, by section.
    """
    return {
        name: parts.content_tag(
            actor.person.tagging if actor.person else keys[name],
            binding=binding,
            name=name,
            plaintext=plaintext,
        )
        for name, plaintext in plaintexts.items()
        if name != RESTING
    }
