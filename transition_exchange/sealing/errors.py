"""What opening and verifying may refuse. No exception carries anything of what was sealed."""

from __future__ import annotations


class CannotOpen(Exception):
    """Wrong key, wrong place or changed bytes; which of them is never told."""

    def __init__(self, message: str = "This cannot be opened with this key in this place.") -> None:
        super().__init__(message)


class UnknownFormat(CannotOpen):
    """The bytes begin with a format version that this release doesn't know."""

    def __init__(self, what: str, version: object = None) -> None:
        known = version if isinstance(version, int) else "none that can be read"
        super().__init__(f"Unknown format version of a {what}: {known}. A newer release may have written it.")


class BadSignature(Exception):
    """Not signed by this key, or not written in the one canonical way."""

    def __init__(self, message: str = "The signature does not match.") -> None:
        super().__init__(message)


class WrongSecret(CannotOpen):
    """A passphrase, recovery code or spoken code doesn't open this."""

    def __init__(self, message: str = "This passphrase or code does not open the key.") -> None:
        super().__init__(message)


class MissingMLKEM(RuntimeError):
    """The OpenSSL beneath `cryptography` has no ML-KEM, so nothing can be sealed or opened."""
