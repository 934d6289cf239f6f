"""E-mail addresses, as they are stored."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from transition_exchange.exchange.errors import Refused

_STRAIGHT = str.maketrans("‘’", "''")


def checked_email(email: str) -> str:
    """An e-mail address in lower case, as a mail server takes it.

    An apostrophe that a word processor has curled is straightened, as in o’neill. A domain with letters beyond ASCII is
    written as the internet's names are (RFC 5891), because many servers take nothing else.

    Raises:
        Refused: it is not an e-mail address.
    """
    try:
        return _as_stored(email)
    except EmailNotValidError:
        message = "Enter an e-mail address such as name@school.example."
        raise Refused(message, {"email": message}) from None


def looked_up(email: str) -> str:
    """An address that somebody typed to sign in, as it is stored if it is one; else what they typed, cut to 254."""
    typed = email.strip()[:254]
    try:
        return _as_stored(typed)
    except EmailNotValidError:
        return typed.lower()


def _as_stored(email: str) -> str:
    checked = validate_email(
        email.strip().translate(_STRAIGHT), check_deliverability=False, test_environment=True
    )
    return f"{checked.local_part}@{checked.ascii_domain}".lower()
