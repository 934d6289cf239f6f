"""The learner's own words, what helps, and the support in place."""

from __future__ import annotations

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    day,
    hours,
    long_text,
    money,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import needs_codes

WRITTEN_BY = (
    ("learner", "The learner wrote it"),
    ("spoken", "The learner said it and somebody wrote it down"),
    ("together", "The learner and somebody else wrote it together"),
    ("others", "People who know the learner well wrote it"),
)
OWNERS = (
    ("learner", "The learner or family"),
    ("school", "The school"),
    ("council", "The council"),
    ("health", "The health service"),
    ("other", "Somebody else"),
)


class OwnWords(SectionSchema):
    """The young person's own page. The questions speak to the young person."""

    about = AboutSection(
        name="own_words",
        title="In their own words",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=120,
        withholdable=True,
        asked=conditions.SEN_OR_FLAGGED,
        intro=(
            "These questions are for the young person. They can write, or tell somebody who writes down their words "
            "as they say them. Short answers are fine."
        ),
    )
    like_about_me = long_text(
        "What do people like about you?",
        hint="Ask somebody who knows you well, if you are not sure",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="What people like about me",
    )
    matters_to_me = long_text(
        "What matters most to you?",
        hint="People, places, routines, anything that makes a day good or bad",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="What matters to me",
    )
    help_me = long_text(
        "How can people help you best?",
        hint="What works when you are learning, and what works on a bad day",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="How to help me",
    )
    hopes = long_text(
        "What do you hope for next?",
        hint="At college, at work, at home, with friends",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="What I hope for next",
    )
    good_at = long_text(
        "What are you good at?",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="What I am good at",
    )
    interests = long_text(
        "What do you like doing?",
        hint="Hobbies, subjects, music, games, sport",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="What I like doing",
    )
    find_hard = long_text(
        "What do you find hard?",
        hint="In lessons, at break, travelling, with other people",
        max_length=1500,
        required=ALWAYS,
        own_words=True,
        may_be_attached=True,
        pack_label="What I find hard",
    )
    written_by = choice("Who wrote this?", WRITTEN_BY, pack_label="Written by")


class Strategy(RowSchema):
    """One thing that works."""

    strategy = long_text("What works", max_length=600, required=ALWAYS)
    where = text("When or where", hint="Such as group work, tests, corridors", pack_label="When or where")


class WhatHelps(SectionSchema):
    """What a teacher does on Monday morning."""

    about = AboutSection(
        name="what_helps",
        title="What helps",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=130,
        withholdable=True,
    )
    strategies = rows(
        "What works in class?",
        Strategy,
        row_word="strategy",
        most=12,
        hint="Strategies and adjustments that a new teacher could use on the first day, one at a time",
        asked=conditions.SEN_OR_FLAGGED,
        required=conditions.SEN,
        may_be_attached=True,
        pack_label="Strategies and classroom adjustments",
    )


class Provision(RowSchema):
    """One kind of support, as it is given now."""

    kind = text(
        "What support is it?",
        hint="Such as in-class support or a reading programme",
        required=ALWAYS,
        pack_label="Support",
    )
    hours_per_week = hours("Hours a week", required=ALWAYS)
    ratio = text("Adults to learners", hint="Such as 1 to 1 or 1 to 4", required=ALWAYS, pack_label="Ratio")
    who = text(
        "Who gives it",
        hint="Their role, such as a teaching assistant",
        required=ALWAYS,
        pack_label="Given by",
    )
    cost = money("Cost a year, if known", pack_label="Cost a year")


class Equipment(RowSchema):
    """A thing the learner needs, and whether it comes along."""

    item = text("What is it?", required=ALWAYS, pack_label="Equipment")
    owner = choice("Who owns it?", OWNERS, required=ALWAYS, pack_label="Owned by")
    moves = yes_no("Does it move with the learner?", required=ALWAYS, pack_label="Moves with the learner")


class Support(SectionSchema):
    """What the school provides now, and with what."""

    about = AboutSection(
        name="support",
        title="Support in place",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=140,
        withholdable=True,
        asked=conditions.SEN_OR_FLAGGED,
    )
    provision = rows(
        "What support is in place now?",
        Provision,
        row_word="kind of support",
        most=12,
        required=conditions.SEN,
        may_be_attached=True,
        source="SEND Code of Practice: the graduated approach",
        pack_label="Support now",
    )
    equipment = rows(
        "What technology, equipment or adapted rooms does the learner use?",
        Equipment,
        row_word="piece of equipment",
        most=12,
        hint="Such as a laptop with speech recognition, a hearing aid, a hoist. Say it does not apply if there is none",
        required=conditions.SEN,
        may_not_apply=True,
        may_be_attached=True,
        pack_label="Equipment",
    )


class Service(RowSchema):
    """A specialist service that knows the learner."""

    service = choice("Service", needs_codes.SPECIALIST_SERVICES, required=ALWAYS)
    name = text("Name of the person", required=ALWAYS, pack_label="Person")
    contact = text("How to reach them", hint="Phone or e-mail", required=ALWAYS, pack_label="Contact")
    last_report = day(
        "Date of the last report",
        when="past",
        hint="Leave empty if there is no report",
        old_after_days=365,
        pack_label="Last report",
    )


class Services(SectionSchema):
    """Who else works with the learner."""

    about = AboutSection(
        name="services",
        title="Specialist services",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=150,
        withholdable=True,
        asked=conditions.SEN_OR_FLAGGED,
    )
    services = rows(
        "Which specialist services work with the learner?",
        Service,
        row_word="service",
        most=12,
        required=conditions.SEN,
        may_not_apply=True,
        may_be_attached=True,
        hint=(
            "Such as an educational psychologist, a therapist, a specialist teacher or CAMHS. Attach the last report "
            "of each if you may. Say it does not apply if there is none"
        ),
        pack_label="Services",
    )
