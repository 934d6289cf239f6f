"""The risk of not being in education, employment or training: bands, what adds to it, and a council's points."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from transition_exchange.proforma.rules.code_set import CodeSet

#: Risk of not being in education, employment or training, in the words of the commonest scoring (Oxfordshire's).
RONI_BANDS: Final[CodeSet] = (
    ("red", "High: substantial support"),
    ("amber", "Medium: additional support"),
    ("green", "Low: the offer for everybody"),
)

RONI_FACTORS: Final[CodeSet] = (
    ("attendance_90", "Attendance 90% or less"),
    ("attendance_85", "Attendance 85% or less"),
    ("eal", "English as an additional language"),
    ("ehcp", "EHC plan"),
    ("sen_support", "SEN support"),
    ("excluded", "Suspended or excluded"),
    ("fsm", "Free school meals"),
    ("alternative_provision", "Alternative provision"),
    ("looked_after", "Looked after"),
    ("parent", "Pregnant or a parent"),
    ("carer", "Young carer"),
    ("custody", "In custody"),
    ("youth_justice", "Known to youth justice"),
)

#: Points for each factor, and from how many points a band begins; a council sets its own (these are Oxfordshire's).
RONI_WEIGHTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "attendance_90": 1,
        "attendance_85": 2,
        "eal": 1,
        "ehcp": 2,
        "sen_support": 1,
        "excluded": 2,
        "fsm": 2,
        "alternative_provision": 1,
        "looked_after": 2,
        "parent": 2,
        "carer": 2,
        "custody": 2,
        "youth_justice": 2,
    }
)
RONI_THRESHOLDS: Final[tuple[tuple[str, int], ...]] = (("red", 4), ("amber", 2), ("green", 0))
