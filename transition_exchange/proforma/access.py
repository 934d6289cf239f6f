"""What a team may read of a record. One object answers, and it can only narrow.

The form is the access list: owner and audience stand beside a section, and what goes on whose card beside a question.
Sealing, PDF, preview, card and export each take an `Access` and ask it; there is no second table of permissions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.model import Question, Version
from transition_exchange.purposes import COORDINATING, SENDING


def withheld_sections(version: Version, answers: Answers) -> frozenset[str]:
    """The sections that learner or family have asked not to pass on."""
    if value_at(answers, "sharing.agreed") != "some":
        return frozenset()
    withheld = value_at(answers, "sharing.withheld") or ()
    return frozenset(name for name in withheld if version.section(name).withholdable)


@dataclass(frozen=True)
class Access:
    """What readers with some purposes get of a record: the form's audience, less whatever narrows it.

    Attributes:
        version: the version of the form.
        purposes: what the readers are for.
        owner: the sending purpose whose sections alone count; None for those of both owners.
        withheld: sections that learner or family hold back.
        agreement: the sections that the organisations agreed on; None while no agreement narrows anything.
        released: the sections released so far; None where that does not matter.
        place: what was confirmed of the readers' organisation, codes of `purposes.PLACES`; nothing if nothing was.
    """

    version: Version
    purposes: frozenset[str]
    owner: str | None = None
    withheld: frozenset[str] = frozenset()
    agreement: frozenset[str] | None = None
    released: frozenset[str] | None = None
    place: frozenset[str] = frozenset()

    @classmethod
    def to_record(
        cls,
        version: Version,
        answers: Answers,
        purposes: Iterable[str],
        *,
        owner: str | None = None,
        place: frozenset[str] = frozenset(),
    ) -> Access:
        """The access to one record, less what its own answers hold back.

        Args:
            version: the version of the form.
            answers: the record's answers by section; without the section on sharing nothing is held back.
            purposes: what the readers are for.
            owner: as the attribute.
            place: as the attribute. It is taken from what was signed about the organisation, never from its row.
        """
        return cls(version, frozenset(purposes), owner, withheld_sections(version, answers), place=place)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections that may be read, in the order in which a reader wants them."""
        readable = [
            section
            for section in self.version.sections
            if section.in_pack
            and section.audience & self.purposes
            and section.name not in self.withheld
            and section.only_at in ("", *self.place)
            and (self.owner is None or section.owner == self.owner)
            and (self.agreement is None or section.name in self.agreement)
            and (self.released is None or section.name in self.released)
        ]
        return tuple(section.name for section in sorted(readable, key=lambda section: section.reader_order))

    @property
    def attachment_kinds(self) -> tuple[str, ...]:
        """The codes of the kinds of attachment that may be opened: those of the sections that may be read."""
        return tuple(kind.code for kind in self.version.attachment_kinds if kind.section in self.sections)

    def card_questions(self, purpose: str, *, shrunk: bool = False) -> tuple[Question, ...]:
        """The questions whose answers go on the card of a team, for one of the purposes.

        A school's own teams read what the form puts on their card. Coordinators read no section; what the form puts on
        their card goes there unless it is held back. Everybody else's card holds only what they may read anyway.

        Args:
            purpose: one of `purposes`.
            shrunk: only what stays after an objection under the Education and Skills Act 2008 s.14(4).
        """
        return tuple(
            question
            for section in self.version.sections
            if self._section_on_card(section.name, purpose)
            for question in section.questions
            if purpose in (question.objection_card if shrunk else question.card)
        )

    def _section_on_card(self, name: str, purpose: str) -> bool:
        if purpose in SENDING:
            return True
        return name not in self.withheld if purpose in COORDINATING else name in self.sections
