"""The errors of opening and verifying. None of them carries any of the sealed content."""

from __future__ import annotations


class CannotOpen(Exception):
    """The key or the place is wrong, or the bytes were changed; the message never says which."""

    def __init__(self, message: str = "This cannot be opened with this key in this place.") -> None:
        super().__init__(message)


class UnknownFormat(CannotOpen):
    """The bytes begin with a format version that this release does not know."""

    def __init__(self, what: str, version: object = None) -> None:
        known = version if isinstance(version, int) else "none that can be read"
        super().__init__(f"Unknown format version of a {what}: {known}. A newer release may have written it.")


class BadSignature(Exception):
    """The signature was made by another key, or the statement is not in its canonical form."""

    def __init__(self, message: str = "The signature does not match.") -> None:
        super().__init__(message)


class WrongSecret(CannotOpen):
    """The passphrase, recovery code or spoken code does not open this."""

    def __init__(self, message: str = "This passphrase or code does not open the key.") -> None:
        super().__init__(message)


class NoPlace(Exception):
    """This machine does as much passphrase work as it may. Another try in a few seconds may find a place."""

    def __init__(self, message: str = "Every place for passphrase work is taken.") -> None:
        super().__init__(message)


class MissingMLKEM(RuntimeError):
    """The OpenSSL that `cryptography` uses has no ML-KEM, so nothing can be sealed or opened."""
