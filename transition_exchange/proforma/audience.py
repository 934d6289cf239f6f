"""The one function that says which sections somebody may read. It can only narrow.

Sealing, PDF, preview, card and export all ask here; there is no second table of permissions.
"""

from __future__ import annotations

from collections.abc import Iterable

from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.model import AttachmentKind, Version


def readable(
    version: Version,
    purposes: Iterable[str],
    *,
    agreement: frozenset[str] | None = None,
    withheld: frozenset[str] = frozenset(),
    released: frozenset[str] | None = None,
) -> tuple[str, ...]:
    """The names of the sections a team with `purposes` may read, in the order in which a reader wants them.

    Args:
        version: the pro-forma, which is the access list.
        purposes: the team's purposes; those of coordinators open no section.
        agreement: the sections the organisations agreed on; None while agreements narrow nothing.
        withheld: sections that learner or family hold back (`withheld_sections`).
        released: the sections released so far; None if that does not matter.
    """
    mine = frozenset(purposes)
    sections = sorted(version.sections, key=lambda section: section.reader_order)
    return tuple(
        section.name
        for section in sections
        if section.in_pack
        and section.audience & mine
        and section.name not in withheld
        and (agreement is None or section.name in agreement)
        and (released is None or section.name in released)
    )


def attachment_kinds_readable(
    version: Version,
    purposes: Iterable[str],
    *,
    agreement: frozenset[str] | None = None,
    withheld: frozenset[str] = frozenset(),
    released: frozenset[str] | None = None,
) -> tuple[str, ...]:
    """The codes of the kinds of attachment the same team may read: those of the sections it may read."""
    sections = readable(version, purposes, agreement=agreement, withheld=withheld, released=released)
    return tuple(kind.code for kind in version.attachment_kinds if kind.section in sections)


def attachment_kinds_of(version: Version, owner: str) -> tuple[AttachmentKind, ...]:
    """The kinds of attachment that `owner` may add."""
    return tuple(kind for kind in version.attachment_kinds if version.section(kind.section).owner == owner)


def withheld_sections(version: Version, answers: Answers) -> frozenset[str]:
    """The sections that learner or family have asked not to pass on."""
    if value_at(answers, "sharing.agreed") != "some":
        return frozenset()
    held = value_at(answers, "sharing.withheld") or ()
    return frozenset(name for name in held if version.section(name).withholdable)
