"""Categories of the college's learner record (ILR LLDDCat), for suggestions only.

The ILR is completed by the learner's own assessment. Category 15 (Asperger's syndrome) ended on 31 July 2025.
"""

from __future__ import annotations

CATEGORIES_2027 = (
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
    ("14", "Autism spectrum disorder"),
    ("16", "Temporary disability after illness or accident"),
    ("17", "Speech, language and communication needs"),
    ("93", "Other physical disability"),
    ("94", "Other specific learning difficulty, such as dyspraxia"),
    ("95", "Other medical condition, such as epilepsy, asthma or diabetes"),
    ("96", "Other learning difficulty"),
    ("97", "Other disability"),
)

CATEGORIES_2026 = (*CATEGORIES_2027[:11], ("15", "Asperger's syndrome"), *CATEGORIES_2027[11:])
