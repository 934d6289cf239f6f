"""Codes about where the learner is going."""

from __future__ import annotations

from typing import Final

from transition_exchange.proforma.rules.code_set import CodeSet

DESTINATION_KINDS: Final[CodeSet] = (
    ("provider", "A college, training provider or another school"),
    ("staying_on", "Staying on in this school's sixth form"),
    ("apprenticeship", "An apprenticeship"),
    ("job", "A job"),
    ("moving_away", "Moving away from the area"),
    ("none_yet", "None yet"),
)

#: core/2026.1.
DESTINATION_STATUS_BEFORE_ALLOCATED: Final[CodeSet] = (
    ("applied", "Applied"),
    ("interviewed", "Interviewed"),
    ("conditional", "Conditional offer"),
    ("unconditional", "Unconditional offer"),
    ("accepted", "Offer accepted"),
    ("enrolled", "Enrolled"),
    ("declined", "Declined"),
)

#: core/2027.1: automatic places of the post-16 white paper (October 2025) came in.
DESTINATION_STATUS: Final[CodeSet] = (("allocated", "Place allocated"), *DESTINATION_STATUS_BEFORE_ALLOCATED)


COURSE_LEVELS: Final[CodeSet] = (
    ("entry", "Entry level"),
    ("1", "Level 1"),
    ("2", "Level 2"),
    ("3", "Level 3"),
    ("supported_internship", "Supported internship"),
    ("other", "Another kind of programme"),
)

TRAVEL: Final[CodeSet] = (
    ("walk", "Walk or cycle"),
    ("bus", "Bus, tram or train"),
    ("family", "Driven by family"),
    ("council_transport", "Transport from the council"),
    ("taxi", "Taxi"),
    ("not_decided", "Not decided yet"),
)
