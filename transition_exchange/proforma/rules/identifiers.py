"""Numbers that name a learner or an organisation: each from text to its one way of writing, or `Wrong`.

A function here takes what somebody typed or pasted (spaces, lower case and a slash more or less are forgiven) and
gives the number as it is kept. What cannot be that number raises `Wrong`, whose message never repeats it.

Sources, by number:
    UPN     DfE's data standard "Unique Pupil Number" 2.0; letters by the pattern of DfE's own look-up service.
    ULN     HESA C21051 "ULN"; the same test in the Learning Records Service.
    UKPRN   ILR specification: 10000000 to 99999999.
    URN     Get Information about Schools: six digits.
    LAESTAB local authority (three digits) and establishment (four).
"""

from __future__ import annotations

import re

from transition_exchange.proforma.rules.wrong import Wrong

#: The letters a UPN may hold, at their value: I, O and S are left out because they look like digits.
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # pragma: allowlist secret

#: What the ILR holds for a learner whose ULN is not known yet. It is no number of anybody's.
ULN_NOT_KNOWN = "9999999999"

_UPN = re.compile(rf"[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]")
_ULN_STEM_WEIGHTS = range(10, 1, -1)


def _bare(text: str) -> str:
    """The text in capitals without spaces and hyphens, as a number is meant however it was typed."""
    return re.sub(r"[\s\u2010-\u2015-]+", "", text).upper()


def _upn_check_letter(rest: str) -> str:
    """The first letter that belongs before these twelve characters of a UPN."""
    total = 0
    for position, character in enumerate(rest, start=2):
        value = int(character) if character.isdigit() else UPN_LETTERS.index(character)
        total += position * value
    return UPN_LETTERS[total % len(UPN_LETTERS)]


def upn(text: str) -> str:
    """A unique pupil number, permanent or temporary, by its shape and its check letter.

    The local authority's digits are not looked up: codes are added and retired, Wales has its own, and a number
    issued under one that no longer exists stays right for the whole of a school career. Nor is the establishment
    compared with the learner's school: it is the school that issued the number, mostly a primary.

    Args:
        text: what was typed.

    Returns:
        Thirteen characters: a letter and twelve digits, or a letter, eleven digits and a letter when temporary.

    Raises:
        Wrong: `upn_shape` or `upn_check_letter`.
    """
    number = _bare(text)
    if not _UPN.fullmatch(number):
        raise Wrong(
            "upn_shape",
            "A UPN is 13 characters: a letter and 12 digits, or a letter, 11 digits and a letter if it is temporary. "
            "It never has the letters I, O or S",
        )
    if number[0] != _upn_check_letter(number[1:]):
        raise Wrong(
            "upn_check_letter",
            "The first letter of this UPN does not fit the rest, so one character is wrong. "
            "Copy it again from your management information system",
        )
    return number


def former_upn(text: str) -> str:
    """A UPN the learner had before; the same rule as for today's.

    Raises:
        Wrong: `upn_shape` or `upn_check_letter`.
    """
    return upn(text)


def make_upn(
    *, la: str, establishment: str, year: int, serial: int, temporary_letter: str | None = None
) -> str:
    """A UPN of the right shape with the right check letter, for sample data and tests.

    Args:
        la: three digits.
        establishment: four digits.
        year: two digits of the year it would have been issued in.
        serial: up to three digits, or up to two for a temporary number.
        temporary_letter: the last letter of a temporary number; `None` makes a permanent one.

    Raises:
        Wrong: `upn_shape` where the pieces cannot make a UPN.
    """
    width = 3 if temporary_letter is None else 2
    rest = f"{la}{establishment}{year % 100:02d}{serial:0{width}d}{temporary_letter or ''}"
    if not _UPN.fullmatch(f"A{rest}") or len(la) != 3 or serial < 0:
        raise Wrong(
            "upn_shape",
            "A UPN is made of three, four, two and three digits; a temporary one ends in a letter",
        )
    return _upn_check_letter(rest) + rest


def _uln_remainder(stem: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(stem, _ULN_STEM_WEIGHTS, strict=True)) % 11


def uln(text: str) -> str:
    """A unique learner number: ten digits, the first not zero, the last a check digit.

    The first nine, weighted 10 to 2, leave a remainder by 11; the check digit is 10 less that remainder, and a
    remainder of 0 belongs to no number that was ever issued.

    Args:
        text: what was typed.

    Returns:
        Ten digits.

    Raises:
        Wrong: `uln_shape`, `uln_check_digit`, or `uln_placeholder` for the ILR's ten nines, which say "not
            known" and must not be kept as if they were somebody's number.
    """
    number = _bare(text)
    if number == ULN_NOT_KNOWN:
        raise Wrong(
            "uln_placeholder",
            "Ten nines is only a placeholder. Leave the ULN empty and say that it is not known",
        )
    if not re.fullmatch(r"[1-9][0-9]{9}", number):
        raise Wrong("uln_shape", "A ULN is 10 digits and does not begin with 0")
    remainder = _uln_remainder(number[:9])
    if remainder == 0 or int(number[9]) != 10 - remainder:
        raise Wrong(
            "uln_check_digit",
            "This is not a ULN: its last digit does not fit the others. Copy it again from the learner record service",
        )
    return number


def make_uln(stem: int | str) -> str:
    """The ULN that begins with these nine digits, for sample data and tests.

    Raises:
        Wrong: `uln_shape` where the stem is not nine digits without a leading zero, `uln_no_check_digit` where
            no ULN begins so (one stem in eleven).
    """
    digits = str(stem)
    if not re.fullmatch(r"[1-9][0-9]{8}", digits):
        raise Wrong("uln_shape", "The beginning of a ULN is 9 digits and does not begin with 0")
    remainder = _uln_remainder(digits)
    if remainder == 0:
        raise Wrong("uln_no_check_digit", "No ULN begins with these digits. Choose the next ones")
    return f"{digits}{10 - remainder}"


def ukprn(text: str) -> str:
    """A UK provider reference number: eight digits from 10000000.

    Raises:
        Wrong: `ukprn_shape`.
    """
    number = _bare(text)
    if not re.fullmatch(r"[1-9][0-9]{7}", number):
        raise Wrong("ukprn_shape", "A UKPRN is 8 digits and does not begin with 0")
    return number


def urn(text: str) -> str:
    """A school's or college's unique reference number: six digits, as on Get Information about Schools.

    Raises:
        Wrong: `urn_shape`.
    """
    number = _bare(text)
    if not re.fullmatch(r"[1-9][0-9]{5}", number):
        raise Wrong("urn_shape", "A URN is 6 digits and does not begin with 0")
    return number


def laestab(text: str) -> str:
    """A DfE number: local authority and establishment.

    Returns:
        `LLL/EEEE`, as people write it; a file format that keeps the two apart splits at the slash.

    Raises:
        Wrong: `laestab_shape`.
    """
    parts = re.fullmatch(r"([0-9]{3})/?([0-9]{4})", _bare(text))
    if not parts or parts[1] == "000":
        raise Wrong(
            "laestab_shape", "A DfE number is 3 digits for the council and 4 for the school, like 123/4567"
        )
    return f"{parts[1]}/{parts[2]}"


def la_code(text: str) -> str:
    """A local authority's DfE code: three digits. Which codes exist is suggested, never enforced: they change.

    Raises:
        Wrong: `la_code_shape`.
    """
    number = _bare(text)
    if not re.fullmatch(r"[0-9]{3}", number) or number == "000":
        raise Wrong("la_code_shape", "A council's DfE code is 3 digits")
    return number
