"""Finding learners by what somebody types: part of a name, a UPN or a ULN. The same on every list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from transition_exchange.exchange.records.folding import folded, words_stored, words_typed

LONGEST_SEARCH = 200
"""How many characters of a search are read. Whoever types more has typed a whole name."""

LEAST_OF_A_NUMBER = 4
"""From how many characters on a part of a UPN or ULN is looked for."""

_WORD, _NUMBER = " ", "#"
"""What stands before each beginning of a name, and before each number, in the text that is searched."""


def searched_text(content: Mapping[str, Any]) -> str:
    """What a search looks through for one learner: made once for a card, by `Search` alone read.

    Every word of the legal name begins an entry that runs on to the end of the name and, from the surname, into the
    forename: spaces and hyphens may be left out when searching. The preferred name counts as a forename does.
    """
    forename, surname, preferred = (
        words_stored(str(content.get(name) or ""))
        for name in ("legal_forename", "legal_surname", "preferred_name")
    )
    entries = [
        "".join(words[start:] + rest)
        for words, rest in ((forename, surname), (surname, forename), (preferred, surname))
        for start in range(len(words))
    ]
    numbers = [folded(str(content.get(name) or "")) for name in ("upn", "uln")]
    return "".join(
        [_WORD + entry for entry in dict.fromkeys(entries)]
        + [_NUMBER + number for number in numbers if number]
    )


class Search:
    """What somebody typed, ready to be looked for.

    A learner is found where the words typed, in whatever order, each begin a word of their names. A word may begin a
    name that is written in several (`khansmith`, `delacruz`), and several may make one (`mac donald` finds MacDonald).
    A word with a digit is also looked for anywhere in UPN and ULN, with or without blanks, if it is long enough.
    Nothing typed finds everybody.
    """

    def __init__(self, typed: str) -> None:
        self._words = words_typed(typed[:LONGEST_SEARCH])

    def finds(self, text: str) -> bool:
        """Whether a learner's `searched_text` has what was typed."""
        return bool(self.among(1, lambda entry: entry in text))

    def among(self, everybody: int, having: Callable[[str], int]) -> int:
        """Those who are found, as bits.

        Args:
            everybody: a bit for each learner.
            having: the learners whose `searched_text` holds a piece of text, as bits.
        """
        # Bits of learners in whom the first n words are found, each alone or run together with its neighbours.
        found = [everybody] + [0] * len(self._words)
        for start in range(len(self._words)):
            run = ""
            for end in range(start, len(self._words)):
                run += self._words[end]
                number = len(run) >= LEAST_OF_A_NUMBER and any(sign.isdigit() for sign in run)
                those = having(run if number else _WORD + run) if found[start] else 0
                found[end + 1] |= found[start] & those
                if not those and (number or self._no_digit_from(end + 1)):
                    break
        return found[-1]

    def _no_digit_from(self, place: int) -> bool:
        """Whether the words from a place on cannot turn a run into part of a number."""
        return not any(sign.isdigit() for word in self._words[place:] for sign in word)


class HasContent(Protocol):
    """A row of a list with the fields of the card it was made of."""

    @property
    def content(self) -> Mapping[str, Any]:
        """The card's fields."""


Row = TypeVar("Row", bound=HasContent)


def found(rows: Iterable[Row], typed: str) -> list[Row]:
    """The rows of the learners whom a search finds, in the order they came in."""
    search = Search(typed)
    return [row for row in rows if search.finds(searched_text(row.content))]
