"""What a file that people download says of what it should hold and does not, as the pages do.

A file is passed on, and read without the page that it came from. So it says it itself, in the first line under its
header, and in its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transition_exchange.english import plural
from transition_exchange.store.unreadable import left_out


@dataclass(frozen=True)
class Table:
    """A table to be downloaded.

    Attributes:
        lines: its lines.
        whole: whether everything is in it that belongs there, as far as that can be told.
    """

    lines: Iterator[str]
    whole: bool

    def __iter__(self) -> Iterator[str]:
        return self.lines


def what_is_missing(*, unchecked: int) -> Sequence[str]:
    """What a file says that was made in this request; nothing if everything is in it.

    Args:
        unchecked: how many entries could not be opened or checked.
    """
    said = []
    if unchecked:
        verb = "is" if unchecked == 1 else "are"
        said.append(
            f"INCOMPLETE: {plural(unchecked, 'entry', 'entries')} could not be checked and {verb} not in this file. "
            "Either the council has not yet confirmed the school's security number, or somebody has changed what is "
            "stored. If you miss a learner, ring the school."
        )
    if left_out():
        said.append(
            "INCOMPLETE: something that is stored cannot be read, so this file may lack learners. Either the database "
            "was damaged or somebody has changed it. Tell the council's NEET group."
        )
    return said
