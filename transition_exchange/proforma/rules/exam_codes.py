"""Codes about exams and access arrangements."""

from __future__ import annotations

from typing import Final

from transition_exchange.proforma.rules.code_set import CodeSet

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
