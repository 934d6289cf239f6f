"""The agreed form: its versions, what they ask, and whether answers are right, wrong or missing.

Knows versions and answers only; no database, no bytes, no web. Answers are JSON-able:
`{"section": {"field": value}}`, dates as ISO text, yes/no as booleans, tables as lists of dictionaries.
"""

from __future__ import annotations

from transition_exchange.proforma import cards, destinations, forms
from transition_exchange.proforma.access import Access, withheld_sections
from transition_exchange.proforma.asking import asked, asked_answers, asked_columns, not_asked
from transition_exchange.proforma.checking import check
from transition_exchange.proforma.documenting import document
from transition_exchange.proforma.findings import REASONS, Finding, Report
from transition_exchange.proforma.loading import load, newest, version_for, versions
from transition_exchange.proforma.model import (
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
from transition_exchange.proforma.publishing import json_schema
from transition_exchange.proforma.reading import SectionRead, read_section
from transition_exchange.proforma.saying import form_words
from transition_exchange.proforma.showing import ShownItem, ShownRow, ShownSection, show, show_kept
from transition_exchange.proforma.upgrading import NoWay, upgrade

__all__ = [
    "REASONS",
    "Access",
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
    "cards",
    "check",
    "destinations",
    "document",
    "form_words",
    "forms",
    "json_schema",
    "load",
    "newest",
    "not_asked",
    "read_section",
    "show",
    "show_kept",
    "upgrade",
    "version_for",
    "versions",
    "withheld_sections",
]
