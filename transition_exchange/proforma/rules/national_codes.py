"""What a learner's answers suggest for the college's own record (ILR). Suggestions only.

The ILR's health and learning difficulty fields rest on the learner's own assessment at enrolment, so nothing here is
ever written down as fact. The categories themselves stand in `schemas/core/ilr_categories.py`, for each year.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_CROSSWALK: dict[str, tuple[str, ...]] = {
    "SPLD": ("12", "13", "94"),
    "MLD": ("10",),
    "SLD": ("11",),
    "PMLD": ("7",),
    "SEMH": ("8", "9"),
    "SLCN": ("17",),
    "HI": ("5",),
    "VI": ("4",),
    "MSI": ("4", "5"),
    "PD": ("6", "93"),
    "ASD": ("14",),
    "OTH": ("95", "96", "97"),
    "NSA": ("96",),
}

#: SEN type to the ILR categories to offer, best first, by year of the form. Nothing is suggested for Down syndrome:
#: ask the learner. Several mean "one of these", but for MSI, which is both.
LLDD_SUGGESTIONS: Final[Mapping[int, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        2026: MappingProxyType({**_CROSSWALK, "ASD": ("14", "15")}),
        2027: MappingProxyType({**_CROSSWALK, "DS": ()}),
    }
)
