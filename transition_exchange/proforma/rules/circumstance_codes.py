"""Codes about attendance, care and safeguarding."""

from __future__ import annotations

from typing import Final

from transition_exchange.proforma.rules.code_set import CodeSet

#: (code, label, at least this share of sessions missed), worst first. Persistent from 10%, severe from 50% (DfE).
ATTENDANCE_BANDS: Final[tuple[tuple[str, str, float], ...]] = (
    ("severe", "Severely absent (half or more missed)", 0.50),
    ("persistent", "Persistently absent (a tenth or more missed)", 0.10),
    ("regular", "Less than a tenth missed", 0.0),
)

#: Legal statuses for care: the groups a college's bursary team and a Virtual School tell apart.
CARE_LEGAL_STATUSES: Final[CodeSet] = (
    ("full_care_order", "Full care order"),
    ("interim_care_order", "Interim care order"),
    ("section_20", "Accommodated by agreement (section 20)"),
    ("placement_order", "Placement order"),
    ("remand", "Remanded to the council's care"),
    ("uasc", "Unaccompanied asylum-seeking child"),
)

CARE_HISTORIES: Final[CodeSet] = (
    (
        "previously_looked_after",
        "Looked after before, now adopted or under a special guardianship or other order",
    ),
    ("care_leaver", "Care leaver"),
    ("kinship", "In kinship care"),
)

#: What the safeguarding team says of today's status. LAC is "looked after".
SAFEGUARDING_STATUSES: Final[CodeSet] = (
    ("CP", "Child protection plan"),
    ("CIN", "Child in need plan"),
    ("LAC", "Looked after"),
    ("channel", "Channel"),
    ("closed", "Closed"),
    ("none", "None"),
)
