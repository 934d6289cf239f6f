"""What to call the learner, and the learner's numbers, since 2027: a section for each group of readers.

The ULN goes to every team of a provider with a UKPRN, because all of them work with it. The UPN belongs to a school
career, so only a school gets it, and the council, which matches learners by it. Everybody else names a record by the
reference of its transfer.
"""

from __future__ import annotations

from dataclasses import replace

from schemas.core import audiences, lawful_bases
from schemas.core.sections import learner
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import SectionSchema, changed
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import learner_codes


class KnownAs(learner.KnownAs):
    """What to call the learner: with the legal name, the same for every team."""

    about = replace(
        learner.KnownAs.about,
        title="What to call the learner",
        audience=audiences.EVERY_TEAM,
        reader_order=11,
    )
    preferred_name = changed(
        learner.KnownAs,
        "preferred_name",
        card=learner.OWN_CARDS | audiences.EVERY_TEAM,
    )
    pronouns = changed(
        learner.KnownAs,
        "pronouns",
        hint="Only if the learner has told you, such as she/her or they/them. Every team of the next place reads it",
    )

    class Meta(learner.KnownAs.Meta):
        """Without the languages, which two teams need and not all."""

        exclude = ("first_language", "eal", "contact_language", "interpreter_needed")


class Language(SectionSchema):
    """In which language to talk with the learner and the family."""

    about = AboutSection(
        name="language",
        title="Language",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_SUPPORT,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=20,
    )
    first_language = changed(learner.KnownAs, "first_language")
    eal = changed(learner.KnownAs, "eal")
    contact_language = changed(learner.KnownAs, "contact_language")
    interpreter_needed = changed(
        learner.KnownAs,
        "interpreter_needed",
        asked=Is(
            "language.contact_language",
            tuple(code for code, _ in learner_codes.LANGUAGES if code != "ENG"),
            "the family's language is not English",
        ),
        required=ALWAYS,
    )


class EnrolmentBase(learner.EnrolmentBase):
    """What an admissions team types into its own system, whatever kind of place it is at."""

    class Meta(learner.EnrolmentBase.Meta):
        """Without the UPN, which only schools get."""

        exclude = ("upn", "upn_missing_reason")


class PupilNumber(SectionSchema):
    """The number of a school career."""

    about = AboutSection(
        name="pupil_number",
        title="Pupil number",
        owner="transition",
        audience=audiences.EVERY_TEAM,
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=312,
        only_at="school",
    )
    upn = changed(
        learner.EnrolmentBase,
        "upn",
        hint=(
            "A letter and 12 characters, such as P207000016049. Read by the council, and by the teams of a school the "
            "learner goes on to; no college or training provider gets it"
        ),
        card=audiences.COORDINATORS | audiences.SENDING_TEAM | audiences.EVERY_TEAM,
    )
    upn_missing_reason = changed(learner.EnrolmentBase, "upn_missing_reason")
    former_upn = changed(learner.Numbers, "former_upn")


class Numbers(learner.Numbers):
    """The number that a learner keeps for life."""

    about = replace(
        learner.Numbers.about,
        title="Learner number",
        audience=audiences.EVERY_TEAM,
        only_at="with_ukprn",
    )
    uln = changed(
        learner.Numbers,
        "uln",
        hint=(
            "10 digits. Read by the council’s NEET group, and by every team of a next place that has a UK provider "
            "reference number (UKPRN)"
        ),
        card=audiences.NEET_GROUP | audiences.SENDING_TEAM | audiences.EVERY_TEAM,
    )

    class Meta(learner.Numbers.Meta):
        """Without the numbers that stand in sections of their own."""

        exclude = ("uci", "former_upn")


class CandidateNumber(SectionSchema):
    """The number of a learner's exam entries."""

    about = AboutSection(
        name="candidate_number",
        title="Exam number",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_EXAMS,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=314,
    )
    uci = changed(learner.Numbers, "uci")
