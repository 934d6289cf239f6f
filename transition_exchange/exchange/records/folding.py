"""Folding: one plain spelling of a name, by which names are found, sorted and compared."""

from __future__ import annotations

import re
import unicodedata

_JOINER = "'"
"""What stands in a spelling for the signs that join the parts of a word: apostrophes, hyphens, dots."""

_APOSTROPHES = "'`´‘’‛′ʹʻʼʽʾʿˈ՚׳ꞌꞋ"  # whatever keyboards and word processors write for one
_DOTS = ".·‧・⁃−"  # initials, Catalan, Chinese and Japanese middle dots; a bullet and a minus as hyphens
_ACCENT_ALONE = re.compile(" [\u0300\u0301\u0313\u0314]")
"""What NFKD makes of the spacing accents, such as U+00B4, which are also typed as apostrophes."""

_LATIN = "ł:l ø:o đ:d ð:d þ:th æ:ae œ:oe ħ:h ı:i ŋ:n ŧ:t ĸ:q ə:e ɛ:e ɔ:o ɓ:b ɗ:d ɖ:d ƙ:k ƴ:y"
"""Letters that have no decomposition, and how passports spell them (ICAO 9303 part 3 section 6). Only ø is spelt o,
because people whose keyboard lacks it type that. Letters of West African and Azerbaijani names are among them."""

_LETTERS = {
    **dict(pair.split(":") for pair in _LATIN.split()),
    "\u0345": "ι",  # the iota below Greek vowels, which is a letter in capitals
    # Letters that differ between Arabic, Persian and Urdu keyboards but not between names.
    "\u0649": "\u064a",  # alef maksura and Persian yeh: yeh
    "\u06cc": "\u064a",
    "\u06a9": "\u0643",  # keheh: kaf
    "\u0629": "\u0647",  # teh marbuta, its Urdu form, and heh goal: heh
    "\u06c3": "\u0647",
    "\u06c1": "\u0647",
    "\u0671": "\u0627",  # alef wasla: alef
    "\u0640": "",  # tatweel, which only stretches a word
}


def folded(text: str) -> str:
    """The spelling by which names are found, sorted and compared: letters and digits only.

    Case and accents are removed, `ł` becomes `l`, `ø` becomes `o`, `ß` becomes `ss`. Apostrophes, hyphens, spaces,
    commas and all other punctuation are removed. A text folds alike in NFC, NFD and compatibility forms.

    Scripts other than Latin stay in their own letters, and traditional Chinese characters are not simplified. Vowels
    that writers may leave out (Arabic, Hebrew) are removed. The vowel signs, viramas and tone marks of Indic and
    South-East Asian scripts and the voicing marks of Japanese are kept, because another sign makes another name:
    Bengali কমল is not কামাল. The nukta, a dot below that many people leave out, is removed.
    """
    return _spelling(text).replace(_JOINER, "").replace(" ", "")


def words_stored(text: str) -> list[str]:
    """The folded words of a name. A hyphen or an apostrophe parts them: `Khan-Smith` is `khan` and `smith`."""
    return _spelling(text).replace(_JOINER, " ").split()


def words_typed(text: str) -> list[str]:
    """The folded words of a search. A hyphen or an apostrophe does not part them: `O'Neill` is `oneill`."""
    return _spelling(text).replace(_JOINER, "").split()


class _Signs(dict[int, str]):
    """What a spelling has for each character of a decomposed text, worked out at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = _sign(chr(code))
        return self[code]


_SIGNS = _Signs()


def _sign(character: str) -> str:
    """The plain form of a letter, digit or mark that is kept; else a joiner, nothing, or a space."""
    if character in _LETTERS:
        return _LETTERS[character]
    if character in _APOSTROPHES or character in _DOTS:
        return _JOINER
    match unicodedata.category(character)[0], unicodedata.category(character)[1]:
        case "L" | "N", _:
            return character
        case "P", "d":
            return _JOINER
        case "M", kind:
            return "" if kind == "e" or _may_be_left_out(character) else character
        case "C", kind:
            # Invisible signs (joiners, directions) are removed; unassigned characters count as letters.
            return {"f": "", "c": " "}.get(kind, character)
        case _:
            return " "


def _may_be_left_out(mark: str) -> bool:
    """Whether a mark is an accent, a vowel point or a nukta. `folded` says which marks are kept.

    The canonical combining classes (Unicode Standard Annex 44, table 15) are: 1 overlays, 7 nuktas, 10 to 36 the points
    of Hebrew, Arabic and Syriac, from 200 on accents. Of class 0, only the marks that Unicode ignores in comparisons.
    """
    kind = unicodedata.combining(mark)
    ignorable = mark == "\u034f" or "VARIATION SELECTOR" in unicodedata.name(mark, "")
    return kind in (1, 7) or 10 <= kind <= 36 or kind >= 200 or ignorable


def _spelling(text: str) -> str:
    """Folded letters, with `_JOINER` between the parts of a word and a space between words."""
    if text.isascii():
        return text.lower().translate(_SIGNS)
    decomposed = _ACCENT_ALONE.sub(_JOINER, unicodedata.normalize("NFKD", text)).translate(_SIGNS)
    # Accents are removed before case, because changing the case turns some of them into letters. What comes of that
    # may have a decomposition in turn.
    return unicodedata.normalize("NFKD", decomposed.casefold()).translate(_SIGNS)
