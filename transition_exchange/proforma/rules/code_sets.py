"""The code sets answers are chosen from, each a tuple of (code, plain-English label) in the order a page shows it.

Codes in capitals or digits are somebody else's (the census's, the ILR's, NCCIS's, the CTF's) and are kept as they
are written there; codes in small letters are our own, where no published one is known. A set that changed between
versions of the form is here once for each, named by what differs; a version file picks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import local_authorities

CodeSet = tuple[tuple[str, str], ...]

#: England's councils by DfE code: to suggest from, never to refuse by.
LOCAL_AUTHORITIES: Final[CodeSet] = local_authorities.ENGLAND

# -- The learner -------------------------------------------------------------------------------------------------

#: CTF 25's ``Sex``; earlier files called the same two letters ``Gender``.
SEX: Final[CodeSet] = (("F", "Female"), ("M", "Male"))

#: Why there is no UPN. SSDA903 has UN1 to UN5 for the same purpose (validator rule 168); the wording is ours.
UPN_MISSING_REASONS: Final[CodeSet] = (
    ("UN1", "Never had one: not educated at a state school in England"),
    ("UN2", "New to the country, not issued yet"),
    ("UN3", "Asked the last school or council for it, no answer yet"),
    ("UN4", "Educated at home throughout"),
    ("UN5", "Another reason"),
)

#: Languages of the DfE's language code set that schools of the area meet most; ``OTL`` stands for every other.
LANGUAGES: Final[CodeSet] = (
    ("ENG", "English"),
    ("ALB", "Albanian"),
    ("AMR", "Amharic"),
    ("ARA", "Arabic"),
    ("BNG", "Bengali"),
    ("BSL", "British Sign Language"),
    ("BUL", "Bulgarian"),
    ("CHI", "Chinese"),
    ("CZE", "Czech"),
    ("FRN", "French"),
    ("GER", "German"),
    ("GUJ", "Gujarati"),
    ("HIN", "Hindi"),
    ("HUN", "Hungarian"),
    ("ITA", "Italian"),
    ("KUR", "Kurdish"),
    ("LIT", "Lithuanian"),
    ("LTV", "Latvian"),
    ("MLM", "Malayalam"),
    ("NEP", "Nepali"),
    ("PAT", "Pashto"),
    ("PHR", "Persian (Farsi)"),
    ("PNJ", "Panjabi"),
    ("POL", "Polish"),
    ("POR", "Portuguese"),
    ("RMN", "Romanian"),
    ("RNY", "Romany"),
    ("RUS", "Russian"),
    ("SHO", "Shona"),
    ("SLO", "Slovak"),
    ("SOM", "Somali"),
    ("SPA", "Spanish"),
    ("SWA", "Swahili"),
    ("TAM", "Tamil"),
    ("TGR", "Tigrinya"),
    ("TUR", "Turkish"),
    ("UKR", "Ukrainian"),
    ("URD", "Urdu"),
    ("VIE", "Vietnamese"),
    ("YOR", "Yoruba"),
    ("OTL", "Another language"),
)

RELATIONSHIPS: Final[CodeSet] = (
    ("mother", "Mother"),
    ("father", "Father"),
    ("step_parent", "Step-parent"),
    ("grandparent", "Grandparent"),
    ("other_family", "Another member of the family"),
    ("foster_carer", "Foster carer"),
    ("guardian", "Guardian"),
    ("residential_worker", "Residential worker"),
    ("social_worker", "Social worker"),
    ("other", "Someone else"),
)

#: How a learner and a family were told what is shared (SEND Code of Practice: agree what with pupil and parents).
TOLD_METHODS: Final[CodeSet] = (
    ("meeting", "In a meeting"),
    ("letter", "By letter"),
    ("email", "By e-mail"),
    ("phone", "By phone"),
    ("privacy_notice", "By the school's privacy notice"),
)

#: Education and Skills Act 2008 s.14(4) and s.72: the parent instructs before 16, the learner from 16.
OBJECTIONS: Final[CodeSet] = (
    ("none", "No objection"),
    ("by_parent", "Yes, by a parent or carer (learner under 16)"),
    ("by_learner", "Yes, by the learner (16 or over)"),
)

# -- Where they are going ------------------------------------------------------------------------------------------

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

#: September Guarantee, as published (Explore Education Statistics, data guidance); its numeric codes are unknown.
SEPTEMBER_GUARANTEE: Final[CodeSet] = (
    ("offer_made", "Offer made and suitable"),
    ("offer_not_appropriate", "Offer made, not suitable"),
    ("no_offer", "No offer"),
    ("not_recorded", "Not recorded"),
)

COURSE_LEVELS: Final[CodeSet] = (
    ("entry", "Entry level"),
    ("1", "Level 1"),
    ("2", "Level 2"),
    ("3", "Level 3"),
    ("supported_internship", "Supported internship"),
    ("other", "Another kind of programme"),
)

# -- Special educational needs -----------------------------------------------------------------------------------

#: School census. N includes those who used to get support.
SEN_PROVISION: Final[CodeSet] = (
    ("N", "No special educational needs"),
    ("K", "SEN support"),
    ("E", "EHC plan"),
)

#: core/2026.1.
SEN_TYPES_BEFORE_DS: Final[CodeSet] = (
    ("ASD", "Autistic spectrum disorder"),
    ("HI", "Hearing impairment"),
    ("MLD", "Moderate learning difficulty"),
    ("MSI", "Multi-sensory impairment"),
    ("PD", "Physical disability"),
    ("PMLD", "Profound and multiple learning difficulty"),
    ("SEMH", "Social, emotional and mental health"),
    ("SLCN", "Speech, language and communication needs"),
    ("SLD", "Severe learning difficulty"),
    ("SPLD", "Specific learning difficulty"),
    ("VI", "Vision impairment"),
    ("OTH", "Another difficulty or disability"),
    ("NSA", "SEN support, no specialist assessment of the type of need yet"),
)

#: core/2027.1. The census has Down syndrome since January 2025.
SEN_TYPES: Final[CodeSet] = (
    *SEN_TYPES_BEFORE_DS[:1],
    ("DS", "Down syndrome"),
    *SEN_TYPES_BEFORE_DS[1:],
)

EHC_ASSESSMENT_STATES: Final[CodeSet] = (
    ("none", "None"),
    ("requested", "Requested"),
    ("assessing", "The council is assessing"),
    ("refused", "Refused"),
    ("appeal", "Refused and appealed"),
)

CONSULTATION_STATES: Final[CodeSet] = (
    ("not_sent", "Not consulted yet"),
    ("sent", "Consulted, no answer yet"),
    ("can_meet_need", "Answered: can meet need"),
    ("cannot_meet_need", "Answered: cannot meet need"),
    ("named", "Named in the final plan"),
)

#: SEND Code of Practice, chapter 8.
PFA_AREAS: Final[CodeSet] = (
    ("employment", "Employment and learning"),
    ("independent_living", "Independent living"),
    ("community", "Friends, relationships and community"),
    ("health", "Good health"),
)

#: SEND Regulations 2014 reg 12: the lettered sections of a plan.
EHC_PLAN_SECTIONS: Final[CodeSet] = (
    ("A", "A: views, interests and aspirations"),
    ("B", "B: special educational needs"),
    ("C", "C: health needs"),
    ("D", "D: social care needs"),
    ("E", "E: outcomes"),
    ("F", "F: special educational provision"),
    ("G", "G: health provision"),
    ("H1", "H1: social care provision under the 1970 Act"),
    ("H2", "H2: other social care provision"),
    ("I", "I: placement"),
    ("J", "J: personal budget"),
    ("K", "K: advice and information"),
)

WAITING_FOR: Final[CodeSet] = (
    ("neurodevelopmental", "Neurodevelopmental assessment (autism, ADHD)"),
    ("camhs", "CAMHS"),
    ("ot", "Occupational therapy"),
    ("salt", "Speech and language therapy"),
    ("other", "Something else"),
)

SPECIALIST_SERVICES: Final[CodeSet] = (
    ("EP", "Educational psychologist"),
    ("SALT", "Speech and language therapy"),
    ("OT", "Occupational therapy"),
    ("PHYSIO", "Physiotherapy"),
    ("VI", "Teacher of vision impaired learners"),
    ("HI", "Teacher of the deaf"),
    ("MSI", "Multi-sensory teacher"),
    ("CAMHS", "CAMHS"),
    ("AUTISM", "Autism team"),
    ("OTHER", "Another service"),
)

# -- Exams ---------------------------------------------------------------------------------------------------------

#: JCQ, "Access arrangements and reasonable adjustments", by the names of domain knowledge; "none" is an answer.
ACCESS_ARRANGEMENTS: Final[CodeSet] = (
    ("none", "None"),
    ("extra_time_25", "25% extra time"),
    ("extra_time_over_25", "More than 25% extra time"),
    ("reader", "Reader or computer reader"),
    ("scribe", "Scribe or speech recognition"),
    ("rest_breaks", "Supervised rest breaks"),
    ("prompter", "Prompter"),
    ("word_processor", "Word processor"),
    ("modified_papers", "Modified papers"),
    ("separate_room", "Separate room"),
    ("other", "Another arrangement"),
)

EVIDENCE_ROUTES: Final[CodeSet] = (
    ("form_8", "Form 8"),
    ("form_8rf", "Form 8RF"),
    ("form_9", "Form 9"),
    ("delegated", "Within the centre's own powers, no form needed"),
)

#: GCSE grades 9 to 1 and U.
GCSE_GRADES: Final[CodeSet] = (
    *((str(grade), str(grade)) for grade in range(9, 0, -1)),
    ("U", "U (ungraded)"),
)

# -- Attendance ----------------------------------------------------------------------------------------------------

#: (code, label, at least this share of sessions missed), worst first. Persistent from 10%, severe from 50% (DfE).
ATTENDANCE_BANDS: Final[tuple[tuple[str, str, float], ...]] = (
    ("severe", "Severely absent (half or more missed)", 0.50),
    ("persistent", "Persistently absent (a tenth or more missed)", 0.10),
    ("regular", "Less than a tenth missed", 0.0),
)

# -- Circumstances -------------------------------------------------------------------------------------------------

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

TRAVEL: Final[CodeSet] = (
    ("walk", "Walk or cycle"),
    ("bus", "Bus, tram or train"),
    ("family", "Driven by family"),
    ("council_transport", "Transport from the council"),
    ("taxi", "Taxi"),
    ("not_decided", "Not decided yet"),
)
