"""Codes about the learner and the family."""

from __future__ import annotations

from typing import Final

from transition_exchange.proforma.rules.code_set import CodeSet

#: CTF 25's `Sex`; earlier files called the same two letters `Gender`.
SEX: Final[CodeSet] = (("F", "Female"), ("M", "Male"))

#: Why there is no UPN. SSDA903 has UN1 to UN5 for the same purpose (validator rule 168); the wording is ours.
UPN_MISSING_REASONS: Final[CodeSet] = (
    ("UN1", "Never had one: not educated at a state school in England"),
    ("UN2", "New to the country, not issued yet"),
    ("UN3", "Asked the last school or council for it, no answer yet"),
    ("UN4", "Educated at home throughout"),
    ("UN5", "Another reason"),
)

#: Languages of the DfE's language code set that schools of the area meet most; `OTL` stands for every other.
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

#: Whether the learner left before the last school year ended. The codes and words are ours.
LEFT_SCHOOL: Final[CodeSet] = (
    ("here", "Yes"),
    ("left", "No, they have left and are at no other school"),
    ("moved", "No, they have moved to another school"),
)

#: Education and Skills Act 2008 s.14(4) and s.72: the parent instructs before 16, the learner from 16.
OBJECTIONS: Final[CodeSet] = (
    ("none", "No objection"),
    ("by_parent", "Yes, by a parent or carer (learner under 16)"),
    ("by_learner", "Yes, by the learner (16 or over)"),
)
