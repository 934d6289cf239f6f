"""What a version made out of another one may not take away.

"An area may add sections and tighten the standard in a version of its own; it never renames a core field": else a
provider that gets records from two areas could read neither its lists nor its files. A new year's version may leave
fields out, but none that a condition, a card or this program reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from transition_exchange.proforma.conditions import ALWAYS, AllOf, AnyOf, Condition
from transition_exchange.proforma.model import (
    VERSION_NAME,
    BadVersion,
    Question,
    Section,
    UnknownName,
    Version,
)
from transition_exchange.purposes import COORDINATING, PLACES

READ_BY_NAME = frozenset(
    {
        "assurance.completed_by",
        "assurance.completed_on",
        "assurance.completed_role",
        "assurance.version",
        "learner.school_laestab",
        "learner.school_urn",
        "learner.year_group",
        "safeguarding.lead_email",
        "safeguarding.lead_name",
        "safeguarding.lead_phone",
        "safeguarding.youth_justice",
        "sharing.agreed",
        "sharing.withheld",
    }
)
"""Fields on no coordinator's card that this program itself fills in or looks at, in whatever version of the form."""


def refuse_losses(core: Version, version: Version) -> None:
    """Refuse a version that lacks what others need of the core, or an area's that asks for less than the core.

    Raises:
        BadVersion: the first loss, in words.
    """
    for loss in _losses(core, version):
        raise BadVersion(f"{version.name}: {loss}.")


def _losses(core: Version, version: Version) -> Iterator[str]:
    of_an_area = _family(core) != _family(version)
    readers = _readers(version)
    for old in _everything(core):
        new = _found(version, old.path)
        if new is None or new.kind != old.kind:
            gone = "is gone" if new is None else f"is no longer a {old.kind}"
            if why := _needed_by(old, readers):
                yield f"{old.path} {gone}, and {why} needs it"
            if of_an_area:
                yield f"{old.path} {gone}; an area’s version keeps every field of {core.name}"
        elif of_an_area:
            yield from _loosened(old, new)
    if of_an_area:
        for section in core.sections:
            yield from _opened(section, version.section(section.name))
        known = {question.path for question in _everything(core)}
        for question in _everything(version):
            if question.path not in known and (question.card | question.objection_card) & set(COORDINATING):
                yield f"{question.path} would go on the council’s cards, which hold what {core.name} says and no more"


def _family(version: Version) -> str:
    parts = VERSION_NAME.fullmatch(version.name)
    return parts["family"] if parts else version.name


def _everything(version: Version) -> Iterator[Question]:
    for question in version.questions:
        yield question
        yield from question.rows


def _found(version: Version, path: str) -> Question | None:
    try:
        return version.question(path)
    except UnknownName:
        return None


def _readers(version: Version) -> dict[str, str]:
    """Who of a version looks at an answer, by its path."""
    readers: dict[str, str] = {}
    for question in _everything(version):
        for condition in (question.asked, question.required):
            for path in condition.reads if condition else ():
                readers.setdefault(path, question.path)
        if question.offer_from:
            readers.setdefault(question.offer_from, question.path)
    for kind in version.attachment_kinds:
        for path in kind.expected.reads if kind.expected else ():
            readers.setdefault(path, f"the document {kind.code}")
    return readers


def _needed_by(question: Question, readers: dict[str, str]) -> str:
    """Who needs an answer of the core; empty if nobody does."""
    if question.path in readers:
        return readers[question.path]
    if purposes := question.card | question.objection_card:
        return f"the card of {', '.join(sorted(purposes))}"
    return "the exchange itself" if question.path in READ_BY_NAME else ""


def _loosened(old: Question, new: Question) -> Iterator[str]:
    """In what an area's version asks for less than the core, or tells other people."""
    if old.required and not _covers(new.required, old.required):
        yield f"{old.path} is asked for in fewer cases than in the core: it must be asked for {_when(old.required)}"
    if not _covers(new.asked or ALWAYS, old.asked or ALWAYS):
        yield f"{old.path} is put in fewer cases than in the core: it must be put {_when(old.asked or ALWAYS)}"
    for name, words in (
        ("may_not_apply", "may be said not to apply"),
        ("may_be_attached", "may be answered by an attachment"),
        ("season", "counts for a part of the year only"),
        ("or_else", "may be answered by another field"),
    ):
        if old.required and getattr(new, name) and getattr(new, name) != getattr(old, name):
            yield f"{old.path} {words}, which is less than the core asks for"
    if (new.card, new.objection_card) != (old.card, old.objection_card):
        yield f"{old.path} is on other cards than in the core"


def _opened(old: Section, new: Section) -> Iterator[str]:
    if new.owner != old.owner:
        yield f"the section {old.name} has another owner than in the core"
    if more := new.audience - old.audience:
        yield f"the section {old.name} is open to more readers than in the core: {', '.join(sorted(more))}"
    if old.only_at and new.only_at != old.only_at:
        yield f"the section {old.name} is open to other places than in the core: it is for {PLACES[old.only_at]} only"
    if (new.in_pack, new.per_transfer) != (old.in_pack, old.per_transfer):
        yield f"the section {old.name} is sent otherwise than in the core"


def _covers(wide: Condition | None, narrow: Condition) -> bool:
    """Whether one condition surely holds wherever another does, as far as their shape tells."""
    if wide is None:
        return False
    if wide in (ALWAYS, narrow):
        return True
    if isinstance(narrow, AnyOf):
        return all(_covers(wide, part) for part in narrow.of)
    if isinstance(wide, AllOf):
        return all(_covers(part, narrow) for part in wide.of)
    return (isinstance(wide, AnyOf) and any(_covers(part, narrow) for part in wide.of)) or (
        isinstance(narrow, AllOf) and any(_covers(wide, part) for part in narrow.of)
    )


def _when(condition: Condition) -> str:
    return condition.words if condition == ALWAYS else f"if {condition.words}"
