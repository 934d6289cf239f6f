"""The agreed form: its versions, what they ask, and whether answers are right, wrong or missing.

Knows versions and answers only; no database, no bytes, no web. Answers are JSON-able:
``{"section": {"field": value}}``, dates as ISO text, yes/no as booleans, tables as lists of dictionaries.
"""

from . import audience, cards, destinations, forms
from .asking import asked, asked_answers, asked_columns
from .audience import withheld_sections
from .checking import check
from .documenting import document
from .findings import REASONS, Finding, Report
from .loading import load, newest, version_for, versions
from .model import (
    AttachmentKind,
    BadVersion,
    Page,
    ProformaError,
    Question,
    Season,
    Section,
    Statement,
    UnknownName,
    UnknownVersion,
    Upgraded,
    Version,
)
from .publishing import json_schema
from .reading import SectionRead, read_section
from .showing import ShownItem, ShownRow, ShownSection, show
from .upgrading import NoWay, upgrade

__all__ = [
    "REASONS",
    "AttachmentKind",
    "BadVersion",
    "Finding",
    "NoWay",
    "Page",
    "ProformaError",
    "Question",
    "Report",
    "Season",
    "Section",
    "SectionRead",
    "ShownItem",
    "ShownRow",
    "ShownSection",
    "Statement",
    "UnknownName",
    "UnknownVersion",
    "Upgraded",
    "Version",
    "asked",
    "asked_answers",
    "asked_columns",
    "audience",
    "cards",
    "check",
    "destinations",
    "document",
    "forms",
    "json_schema",
    "load",
    "newest",
    "read_section",
    "show",
    "upgrade",
    "version_for",
    "versions",
    "withheld_sections",
]
