"""Who reads, on what basis, and the conditions that several sections share."""

from transition_exchange.proforma.conditions import AnyOf, Filled, Is, MoreThan, Not, RowHas, ShareBelow

# Audiences, by the "Seen by" column of the field list: ADM, ALS, DSL and EX.
ADMISSIONS = frozenset({"admissions"})
SUPPORT = frozenset({"learning_support"})
SAFEGUARDING = frozenset({"safeguarding"})
EVERY_TEAM = frozenset({"admissions", "learning_support", "safeguarding", "exams"})
ADMISSIONS_AND_SUPPORT = ADMISSIONS | SUPPORT
ADMISSIONS_AND_EXAMS = frozenset({"admissions", "exams"})
SUPPORT_AND_EXAMS = frozenset({"learning_support", "exams"})
SUPPORT_AND_SAFEGUARDING = SUPPORT | SAFEGUARDING
ADMISSIONS_SUPPORT_AND_SAFEGUARDING = ADMISSIONS | SUPPORT | SAFEGUARDING

# Cards: whose lists need an answer. Coordinators get what design point 8 names and nothing more.
COORDINATORS = frozenset({"neet_group", "send"})
NEET_GROUP = frozenset({"neet_group"})
SENDING_TEAM = frozenset({"transition"})

# Lawful bases. Routine sharing rests on public task, never on a consent tick.
PUBLIC_TASK = "UK GDPR Art. 6(1)(e), public task: education and training of young people"
PARTICIPATION = f"{PUBLIC_TASK}; Education and Skills Act 2008 s.14 and s.72"
EQUALITY = (
    f"{PUBLIC_TASK}; special category data: Art. 9(2)(g) with Data Protection Act 2018 Sch. 1 para 8 "
    "(equality of opportunity); Children and Families Act 2014 s.66"
)
STATUTORY_SEND = (
    f"{PUBLIC_TASK}; special category data: Art. 9(2)(g) with Data Protection Act 2018 Sch. 1 para 6 "
    "(statutory purposes); Children and Families Act 2014; SEND Regulations 2014"
)
CHILD_SAFETY = (
    f"{PUBLIC_TASK}; special category data: Art. 9(2)(g) with Data Protection Act 2018 Sch. 1 para 18 "
    "(safeguarding of children and individuals at risk); Keeping children safe in education"
)
CHILD_SAFETY_AND_JUSTICE = f"{CHILD_SAFETY}; youth justice: Art. 10 with Sch. 1 para 18"

# Conditions.
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
