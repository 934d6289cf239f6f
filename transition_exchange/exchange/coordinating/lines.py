"""One learner's line in a coordinator's lists: what the card holds, with what the plain rows say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from transition_exchange.exchange import states
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer, Surroundings
from transition_exchange.exchange.coordinating.turns import Turn, turns
from transition_exchange.exchange.records.names import NameOrder, name_order, register_name, text_order
from transition_exchange.exchange.records.searching import searched_text
from transition_exchange.proforma import ProformaError, load
from transition_exchange.proforma.destinations import OFFERS, provider_of
from transition_exchange.proforma.rules.circumstance_codes import ATTENDANCE_BANDS

STATES = tuple((code, tag.words) for code, tag in states.FORMS.items())
DELIVERIES = tuple(states.FOR_COUNCIL.items())
PROVISIONS = (("E", "EHC plan"), ("K", "SEN support"), ("N", "No SEN"))
RISKS = (("red", "High"), ("amber", "Medium"), ("green", "Low"))
ATTENDANCES = tuple((code, label) for code, label, _ in ATTENDANCE_BANDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One learner as a coordinator sees them.

    Attributes:
        contact: whom to ring at the school.
        name: last name first, as registers have it.
        order: where the name comes in lists.
        state: a code of `STATES`. `shares_less` is an objection under the Education and Skills Act 2008 s.14(4):
            the line then holds no more than the card does, and nothing of where packs went.
        missing: what is missing of what everybody is asked, in words; `others` counts the rest.
        sent_to: the providers of `transfers`, by name.
        turns: what is waited for, and from whom.
        waiting_since: since when the longest of them waits.
        overdue: whether a receiving safeguarding team ought to have opened its section by now.
        facets: the words by which lists are filtered.
        sought: what a search looks through, as `searching.searched_text` makes it.
    """

    record_id: UUID
    school_id: UUID
    school: str
    contact: str
    leaving_year: int
    name: str
    order: NameOrder
    state: str
    card: Mapping[str, Any] = field(repr=False)
    transfers: tuple[PlainTransfer, ...]
    sent_to: tuple[str, ...]
    turns: tuple[Turn, ...]
    waiting_since: datetime | None
    overdue: bool
    no_destination: bool
    no_offer: bool
    facets: tuple[str, ...]
    sought: str

    @property
    def shares_less(self) -> bool:
        return self.state == "shares_less"

    @property
    def missing(self) -> tuple[str, ...]:
        version = str(self.card.get("version", ""))
        return tuple(missing_words(version, path) for path in self.card.get("gaps", ()))

    @property
    def others(self) -> int:
        return int(self.card.get("other_gaps") or 0)

    def days_waiting(self, today: date) -> int | None:
        """For how many days somebody has been waited for; None where nobody is."""
        return (today - self.waiting_since.date()).days if self.waiting_since else None


def line(
    *,
    card: Mapping[str, Any],
    record: PlainRecord,
    transfers: Mapping[UUID, PlainTransfer],
    around: Surroundings,
    today: date,
) -> Line:
    """Make a learner's line out of the card and the plain rows."""
    shares_less = bool(card.get("objection"))
    destinations: list[Mapping[str, Any]] = card.get("destinations") or []
    sent = () if shares_less else _in_order(transfers, around)
    waited = (
        () if shares_less else turns(record=record, transfers=sent, destinations=destinations, around=around)
    )
    overdue = any(
        each.safeguarding_due is not None and each.safeguarding_due < today and not each.safeguarding_opened
        for each in sent
    )
    made = Line(
        record_id=record.id,
        school_id=record.school_id,
        school=around.names.get(record.school_id, ""),
        contact=around.contacts.get(record.school_id, ""),
        leaving_year=record.leaving_year,
        name=register_name(card),
        order=name_order(card),
        state=_state(record, shares_less),
        card=card,
        transfers=sent,
        sent_to=tuple(around.names.get(each.provider_id, "") for each in sent),
        turns=waited,
        waiting_since=min((turn.since for turn in waited), default=None),
        overdue=overdue,
        no_destination=not any(_counts(row) for row in destinations),
        no_offer=not any(
            row.get("status") in OFFERS and row.get("offer_suitable") is not False for row in destinations
        ),
        facets=(),
        sought=searched_text(card),
    )
    return replace(made, facets=_facets(made, destinations, around))


def _in_order(transfers: Mapping[UUID, PlainTransfer], around: Surroundings) -> tuple[PlainTransfer, ...]:
    """By the day they were sent, then by the provider's name, so that lists stay as they were."""
    return tuple(
        sorted(
            transfers.values(),
            key=lambda each: (each.sent_at.date(), text_order(around.names.get(each.provider_id, ""))),
        )
    )


def _state(record: PlainRecord, shares_less: bool) -> str:
    if shares_less:
        return "shares_less"
    if record.complete:
        return "complete"
    return "incomplete" if record.started else "not_started"


def _counts(destination: Mapping[str, Any]) -> bool:
    """Whether a row is a destination; after an objection only its status is there, which is enough to tell."""
    kind, status = destination.get("kind"), destination.get("status")
    return bool(kind or status) and kind != "none_yet" and status != "declined"


def _facets(made: Line, destinations: list[Mapping[str, Any]], around: Surroundings) -> tuple[str, ...]:
    found = [f"school:{made.school_id}", f"year:{made.leaving_year}", f"state:{made.state}"]
    found += ["no_destination:yes"] if made.no_destination else []
    if made.shares_less:
        return tuple(found)
    found += ["no_offer:yes"] if made.no_offer else []
    for name, key in (("provision", "provision"), ("attendance", "attendance_band"), ("risk", "band")):
        found += [f"{name}:{made.card[key]}"] if made.card.get(key) else []
    found += ["care:yes"] if made.card.get("in_care") else []
    found += ["overdue:yes"] if made.overdue else []
    found += [f"turn:{who}" for who in {turn.who for turn in made.turns} or {"nobody"}]
    heading = {provider_of(row) for row in destinations if _counts(row)} & around.receivers
    heading |= {transfer.provider_id for transfer in made.transfers}
    found += [f"provider:{each}" for each in heading]
    for transfer in made.transfers:
        found += [f"delivery:{transfer.state}", f"delivery:{transfer.state}/{transfer.provider_id}"]
        found += ["delivery:any", f"delivery:any/{transfer.provider_id}"]
    return tuple(dict.fromkeys(found))


@cache
def missing_words(version: str, path: str) -> str:
    """What is missing, in the words of the form; the bare name for a field that this installation doesn't know."""
    try:
        question = load(version).question(path)
    except ProformaError:
        return path.rpartition(".")[2].replace("_", " ")
    return question.pack_label or question.label


@cache
def choice_words(version: str, path: str, column: str, code: str) -> str:
    """The label of a choice in a table's column of the form, such as the type of a need."""
    try:
        rows = load(version).question(path).rows
    except ProformaError:
        return code
    return next(
        (label for row in rows if row.name == column for each, label in row.choices if each == code), code
    )
