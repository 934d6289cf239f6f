"""The rules across fields that both versions agreed on."""

from __future__ import annotations

from transition_exchange.proforma import rulebook

ERRORS = (
    rulebook.born_before_everything,
    rulebook.needs_fit_provision,
    rulebook.objection_by_whom,
)
WARNINGS = (
    rulebook.born_in_year_group,
    rulebook.form_8_reusable,
    rulebook.plan_by_31_march,
    rulebook.outcomes_with_steps,
)
