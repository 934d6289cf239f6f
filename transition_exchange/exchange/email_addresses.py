"""E-mail addresses, as they are stored."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from transition_exchange.exchange.errors import Refused


def checked_email(email: str) -> str:
    """An e-mail address in lower case, with straight apostrophes: word processors make them curly.

    Raises:
        Refused: it is not an e-mail address.
    """
    try:
        return validate_email(
            email.strip().replace("\u2019", "'"), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        message = "Enter an e-mail address such as name@school.example."
        raise Refused(message, {"email": message}) from None
