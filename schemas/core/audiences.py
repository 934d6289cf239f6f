"""Who reads a section at a provider, and on whose cards an answer stands."""

from __future__ import annotations

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
SCHOOL_SAFEGUARDING = frozenset({"school_safeguarding"})
