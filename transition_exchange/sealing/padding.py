"""Padding: the size of a ciphertext shows a size class and no more.

A padded text is its length in four bytes, big-endian, then the text, then zeros. Sections, attachments and PDFs are
padded by Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019):
they grow by at most 12 %, and their size leaks only O(log log n) bits. Cards and keyrings are padded to fixed steps.
"""

from __future__ import annotations

from transition_exchange.sealing.errors import CannotOpen

_LENGTH = 4
SMALLEST = 1024
"""The smallest size of a part: an empty section and one with a few short answers look alike."""
ROOMY = 4096
"""The smallest size of a part in which some people write a page and others nothing, so both look alike."""


def padme(length: int) -> int:
    """The size to which Padmé pads `length` bytes: it keeps the exponent and the top bits of the mantissa."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    dropped = exponent - exponent.bit_length()
    mask = (1 << dropped) - 1
    return (length + mask) & ~mask


def pad(plaintext: bytes, *, least: int = SMALLEST) -> bytes:
    """Pad a part to `least` bytes, or to the next Padmé size.

    Raises:
        ValueError: `plaintext` is too long for a length of four bytes.
    """
    return _filled(plaintext, max(least, padme(_LENGTH + len(plaintext))))


def pad_to_step(plaintext: bytes, step: int) -> bytes:
    """Pad to the next multiple of `step` bytes.

    Raises:
        ValueError: `plaintext` is too long for a length of four bytes.
    """
    return _filled(plaintext, -(-(_LENGTH + len(plaintext)) // step) * step)


def unpad(padded: bytes) -> bytes:
    """Take the padding away, of either kind.

    Raises:
        CannotOpen: `padded` is not a padded text.
    """
    end = _LENGTH + int.from_bytes(padded[:_LENGTH], "big")
    if len(padded) < _LENGTH or end > len(padded) or padded.count(0, end) != len(padded) - end:
        raise CannotOpen
    return padded[_LENGTH:end]


def _filled(plaintext: bytes, size: int) -> bytes:
    if len(plaintext) >= 1 << 32:
        raise ValueError("too long for one part")
    return (len(plaintext).to_bytes(_LENGTH, "big") + plaintext).ljust(size, b"\0")
