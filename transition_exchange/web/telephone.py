"""Telephone numbers on pages as links, so that somebody who reads "Ring ..." on a phone can ring."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_NUMBER = re.compile(r"(?<![\w/+])(?:\+\d{2}|\(?0)(?:[ ()-]{0,2}\d){8,11}(?![\d/])")
"""A number as people in England write it: from 0 or with the code of a country, with spaces, brackets or hyphens."""


def with_numbers(text: str) -> Markup:
    """A text with each telephone number in it as a link; all else is escaped and stays as it is."""
    made, end = Markup(""), 0
    for found in _NUMBER.finditer(text):
        number = found[0]
        dialled = re.sub(r"[^\d+]", "", number.replace("(0)", "") if number.startswith("+") else number)
        made += escape(text[end : found.start()])
        made += Markup(
            '<a class="govuk-link govuk-link--no-visited-state te-tel" href="tel:{}">{}</a>'
        ).format(dialled, number)
        end = found.end()
    return made + escape(text[end:])
