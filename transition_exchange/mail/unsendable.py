"""The exception for a mail that was not sent."""

from __future__ import annotations


class Unsendable(Exception):
    """A mail was not sent. The message holds no address.

    Attributes:
        for_good: whether the same mail would be refused again.
        all_alike: whether every other mail would fail the same way, so that the round ends.
        words: the same for an operator, with the settings to look at.
    """

    def __init__(self, why: str, *, for_good: bool = False, all_alike: bool = False, words: str = "") -> None:
        super().__init__(why)
        self.words = words
        self.for_good = for_good
        self.all_alike = all_alike
