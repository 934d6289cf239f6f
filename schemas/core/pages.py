"""What is filled in at one go: ten pages, nine of the transition team and one of the safeguarding team."""

from __future__ import annotations

from transition_exchange.proforma.model import Page


def pages(
    *,
    needs: tuple[str, ...],
    about: tuple[str, ...] = ("known_as", "enrolment", "numbers"),
    whereabouts: tuple[str, ...] = (),
) -> tuple[Page, ...]:
    """The ten pages, with the sections in which the versions differ.

    Args:
        needs: the sections of the page on needs.
        about: the sections about the learner, after the legal name and the school.
        whereabouts: the sections about where the learner is now, which stand beside where they are going.
    """
    return (
        Page("learner", "About the learner", "transition", ("learner", *about)),
        Page(
            "family",
            "Family and sharing",
            "transition",
            ("contacts", "do_not_contact", "told", "sharing", "objection"),
        ),
        Page(
            "next",
            "Where they are going next",
            "transition",
            ("destinations", "visits", "transport", "neet_risk", *whereabouts),
        ),
        Page("needs", "Needs and support", "transition", needs),
        Page("own_words", "In their own words", "transition", ("own_words",)),
        Page("plan", "EHC plan and preparing for adulthood", "transition", ("ehc_plan", "adulthood")),
        Page("exams", "Exams and results", "transition", ("exams", "results", "other_qualifications")),
        Page(
            "circumstances",
            "Attendance and circumstances",
            "transition",
            ("attendance", "attendance_support", "suspensions", "care", "circumstances"),
        ),
        Page("health", "Health, access and safety", "transition", ("health", "daily_living", "risk")),
        Page("safeguarding", "Safeguarding", "school_safeguarding", ("safeguarding", "day_one_safety")),
    )
