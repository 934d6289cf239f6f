"""Padding, so that the size of what is sealed shows a class and no more.

A padded text is its length in four bytes, big-endian, the text, and zeros. Sections, attachments and PDFs
follow Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
2019): at most 12 % larger, and only O(log log n) bits of the size show. Cards and keyrings fill fixed steps.
"""

from __future__ import annotations

from transition_exchange.sealing.errors import CannotOpen

_LENGTH = 4
SMALLEST = 1024
"""No part is smaller: an empty section and one with a few short answers look alike."""
ROOMY = 4096
"""Where one person writes a page and another nothing, so that the two look alike."""


def padme(length: int) -> int:
    """The size to which Padmé pads `length` bytes: its exponent and the top bits of its mantissa are kept."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    dropped = exponent - exponent.bit_length()
    mask = (1 << dropped) - 1
    return (length + mask) & ~mask


def pad(plaintext: bytes, *, least: int = SMALLEST) -> bytes:
    """Pad a part: to `least`, or to the next Padmé size.

    Raises:
        ValueError: longer than four bytes can say.
    """
    return _filled(plaintext, max(least, padme(_LENGTH + len(plaintext))))


def pad_to_step(plaintext: bytes, step: int) -> bytes:
    """Pad to the next multiple of `step` bytes.

    Raises:
        ValueError: longer than four bytes can say.
    """
    return _filled(plaintext, -(-(_LENGTH + len(plaintext)) // step) * step)


def unpad(padded: bytes) -> bytes:
    """The text in a padded one, of either kind.

    Raises:
        CannotOpen: it was not padded so.
    """
    end = _LENGTH + int.from_bytes(padded[:_LENGTH], "big")
    if len(padded) < _LENGTH or end > len(padded) or padded.count(0, end) != len(padded) - end:
        raise CannotOpen
    return padded[_LENGTH:end]


def _filled(plaintext: bytes, size: int) -> bytes:
    if len(plaintext) >= 1 << 32:
        raise ValueError("too long to be sealed in one piece")
    return (len(plaintext).to_bytes(_LENGTH, "big") + plaintext).ljust(size, b"\0")
