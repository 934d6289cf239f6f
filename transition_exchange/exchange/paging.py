"""Long lists in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

ON_A_PAGE = 50
"""How many rows a page usually has."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class Paging:
    """Which page of a list is shown.

    Attributes:
        total: how many rows the whole list has.
        wanted: the page that was asked for. If the list has become shorter, the nearest page that exists is shown.
        size: how many rows a page has.
    """

    total: int
    wanted: int = 1
    size: int = ON_A_PAGE

    @property
    def pages(self) -> int:
        """The number of pages; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        """The number of the page that is shown, from 1."""
        return min(max(1, self.wanted), self.pages)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The number of the page's first row in the whole list, from 1."""
        return self.offset + 1

    @property
    def last(self) -> int:
        """The number of the page's last row in the whole list."""
        return min(self.offset + self.size, self.total)

    def cut(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of this page."""
        return rows[self.offset : self.last]
