"""What the page sends on which a learner is removed who was added by mistake."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments, flag


class RemoveLearner(Arguments):
    """Why a learner is removed, and what the page showed.

    Attributes:
        reason: a code of `removing.REASONS`; empty if none was chosen.
        knows: whether the safeguarding team knows that its part is deleted too.
        seen: `Removal.seen` of the page, so that nothing is deleted that came after it was shown.
    """

    reason = fields.String(load_default="")
    knows = flag()
    seen = fields.String(load_default="")
