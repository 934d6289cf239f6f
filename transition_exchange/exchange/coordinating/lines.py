"""One learner's line in a coordinator's lists, made from the learner's card and the plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from transition_exchange.english import day_of
from transition_exchange.exchange import states
from transition_exchange.exchange.coordinating.acting import Turn
from transition_exchange.exchange.coordinating.area_facts import AreaFacts
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer
from transition_exchange.exchange.coordinating.ringing import ToRing
from transition_exchange.exchange.coordinating.turns import council, turns
from transition_exchange.exchange.records.left_school import LeftSchool, left_school
from transition_exchange.exchange.records.names import NameOrder, name_order, register_name, text_order
from transition_exchange.exchange.records.searching import searched_text
from transition_exchange.exchange.records.since_sent import on_card
from transition_exchange.proforma import ProformaError, load
from transition_exchange.proforma.cards import on_day
from transition_exchange.proforma.destinations import OFFERS, provider_of
from transition_exchange.proforma.rules.circumstance_codes import ATTENDANCE_BANDS
from transition_exchange.stored_text import UnreadableText, read_moment

STATES = tuple((code, tag.words) for code, tag in states.FORMS.items())
DELIVERIES = tuple(states.FOR_COUNCIL.items())
PROVISIONS = (("E", "EHC plan"), ("K", "SEN support"), ("N", "No SEN"))
RISKS = (("red", "High"), ("amber", "Medium"), ("green", "Low"))
ATTENDANCES = tuple((code, label) for code, label, _ in ATTENDANCE_BANDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One learner as a coordinator sees them.

    Attributes:
        school: the name of the school.
        ring: whom to ring at the school about the form.
        name: last name first, as registers have it.
        order: what lists are sorted by.
        state: a code of `STATES`. `shares_less` is an objection under the Education and Skills Act 2008 s.14(4):
            the line then holds no more than the card does, and not where packs went. `left` and `moved` are forms
            that are not complete, of learners who have left, so that nobody waits for them.
        card: the fields of the card.
        transfers: by the day on which they were sent, then by the provider's name.
        sent_to: the names of the providers of `transfers`.
        other_names: for each destination of the card, how its provider is called if it was confirmed under another
            name, such as "confirmed as …"; empty for the others.
        turns: who has to do something next.
        left: that the learner is not at the school any more; None while they are.
        waiting_since: since when the first of them has had to.
        overdue: whether a receiving safeguarding team is late in opening its section.
        no_destination: whether no destination is known.
        no_offer: whether there is no suitable offer.
        facets: what lists are filtered by, such as `state:complete`.
        searched_text: what a search looks through, as `searching.searched_text` makes it.
        term_assumed: whether the area has not set when the learner's next term starts, so that 1 September counts.
    """

    record_id: UUID
    school_id: UUID
    school: str
    ring: tuple[ToRing, ...]
    leaving_year: int
    name: str
    order: NameOrder
    state: str
    card: Mapping[str, Any] = field(repr=False)
    transfers: tuple[PlainTransfer, ...]
    sent_to: tuple[str, ...]
    other_names: tuple[str, ...]
    turns: tuple[Turn, ...]
    left: LeftSchool | None
    waiting_since: datetime | None
    overdue: bool
    no_destination: bool
    no_offer: bool
    facets: tuple[str, ...]
    searched_text: str
    term_assumed: bool = False

    @property
    def shares_less(self) -> bool:
        """Whether somebody objected, so that the council gets the least that the law asks for."""
        return self.state == "shares_less"

    @property
    def missing(self) -> tuple[str, ...]:
        """The missing answers that everybody is asked for, in the words of the form."""
        version = str(self.card.get("version", ""))
        return tuple(missing_words(version, path) for path in self.card.get("gaps", ()))

    @property
    def other_missing(self) -> int:
        """How many other answers are missing."""
        return int(self.card.get("other_gaps") or 0)

    def days_waiting(self, today: date) -> int | None:
        """For how many days somebody has had to act; None if nobody has to."""
        return (today - day_of(self.waiting_since)).days if self.waiting_since else None


def learner_line(
    *,
    card: Mapping[str, Any],
    record: PlainRecord,
    transfers: Mapping[UUID, PlainTransfer],
    facts: AreaFacts,
    today: date,
) -> Line:
    """Make a learner's line.

    Args:
        card: the fields of the card.
        record: the record's plain row.
        transfers: the record's transfers by id.
        facts: the area.
        today: the day that decides what is overdue.
    """
    card = on_day(card, today)
    record = _on_day(record, card)
    shares_less = bool(card.get("objection"))
    destinations: list[Mapping[str, Any]] = card.get("destinations") or []
    sent = () if shares_less else _in_order(transfers, facts)
    left = left_school(card)
    if shares_less:
        waiting = tuple(council(left, record.changed_at, asked_less=True))
    else:
        waiting = turns(
            record=record,
            transfers=sent,
            destinations=destinations,
            facts=facts,
            left=left,
            changed_for=on_card(card).lack(transfer.provider_id for transfer in sent),
        )
    overdue = any(
        transfer.safeguarding_due is not None
        and transfer.safeguarding_due < today
        and not transfer.safeguarding_opened
        for transfer in sent
    )
    without_facets = Line(
        record_id=record.id,
        school_id=record.school_id,
        school=facts.names.get(record.school_id, ""),
        ring=facts.ring(record.school_id, facts.teams_for(record.school_id, "transition")),
        leaving_year=record.leaving_year,
        name=register_name(card),
        order=name_order(card),
        state=_state(record, shares_less, left),
        card=card,
        transfers=sent,
        sent_to=tuple(facts.names.get(transfer.provider_id, "") for transfer in sent),
        other_names=tuple(_other_name(row, facts) for row in destinations),
        turns=waiting,
        left=left,
        waiting_since=min((turn.since for turn in waiting), default=None),
        overdue=overdue,
        no_destination=not any(_counts(row) for row in destinations),
        no_offer=not any(
            row.get("status") in OFFERS and row.get("offer_suitable") is not False for row in destinations
        ),
        facets=(),
        searched_text=searched_text(card),
        term_assumed=facts.term_assumed(record.leaving_year),
    )
    return replace(without_facets, facets=_facets(without_facets, destinations, facts))


