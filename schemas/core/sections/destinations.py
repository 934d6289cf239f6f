"""Where the learner is going: all destinations for the school, its own one for each provider."""

from __future__ import annotations

from typing import Any

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, AllOf, AnyOf, Condition, Filled, Is
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    choices,
    day,
    identifier,
    long_text,
    number,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection, Season
from transition_exchange.proforma.rules import destination_codes, neet_risk

AT_PROVIDER = Is(
    "row.kind", ("provider", "staying_on", "apprenticeship"), "it is a course or an apprenticeship"
)
SOMEWHERE = Is(
    "row.kind",
    ("provider", "staying_on", "apprenticeship", "job", "moving_away"),
    "there is a destination",
)
SURE = Is("row.status", ("unconditional", "allocated", "accepted", "enrolled"), "the place is certain")
WORKED_ON = AnyOf((conditions.AT_RISK, AllOf((conditions.HAS_DESTINATION, conditions.NO_OFFER))))
ON_CARDS = audiences.COORDINATORS | audiences.SENDING_TEAM
# The September Guarantee: an offer of a suitable place by the end of September.
BY_END_OF_SEPTEMBER = Season(starts=(9, 30))
# From 1 June on a guess is no longer wanted: places have said by then. From September on they know it themselves.
BEFORE_START = Season(starts=(6, 1), ends=(8, 31))
GUARANTEE = "September Guarantee"


def of_place(*, listed: bool = False) -> dict[str, Any]:
    """The fields that say where: seen by every team of that one provider.

    Args:
        listed: whether site and course stand on the list of each of these teams too, as they do since 2027.
    """
    lists = audiences.EVERY_TEAM if listed else frozenset[str]()
    return {
        "kind": choice(
            "What kind of destination is it?",
            destination_codes.DESTINATION_KINDS,
            required=ALWAYS,
            prefilled=True,
            card=ON_CARDS | audiences.ADMISSIONS,
            pack_label="Kind of destination",
        ),
        "provider_name": text(
            "Name of the college, training provider, school or employer",
            asked=SOMEWHERE,
            required=ALWAYS,
            card=ON_CARDS,
            pack_label="Provider",
        ),
        "ukprn": identifier(
            "UK provider reference number (UKPRN)",
            "ukprn",
            asked=AT_PROVIDER,
            prefilled=True,
            hint="8 digits. Small community providers may not have one",
            pack_label="UKPRN",
        ),
        "urn": identifier("Provider's URN", "urn", asked=AT_PROVIDER, prefilled=True, pack_label="URN"),
        "campus": text("Campus or site", asked=AT_PROVIDER, card=lists),
        "course": text(
            "Course or programme",
            asked=AT_PROVIDER,
            required=ALWAYS,
            card=ON_CARDS | audiences.ADMISSIONS_AND_SUPPORT | lists,
        ),
        "level": choice(
            "Level",
            destination_codes.COURSE_LEVELS,
            asked=AT_PROVIDER,
            required=ALWAYS,
            card=ON_CARDS | audiences.ADMISSIONS,
        ),
    }


def of_start(*, required: Condition | None = None) -> dict[str, Any]:
    """When the learner starts at that place: for every team of it, and of no other. New in 2027.

    Args:
        required: when it is missing if it is empty; None in what a provider gets.
    """
    return {
        "start_date": day(
            "When does the learner start there?",
            hint="The first day there, as far as you know",
            asked=AT_PROVIDER,
            required=required,
            season=BEFORE_START,
            card=audiences.EVERY_TEAM,
            pack_label="Start date",
        )
    }


