"""What a rule raises when a value cannot be right."""

from __future__ import annotations


class Wrong(ValueError):
    """A value that cannot be right.

    The message tells a person what is wrong and what would be right. It never holds the value itself, so it can
    stand in a page, a log or a report without telling anything about anybody.

    Args:
        code: what went wrong, for machines and tests: `upn_check_letter`.
        message: the sentence for the page.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