def _on_day(record: PlainRecord, card: Mapping[str, Any]) -> PlainRecord:
    """A record's plain row as it would be on the day of a card: whether the form is complete, and since when.

    Args:
        record: the row, as the last save left it.
        card: the fields of the card, which says it for the day on which somebody looks.
    """
    complete = card.get("complete")
    if not isinstance(complete, bool) or complete == record.complete:
        return record
    try:
        since = read_moment(f"{card.get('complete_since', '')}T00:00:00+00:00")
    except UnreadableText:
        since = record.changed_at
    return replace(record, complete=complete, changed_at=max(since, record.changed_at))


def _other_name(destination: Mapping[str, Any], facts: AreaFacts) -> str:
    """How a destination's provider was confirmed, if that is not what the school sealed; else empty."""
    provider_id, sealed = provider_of(destination), str(destination.get("provider_name") or "")
    confirmed = facts.confirmed.get(provider_id) if provider_id else None
    other = confirmed.unlike(sealed) if confirmed and sealed else None
    return other.beside if other else ""


def _in_order(transfers: Mapping[UUID, PlainTransfer], facts: AreaFacts) -> tuple[PlainTransfer, ...]:
    """By the day on which they were sent, then by the provider's name, so that the order never changes."""
    return tuple(
        sorted(
            transfers.values(),
            key=lambda transfer: (
                day_of(transfer.sent_at),
                text_order(facts.names.get(transfer.provider_id, "")),
            ),
        )
    )


def _state(record: PlainRecord, shares_less: bool, left: LeftSchool | None) -> str:
    if shares_less:
        return "shares_less"
    if record.complete:
        return "complete"
    if left is not None:
        return left.code
    return "incomplete" if record.started else "not_started"


def _counts(destination: Mapping[str, Any]) -> bool:
    """Whether a row names somewhere to go. After an objection it has a status only, which is enough to tell."""
    kind, status = destination.get("kind"), destination.get("status")
    return bool(kind or status) and kind != "none_yet" and status != "declined"


def _facets(line: Line, destinations: list[Mapping[str, Any]], facts: AreaFacts) -> tuple[str, ...]:
    facets = [f"school:{line.school_id}", f"year:{line.leaving_year}", f"state:{line.state}"]
    facets += ["no_destination:yes"] if line.no_destination else []
    facets += [f"state:{line.left.code}"] if line.left else []  # whatever the form is
    if line.shares_less:
        facets += ["waiting:yes"] if line.turns else []
        return tuple(dict.fromkeys([*facets, *(f"turn:{turn.who}" for turn in line.turns)]))
    facets += ["no_offer:yes"] if line.no_offer else []
    for name, key in (("provision", "provision"), ("attendance", "attendance_band"), ("risk", "band")):
        facets += [f"{name}:{line.card[key]}"] if line.card.get(key) else []
    facets += ["care:yes"] if line.card.get("in_care") else []
    facets += ["overdue:yes"] if line.overdue else []
    facets += ["waiting:yes"] if line.turns else []
    facets += [f"turn:{who}" for who in {turn.who for turn in line.turns} or {"nobody"}]
    heading = {provider_of(row) for row in destinations if _counts(row)} & facts.receivers
    heading |= {transfer.provider_id for transfer in line.transfers}
    facets += [f"provider:{provider_id}" for provider_id in heading]
    for transfer in line.transfers:
        facets += [f"delivery:{transfer.state}", f"delivery:{transfer.state}/{transfer.provider_id}"]
        facets += ["delivery:any", f"delivery:any/{transfer.provider_id}"]
    return tuple(dict.fromkeys(facets))


@cache
def missing_words(version: str, path: str) -> str:
    """What is missing, in the words of the form; the field's name if this installation does not know the field."""
    try:
        question = load(version).question(path)
    except ProformaError:
        return path.rpartition(".")[2].replace("_", " ")
    return question.pack_label or question.label


@cache
def choice_words(version: str, path: str, column: str, code: str) -> str:
    """The label of a choice in a column of one of the form's tables, such as the type of a need.

    Returns:
        The label; the code itself if this installation does not know it.
    """
    try:
        rows = load(version).question(path).rows
    except ProformaError:
        return code
    return next((dict(row.choices).get(code, code) for row in rows if row.name == column), code)
