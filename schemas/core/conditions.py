"""The conditions that several sections share."""

from __future__ import annotations

from transition_exchange.proforma.conditions import AnyOf, Filled, Is, MoreThan, Not, RowHas, ShareBelow

SEN_SUPPORT = Is("sen.provision", ("K",), "the learner has SEN support")
EHC_PLAN = Is("sen.provision", ("E",), "the learner has an EHC plan")
SEN = Is("sen.provision", ("K", "E"), "the learner has SEN support or an EHC plan")
FLAGGED = Is("needs.extra_help", (True,), "the learner needs extra help with the move")
SEN_OR_FLAGGED = AnyOf((SEN, FLAGGED))
PHYSICAL_DISABILITY = RowHas("needs.needs", "type", ("PD",), "a physical disability is among the needs")
IN_CARE = Is("care.in_care", (True,), "the learner is in care")
CARE_LEAVER = Is("care.history", ("care_leaver",), "the learner is a care leaver")
CARE = AnyOf((IN_CARE, CARE_LEAVER))
LOW_ATTENDANCE = ShareBelow(
    "attendance.sessions_attended", "attendance.sessions_possible", 90, "attendance is below 90%"
)
VULNERABLE = AnyOf((SEN, FLAGGED, CARE, LOW_ATTENDANCE))
AT_RISK = Is(
    "neet_risk.band", ("amber", "red"), "the risk of not being in education or work is medium or high"
)
HAS_DESTINATION = Filled("destinations.destinations", "a destination is entered")
HAS_OFFER = RowHas(
    "destinations.destinations",
    "status",
    ("allocated", "conditional", "unconditional", "accepted", "enrolled"),
    "there is an offer",
)
NO_OFFER = Not(HAS_OFFER, "there is no offer yet")
SUSPENDED = MoreThan("suspensions.suspension_count", 0, "there was a suspension")