def of_application(statuses: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The fields that say how the application stands: for that provider's admissions team."""
    return {
        "preference": number(
            "Preference",
            least=1,
            most=20,
            required=ALWAYS,
            prefilled=True,
            hint="1 for the first choice. Left empty, the order of the list counts",
            card=ON_CARDS | audiences.ADMISSIONS,
        ),
        "status": choice(
            "How far is the application?",
            statuses,
            asked=AT_PROVIDER,
            required=ALWAYS,
            objection_card=audiences.COORDINATORS,
            card=ON_CARDS | audiences.ADMISSIONS,
            pack_label="Application",
        ),
        "offer_date": day(
            "When was the offer made?",
            when="past",
            asked=AT_PROVIDER,
            required=ALWAYS,
            season=BY_END_OF_SEPTEMBER,
            source=GUARANTEE,
            card=ON_CARDS | audiences.ADMISSIONS,
            pack_label="Offer made on",
        ),
        "offer_suitable": yes_no(
            "Is the offer suitable for the learner?",
            asked=AT_PROVIDER,
            required=ALWAYS,
            season=BY_END_OF_SEPTEMBER,
            source=GUARANTEE,
            card=ON_CARDS | audiences.ADMISSIONS,
            pack_label="Offer suitable",
        ),
    }


def row(statuses: tuple[tuple[str, str], ...], *, start: bool = False) -> type[RowSchema]:
    """One destination as the school enters it. `organisation` is our own id where the provider is one of ours."""
    fields = {
        **of_place(listed=start),
        # Asked of everybody with a place: whether it is there must not tell every team who needs help with the move.
        **(of_start(required=SURE) if start else {}),
        "organisation": text("Provider in this exchange", prefilled=True, system=True, card=ON_CARDS),
        **of_application(statuses),
    }
    return type("DestinationRow", (RowSchema,), {"__doc__": row.__doc__, "__module__": __name__, **fields})


def sections(
    statuses: tuple[tuple[str, str], ...], *, start: bool = False
) -> tuple[type[SectionSchema], ...]:
    """The list of destinations, and the two sections each provider gets of its own entry.

    Args:
        statuses: how far an application can be.
        start: whether each entry says when the learner starts there.
    """
    everything = {
        "__doc__": "Every destination. Read whole by the school; coordinators have it on cards.",
        "__module__": __name__,
        "about": AboutSection(
            name="destinations",
            title="Where they are going",
            owner="transition",
            audience=frozenset(),
            lawful_basis=lawful_bases.PARTICIPATION,
            reader_order=900,
            in_pack=False,
            intro="Add every place the learner has applied to. Each place is told only about its own entry.",
        ),
        "destinations": rows(
            "Where is the learner going, or where have they applied?",
            row(statuses, start=start),
            row_word="destination",
            ranked="preference",
            most=10,
            required=ALWAYS,
            objection_card=audiences.COORDINATORS,
            card=ON_CARDS,
            pack_label="Destinations",
            source="Education and Skills Act 2008 Part 1",
        ),
    }
    place = {
        "__doc__": "Where the learner is going at this provider.",
        "__module__": __name__,
        "about": AboutSection(
            name="destination",
            title="Place and course",
            owner="transition",
            audience=audiences.EVERY_TEAM,
            lawful_basis=lawful_bases.PARTICIPATION,
            reader_order=15,
            per_transfer=True,
        ),
        **of_place(listed=start),
        **(of_start() if start else {}),
    }
    application = {
        "__doc__": "How the application to this provider stands.",
        "__module__": __name__,
        "about": AboutSection(
            name="application",
            title="Application",
            owner="transition",
            audience=audiences.ADMISSIONS,
            lawful_basis=lawful_bases.PARTICIPATION,
            reader_order=305,
            per_transfer=True,
        ),
        **of_application(statuses),
    }
    return tuple(
        type(name, (SectionSchema,), body)
        for name, body in (("Destinations", everything), ("Destination", place), ("Application", application))
    )


class Visit(RowSchema):
    """A visit to the new place."""

    on = day("Date", required=ALWAYS)
    what = text(
        "What was or is planned", hint="Such as a taster day, or meeting the support team", required=ALWAYS
    )
    done = yes_no("Has it taken place?", pack_label="Done")
    note = text("How it went, or what would help", max_length=500)


class Visits(SectionSchema):
    """Getting to know the new place before the first day."""

    about = AboutSection(
        name="visits",
        title="Start and visits",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=170,
    )
    start_date = day(
        "When do they start?",
        hint="The first day at the new place, as far as you know",
        asked=conditions.VULNERABLE,
        required=ALWAYS,
        pack_label="Start date",
    )
    visits = rows(
        "Visits to the new place",
        Visit,
        row_word="visit",
        hint="Done or planned, for learners who need to get to know the new place before they start",
        most=12,
        asked=conditions.VULNERABLE,
        required=ALWAYS,
        may_not_apply=True,
        may_be_attached=True,
    )


class NeetRisk(SectionSchema):
    """The risk of dropping out, and who is working on it."""

    about = AboutSection(
        name="neet_risk",
        title="Careers support and risk of dropping out",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=260,
        withholdable=True,
        intro="Fill in the risk only if your council scores it (often called RONI, risk of NEET indicator).",
    )
    band = choice(
        "How high is the risk of not being in education, training or work?",
        neet_risk.RONI_BANDS,
        card=audiences.NEET_GROUP | audiences.SENDING_TEAM,
        source="The council's risk of NEET indicator",
        pack_label="Risk of not being in education, training or work",
    )
    scored_on = day(
        "When was it scored?",
        when="past",
        asked=Filled("neet_risk.band", "a risk is entered"),
        required=ALWAYS,
        old_after_days=365,
        pack_label="Scored on",
    )
    factors = choices(
        "What adds to the risk?",
        neet_risk.RONI_FACTORS,
        asked=Filled("neet_risk.band", "a risk is entered"),
        required=ALWAYS,
        pack_label="What adds to the risk",
    )
    careers_adviser = text(
        "Careers adviser",
        hint="Name and how to reach them",
        required=WORKED_ON,
        may_not_apply=True,
    )
    action_plan = long_text(
        "What is planned to keep the learner on track?",
        max_length=2000,
        required=WORKED_ON,
        may_be_attached=True,
        pack_label="Action plan",
    )
    transition_worker = text(
        "Transition worker",
        hint="Name and how to reach them, if there is one",
        required=WORKED_ON,
        may_not_apply=True,
    )
