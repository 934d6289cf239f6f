"""Finding learners by part of a name, a UPN, a ULN or a transfer's reference, in the same way on every list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from transition_exchange.exchange.records.folding import folded, words_stored, words_typed

LONGEST_SEARCH = 200
"""How many characters of a search are read. No name is longer."""

LEAST_OF_A_NUMBER = 4
"""How many characters of a UPN, ULN or reference have to be typed before it is searched for."""

_WORD, _NUMBER = " ", "#"
"""What marks the beginning of a name, and of a number, in the text that is searched."""


def searched_text(content: Mapping[str, Any], *, reference: str = "") -> str:
    """What a search looks through for one learner. It is made once for each card, and only `Search` reads it.

    Each word of a name begins an entry. The entry runs on to the end of that name and then through the other one, so
    that spaces, hyphens and the order of surname and forename do not matter. The preferred name counts as a forename.

    Args:
        content: the fields of the card.
        reference: what the transfer is called by, on the lists of those who were sent it.
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
    numbers.append(folded(reference.replace("-", "")))
    return "".join(
        [_WORD + entry for entry in dict.fromkeys(entries)]
        + [_NUMBER + number for number in numbers if number]
    )


class Search:
    """What somebody typed, ready to be searched for.

    A search finds a learner if each word, in any order, begins a word of their names. One word may stand for several
    words of a name (`khansmith`, `delacruz`), and several words for one (`mac donald` finds MacDonald). A word with a
    digit, if it is long enough, is also found anywhere in the UPN, ULN and reference, with or without spaces or
    hyphens. An empty search finds everybody.

    Args:
        typed: what somebody typed.
    """

    def __init__(self, typed: str) -> None:
        self._words = words_typed(typed[:LONGEST_SEARCH])

    def finds(self, text: str) -> bool:
        """Whether the search finds the learner with this `searched_text`."""
        return bool(self.among(1, lambda entry: entry in text))

    def among(self, everybody: int, having: Callable[[str], int]) -> int:
        """The learners whom the search finds, as a whole number with one bit for each.

        Args:
            everybody: the learners who are looked through, as such a number.
            having: gives the learners whose `searched_text` holds a piece of text, as such a number.
        """
        # By n, the learners whose text has the first n words, each alone or run together with its neighbours.
        having_first = [everybody] + [0] * len(self._words)
        for start in range(len(self._words)):
            run = ""
            for end in range(start, len(self._words)):
                run += self._words[end]
                number = len(run) >= LEAST_OF_A_NUMBER and any(sign.isdigit() for sign in run)
                having_run = having(run if number else _WORD + run) if having_first[start] else 0
                having_first[end + 1] |= having_first[start] & having_run
                if not having_run and (number or self._no_digit_from(end + 1)):
                    break
        return having_first[-1]

    def _no_digit_from(self, start: int) -> bool:
        """Whether no word from one on has a digit, so that they cannot make a run part of a number."""
        return not any(sign.isdigit() for word in self._words[start:] for sign in word)


class HasContent(Protocol):
    """A row of a list, with the fields of the card that it was made from."""

    @property
    def content(self) -> Mapping[str, Any]:
        """The fields of the card."""


Row = TypeVar("Row", bound=HasContent)


def matching(rows: Iterable[Row], typed: str, *, reference: Callable[[Row], str] = lambda _: "") -> list[Row]:
    """The rows of the learners whom a search finds, in their order.

    Args:
        rows: the list.
        typed: what somebody typed.
        reference: what the transfer of a row is called by, where the list is of transfers.
    """
    search = Search(typed)
    return [row for row in rows if search.finds(searched_text(row.content, reference=reference(row)))]
