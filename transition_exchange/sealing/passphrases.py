"""Passphrases, which a library scores or which are generated, and two kinds of code: spoken and recovery codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from zxcvbn import zxcvbn

WORDS = 5
LONGEST = 256
# zxcvbn's time grows faster than the length, and further characters only make a passphrase stronger.
_SCORED = 72
# 10**12 guesses at a tenth of a second each take one machine three thousand years.
_LEAST_GUESSES_LOG10 = 12.0
# Without 0, 1, i, l, o and u: none of these reads like another letter or digit.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # pragma: allowlist secret
_RECOVERY_GROUPS, _RECOVERY_GROUP = 6, 4
_LOOKALIKES = str.maketrans("oil", "011")


@dataclass(frozen=True)
class Strength:
    """Whether a passphrase is strong enough, and if not, advice in plain words."""

    ok: bool
    message: str = ""


def score(passphrase: str, personal: Sequence[str] = ()) -> Strength:
    """Score a passphrase by how many guesses an attacker would need.

    Args:
        passphrase: what the person typed.
        personal: what an attacker who knows the person would try first: name, e-mail address, organisation.
    """
    if len(passphrase) > LONGEST:
        return Strength(False, f"Use at most {LONGEST} characters.")
    if len(passphrase) < 8:
        return Strength(False, "Use at least 8 characters. Four or five unusual words are best.")
    pieces = [piece for text in personal for piece in (text, *re.split(r"[\W_]+", text)) if len(piece) > 2]
    scored = _guessed(passphrase, pieces)
    # Guesses for a row of one's own words, with something between them, count more than somebody needs who knows them.
    rest = _without(pieces, passphrase)
    if float(min(scored["guesses_log10"], _guessed(rest, ())["guesses_log10"])) >= _LEAST_GUESSES_LOG10:
        return Strength(True)
    why = str(scored["feedback"]["warning"] or "").strip()
    advice = "That would be too easy to guess. Use four or five unusual words, or take the one we suggest."
    return Strength(False, f"{why} {advice}".strip())


def _guessed(passphrase: str, pieces: Sequence[str]) -> Mapping[str, Any]:
    scored: Mapping[str, Any] = zxcvbn(
        passphrase[:_SCORED] or "-", user_inputs=[piece[:_SCORED] for piece in pieces[:50]]
    )
    return scored


def _without(pieces: Sequence[str], passphrase: str) -> str:
    """What is left of a passphrase without the person's own words and what joins them; all of it if none is there."""
    own = "|".join(re.escape(piece) for piece in sorted(pieces, key=len, reverse=True))
    if not own or not re.search(own, passphrase, re.IGNORECASE):
        return passphrase
    return re.sub(r"[\W_]+", " ", re.sub(own, "", passphrase, flags=re.IGNORECASE)).strip()


def generate() -> str:
    """A passphrase of five random words, 64 bits."""
    return _five_words(" ")


def spoken_code() -> str:
    """A code for reading out over the telephone: five random words, 64 bits, joined by hyphens."""
    return _five_words("-")


def recovery_code() -> str:
    """A code for keeping on paper: six groups of four letters and digits, 117 bits."""
    return readable(_RECOVERY_GROUPS, _RECOVERY_GROUP)


def readable(groups: int, size: int) -> str:
    """Random groups of `size` letters and digits, none of which reads like another."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))


def normalise(code: str) -> str:
    """The form of a code that is compared: case, spaces and hyphens do not count, and o reads as 0, i and l as 1."""
    return re.sub(r"[^0-9a-z]", "", code.lower()).translate(_LOOKALIKES)


def _five_words(between: str) -> str:
    words = word_list()
    return between.join(secrets.choice(words) for _ in range(WORDS))


@cache
def word_list() -> tuple[str, ...]:
    """The words of codes: the EFF's long list of 7,776 words, without a few that would be mistaken.

    These are its hyphenated words, and the second of each pair that `normalise` makes equal.
    """
    text = (resources.files("xkcdpass") / "static" / "eff-long").read_text(encoding="ascii")
    distinct: dict[str, str] = {}
    for word in text.split():
        if word.isalpha():
            distinct.setdefault(normalise(word), word)
    return tuple(distinct.values())
