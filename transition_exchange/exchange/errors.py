"""Why an action is refused. Each exception carries the message that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ExchangeError(Exception):
    """An action was refused.

    Args:
        message: plain English, shown to the person unchanged. It never holds personal data.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(ExchangeError):
    """The thing does not exist, or this person may not see it. The two look the same on purpose."""

    def __init__(self, message: str = "We could not find that page.") -> None:
        super().__init__(message)


class NotAllowed(ExchangeError):
    """The person is signed in, but none of their teams may do this."""

    def __init__(self, message: str = "Your teams cannot do this.") -> None:
        super().__init__(message)


class NotOpened(ExchangeError):
    """The team has not opened the record yet, so nothing of it is shown. A page shows its cover instead."""

    def __init__(self, message: str = "Open the record first: your team has not opened it yet.") -> None:
        super().__init__(message)


class Refused(ExchangeError):
    """What was typed or asked for is not accepted. Nothing was changed.

    Args:
        message: what is wrong and how to put it right.
        fields: further messages, by the name of the form field they belong to.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields: Mapping[str, str] = dict(fields or {})


class Later(Refused):
    """Refused for now. The same try is worth repeating later; it was not judged.

    Args:
        message: what is the matter and how long to wait.
        retry_after: the seconds after which another try may be made.
    """

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyTries(Later):
    """There were too many wrong passphrases or codes, so the next one has to wait."""


class Busy(Later):
    """This machine does as much passphrase work as it may at the same time."""

    def __init__(self) -> None:
        super().__init__(
            "The service is very busy just now. Wait a few seconds and try again.", retry_after=5
        )


class ProofNeeded(ExchangeError):
    """The person has to give their passphrase or a code once more before they do this. Nothing was changed.

    Args:
        by_code: whether it has to be a code, because the action concerns the second factor.
    """

    def __init__(self, *, by_code: bool = False) -> None:
        super().__init__("Confirm that it is you before you go on.")
        self.by_code = by_code


class SessionEnded(NotAllowed):
    """The session has just been ended because of too many wrong tries in it."""

    def __init__(self) -> None:
        super().__init__("You were signed out because there were too many wrong tries. Sign in again.")


class Conflict(ExchangeError):
    """Somebody else saved the same sections after this person opened the page. Nothing was overwritten.

    Args:
        sections: the names of the sections that changed.
    """

    def __init__(self, sections: Sequence[str]) -> None:
        super().__init__("Somebody else changed this page while you were writing.")
        self.sections = tuple(sections)


class NotReady(ExchangeError):
    """A team has no confirmed key or no second opener yet, so it can neither send nor be sent to."""


TAMPERED = (
    "This record failed its safety check, so it cannot be opened. "
    "Tell the council's NEET group and ask the school to send it again."
)


class Tampered(ExchangeError):
    """Stored data is not what its owner signed or sealed. Nothing of it is shown."""

    def __init__(self, message: str = TAMPERED) -> None:
        super().__init__(message)


class NotConfirmedYet(Tampered):
    """A team's new key that nobody else has confirmed yet signed what is stored.

    Whoever goes on past what cannot be checked goes on past this too. A page says that it waits, and for whom.
    """
