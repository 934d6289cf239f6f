"""What a deed may refuse. Each exception carries the message that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ExchangeError(Exception):
    """A deed that was refused.

    Args:
        message: plain English, shown to the person as it stands; never holds personal data.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(ExchangeError):
    """There is no such thing, or it is not this person's: the two look the same on purpose."""

    def __init__(self, message: str = "We could not find that page.") -> None:
        super().__init__(message)


class NotAllowed(ExchangeError):
    """The person is signed in, but their teams may not do this."""

    def __init__(self, message: str = "Your teams cannot do this.") -> None:
        super().__init__(message)


class Refused(ExchangeError):
    """What was typed or asked cannot be taken; nothing was changed.

    Args:
        message: what is wrong and what would be right.
        fields: messages by the name of the form field they belong to, where there are any.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields: Mapping[str, str] = dict(fields or {})


class Conflict(ExchangeError):
    """Somebody else saved the same sections since this person opened the page; nothing was overwritten.

    Args:
        sections: names of the sections that changed meanwhile.
    """

    def __init__(self, sections: Sequence[str]) -> None:
        super().__init__("Somebody else changed this page while you were writing.")
        self.sections = tuple(sections)


class NotReady(ExchangeError):
    """A team has no confirmed key or no second opener yet, so nothing can be sent by it or to it."""


class Tampered(ExchangeError):
    """Something stored is not what its owner signed. Nothing of it is shown."""

    def __init__(
        self,
        message: str = "This record failed its safety check, so it cannot be opened. "
        "Tell the council's transfer team and ask the school to send it again.",
    ) -> None:
        super().__init__(message)
