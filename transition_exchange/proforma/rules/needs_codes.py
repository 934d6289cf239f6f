"""Codes about special educational needs, plans and the services behind them."""

from __future__ import annotations

from typing import Final

from transition_exchange.proforma.rules.code_set import CodeSet

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
