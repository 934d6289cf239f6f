"""What a college and a council key into their own systems: ILR and NCCIS codes, and what our answers suggest there.

Suggestions only. The ILR's health and learning difficulty fields rest on the learner's own assessment at enrolment,
so nothing here is ever written down as fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .code_sets import CodeSet

#: ILR ``LLDDCat`` until 31 July 2025 (21-22 to 24-25 guidance; 1 to 3 had closed in 2015).
LLDD_CATEGORIES_WITH_15: Final[CodeSet] = (
    ("4", "Vision impairment"),
    ("5", "Hearing impairment"),
    ("6", "Disability affecting mobility"),
    ("7", "Profound complex disabilities"),
    ("8", "Social and emotional difficulties"),
    ("9", "Mental health difficulty"),
    ("10", "Moderate learning difficulty"),
    ("11", "Severe learning difficulty"),
    ("12", "Dyslexia"),
    ("13", "Dyscalculia"),
    ("14", "Autism spectrum condition"),
    ("15", "Asperger's syndrome"),
    ("16", "Temporary disability after illness or accident"),
    ("17", "Speech, language and communication needs"),
    ("93", "Other physical disability"),
    ("94", "Other specific learning difficulty, such as dyspraxia"),
    ("95", "Other medical condition, such as epilepsy, asthma or diabetes"),
    ("96", "Other learning difficulty"),
    ("97", "Other disability"),
    ("98", "Prefers not to say"),
    ("99", "Not provided"),
)

#: The same from 1 August 2025: 15 closed.
LLDD_CATEGORIES: Final[CodeSet] = tuple(pair for pair in LLDD_CATEGORIES_WITH_15 if pair[0] != "15")

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

#: ILR ``LearnFAMType`` and code, by the fact in a record that suggests it.
LEARN_FAM_HINTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("EHC", "1", "Has an EHC plan"),
    ("SEN", "1", "Has special educational needs"),
    ("HNS", "1", "Has top-up funding agreed (support above £6,000)"),
    ("LSR", "36", "Is a young parent (Care to Learn)"),
    ("LSR", "55", "In care or a care leaver (bursary for vulnerable groups)"),
    ("LSR", "56", "May qualify for the discretionary bursary"),
    ("FME", "1", "Entitled to free meals"),
    ("EDF", "1", "No GCSE maths at grade 4 by the end of Year 11"),
    ("EDF", "2", "No GCSE English at grade 4 by the end of Year 11"),
    ("MCF", "1", "Maths condition of funding: exempt because of a learning difficulty"),
    ("ECF", "1", "English condition of funding: exempt because of a learning difficulty"),
)

#: NCCIS activity codes (labels as of 2023).
NCCIS_ACTIVITIES: Final[CodeSet] = (
    ("210", "School sixth form"),
    ("220", "Sixth form college"),
    ("230", "Further education"),
    ("240", "Higher education"),
    ("250", "Part-time education"),
    ("260", "Gap year"),
    ("270", "Other full-time education"),
    ("280", "Special post-16 institution"),
    ("290", "Custodial institution (juvenile)"),
    ("310", "Apprenticeship"),
    ("320", "Full-time employment with study"),
    ("330", "Employment without training"),
    ("340", "Employment with other training"),
    ("350", "Temporary employment"),
    ("360", "Part-time employment"),
    ("380", "Self-employment"),
    ("381", "Self-employment with study"),
    ("410", "Work-based learning"),
    ("430", "Other training"),
    ("440", "Training through the DWP"),
    ("450", "Traineeship"),
    ("460", "Supported internship"),
    ("530", "Re-engagement provision"),
    ("540", "Working not for reward"),
    ("550", "Working not for reward, with study"),
    ("610", "NEET: not yet ready for work or learning"),
    ("615", "NEET: start date agreed (other)"),
    ("616", "NEET: start date agreed (raising the participation age)"),
    ("619", "NEET: seeking employment, education or training"),
    ("620", "NEET: carer"),
    ("630", "NEET: teenage parent"),
    ("640", "NEET: illness"),
    ("650", "NEET: pregnancy"),
    ("660", "NEET: religious grounds"),
    ("670", "NEET: unlikely ever to be active"),
    ("680", "NEET: other reason"),
    ("710", "In custody"),
    ("810", "Not known"),
    ("820", "Cannot be contacted: no address"),
    ("830", "Refused to disclose"),
)
