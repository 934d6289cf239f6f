"""Names of parts, and whether a grant gives keys only of what belongs to its owner.

The form says which sections are an owner's. A grant may hold the keys of those, each once, of documents, and of what
was made for its transfer. Else a team could give another owner's sections, or a second text in the place of one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from transition_exchange.exchange.records.parts import readers_in, readers_word
from transition_exchange.proforma import Version
from transition_exchange.purposes import RECEIVING
from transition_exchange.sealing.manifests import Grant

_LATER = re.compile(r"[0-9a-f]{8}")
"""What follows a transfer's id where teams were added to a provider later: they get parts of their own."""

RESTING = "not-saved"
"""The name of the part of a draft that holds what was typed and is not saved yet. No section's name holds a hyphen."""


def label_part(attachment_id: UUID) -> str:
    """The name of the part that holds an attachment's label."""
    return f"attachment/{attachment_id}/about"


def content_part(attachment_id: UUID) -> str:
    """The name of the part that holds an attachment's file."""
    return f"attachment/{attachment_id}/content"


def are_own(
    names: Collection[str], *, version: Version, statement: Grant, attachment_id: UUID | None = None
) -> bool:
    """Whether all names are of parts that a grant's owner may give by it, and none stands for a section twice.

    Args:
        names: the names in the grant's keyring. What rests in a draft leaves it for nowhere: only a draft's grant
            may name it, and says to whom its keys are known.
        version: the version of the form in which the record is written.
        statement: what the grantor signed.
        attachment_id: the attachment that is granted; None for a revision.
    """
    if attachment_id is not None:
        return set(names) == {label_part(attachment_id), content_part(attachment_id)}
    sections = {section.name: section.per_transfer for section in version.sections_of(statement.owner)}
    suffixes: set[str] = set()
    for name in names:
        head, _, suffix = name.partition("/")
        if name == RESTING:
            if statement.manifest_digest or statement.transfer or statement.known_to is None:
                return False
        elif head == "attachment":
            if not statement.manifest_digest or not _is_of_attachment(name):
                return False
        elif head in ("pdf", "data"):
            suffix, _, readers = suffix.rpartition("/")
            if not _is_readers(readers):
                return False
            suffixes.add(suffix)
        elif sections.get(head) is None or sections[head] != bool(suffix) or name.endswith("/"):
            return False
        elif suffix:
            suffixes.add(suffix)
    # One delivery has one suffix, so that no section and no pack can stand there twice.
    if not suffixes:
        return True
    return (
        statement.transfer is not None
        and len(suffixes) == 1
        and _is_of_transfer(suffixes.pop(), str(statement.transfer))
    )


def _is_of_transfer(suffix: str, transfer: str) -> bool:
    transfer_id, _, later = suffix.partition("/")
    return transfer_id == transfer and (suffix == transfer or bool(_LATER.fullmatch(later)))


def _is_readers(word: str) -> bool:
    purposes = readers_in(word)
    return purposes <= set(RECEIVING) and word == readers_word(purposes)


def _is_of_attachment(name: str) -> bool:
    try:
        attachment_id = UUID(name.split("/")[1])
    except (ValueError, IndexError):
        return False
    return name in (label_part(attachment_id), content_part(attachment_id))
