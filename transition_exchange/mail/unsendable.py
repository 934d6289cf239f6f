"""Why a mail did not go."""

from __future__ import annotations


class Unsendable(Exception):
    """Why a mail did not go; the words hold no address.

    Attributes:
        for_good: the same mail would be refused again.
        all_alike: the next mail would fare no better, so the round ends.
    """

    def __init__(self, why: str, *, for_good: bool = False, all_alike: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good
        self.all_alike = all_alike
