"""The agreed form: its versions, what they ask, and whether answers are right, wrong or missing.

Knows versions and answers only; no database, no bytes, no web. Answers are JSON-able:
``{"section": {"field": value}}``, dates as ISO text, yes/no as booleans, tables as lists of dictionaries.
"""

from .loading import load, version_for, versions
from .model import (
    AttachmentKind,
    Finding,
    Page,
    ProformaError,
    Question,
    Season,
    Section,
    UnknownName,
    UnknownVersion,
    Version,
)

__all__ = [
    "AttachmentKind",
    "Finding",
    "Page",
    "ProformaError",
    "Question",
    "Season",
    "Section",
    "UnknownName",
    "UnknownVersion",
    "Version",
    "load",
    "version_for",
    "versions",
]
