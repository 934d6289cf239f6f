"""What a school's pages send: new learners, documents, destinations, confirmations, what a list is narrowed to."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Range

from transition_exchange.exchange.arguments import Arguments, Count, FromAPage, Ids, flag, page, year
from transition_exchange.stored_text import UnreadableText, read_json

NO_DATE = "The date must be a real date, such as 27 3 2026"


class AddLearner(Arguments):
    """Whether a learner is added although one on the list may be the same. It comes with the learner's own answers."""

    although = flag()


class Attach(Arguments):
    """A document, with its kind and date."""

    kind = fields.String(required=True, error_messages={"required": "Choose what kind of document it is"})
    name = fields.String(load_default="")
    dated = fields.Date(format="%Y-%m-%d", load_default=None, error_messages={"invalid": NO_DATE})
    content = fields.Raw(data_key="file", required=True, error_messages={"required": "Choose a PDF"})


class Destination(Arguments):
    """The provider that was chosen, and what the form was opened with. The answers come with them.

    Attributes:
        tag: the tag of the list.
    """

    provider = fields.String(load_default="")
    tag = fields.String(load_default="")


class NameDestination(Arguments):
    """The confirmed name of a provider as the page showed it, and the tag of the list as it was opened."""

    name = fields.String(load_default="")
    tag = fields.String(load_default="")


class ChooseStatements(Arguments):
    """The statements to confirm for a year group."""

    statement = fields.List(
        fields.String(),
        required=True,
        error_messages={"required": "Choose at least one statement to confirm"},
    )


class _Answers(FromAPage, fields.Dict):
    """Answers by section and question, as JSON text where they travel with a form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), values=fields.Dict(keys=fields.String()), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            try:
                value = read_json(value)
            except UnreadableText:
                raise ValidationError("This is not JSON") from None
        return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]


class ConfirmSome(Arguments):
    """A step of confirming for a year group.

    Attributes:
        answers: the answers to confirm.
        total: how many learners it is for; 0 before the first step, which counts them.
        left: the learners still to do, after the first step.
        out: the learners who were left out before the first step.
        note: the results of the steps before.
        name: what the learners are called, after the first step.
    """

    answers = _Answers(required=True)
    left = Ids()
    out = Ids()
    total = Count()
    note = fields.List(fields.String(), load_default=(), attribute="notes")
    name = fields.List(fields.String(), load_default=(), attribute="names")


class WantedLearners(Arguments):
    """What a school's list of learners is narrowed to."""

    q = fields.String(load_default="")
    state = fields.String(load_default="")
    year = year()
    page = page()


class WantedStep(Arguments):
    """What the step before could not do."""

    failed = fields.Integer(load_default=0, validate=Range(min=0, max=100_000))
