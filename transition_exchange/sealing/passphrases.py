"""Passphrases, scored by a library or generated, and the two kinds of code: spoken and recovery codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from zxcvbn import zxcvbn

WORDS = 5
LONGEST = 256
_SCORED = 72  # zxcvbn's time grows faster than the length; what comes after this many characters only adds
# 10**12 guesses at a tenth of a second each take one machine three thousand years.
_LEAST_GUESSES_LOG10 = 12.0
# Without 0, 1, i, l, o and u: none of these reads like another letter or digit.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # pragma: allowlist secret
_RECOVERY_GROUPS, _RECOVERY_GROUP = 6, 4
_LOOKALIKES = str.maketrans("oil", "011")


@dataclass(frozen=True)
class Strength:
    """Whether a passphrase is strong enough, and if not, what to do about it in plain words."""

    ok: bool
    message: str = ""


def score(passphrase: str, personal: Sequence[str] = ()) -> Strength:
    """Judge a passphrase by how many guesses it would take.

    Args:
        personal: what somebody who knows the person would try first: name, e-mail address, organisation.
    """
    if len(passphrase) > LONGEST:
        return Strength(False, f"Use at most {LONGEST} characters.")
    if len(passphrase) < 8:
        return Strength(False, "Use at least 8 characters. Four or five unusual words are best.")
    pieces = [piece for text in personal for piece in (text, *re.split(r"[\W_]+", text)) if len(piece) > 2]
    found = zxcvbn(passphrase[:_SCORED], user_inputs=[piece[:_SCORED] for piece in pieces[:50]])
    if float(found["guesses_log10"]) >= _LEAST_GUESSES_LOG10:
        return Strength(True)
    why = str(found["feedback"]["warning"] or "").strip()
    advice = "That would be too easy to guess. Use four or five unusual words, or take the one we suggest."
    return Strength(False, f"{why} {advice}".strip())


def generate() -> str:
    """A passphrase of five random words, 64 bits."""
    return _five_words(" ")


def spoken_code() -> str:
    """A code to be read out over the telephone: five random words, 64 bits, with hyphens between."""
    return _five_words("-")


def recovery_code() -> str:
    """A code to be kept on paper: six groups of four letters and digits, 117 bits."""
    return readable(_RECOVERY_GROUPS, _RECOVERY_GROUP)


def readable(groups: int, size: int) -> str:
    """Random groups of letters and digits, none of which reads like another."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))


def normalise(code: str) -> str:
    """A code as it is used: capitals, spaces and hyphens don't count, nor does o for 0 or l for 1."""
    return re.sub(r"[^0-9a-z]", "", code.lower()).translate(_LOOKALIKES)


def _five_words(between: str) -> str:
    words = word_list()
    return between.join(secrets.choice(words) for _ in range(WORDS))


@cache
def word_list() -> tuple[str, ...]:
    """The words of codes: the EFF's long list of 7,776, without the few that sound or read alike.

    Left out are its hyphenated words and the second of each pair that `normalise` would take for one.
    """
    text = (resources.files("xkcdpass") / "static" / "eff-long").read_text(encoding="ascii")
    distinct: dict[str, str] = {}
    for word in text.split():
        if word.isalpha():
            distinct.setdefault(normalise(word), word)
    return tuple(distinct.values())
