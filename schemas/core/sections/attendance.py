"""Attendance, what stands in its way, suspensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import (
    Problem,
    RowSchema,
    SectionSchema,
    choice,
    day,
    hours,
    long_text,
    number,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection

PLACEMENTS = (
    ("alternative_provision", "Alternative provision"),
    ("managed_move", "Managed move"),
    ("off_site_direction", "Off-site direction"),
)
PART_TIME = Is("attendance_support.part_time", (True,), "there is a part-time timetable")
AVOIDS = Is("attendance_support.avoidance", (True,), "feelings about school keep the learner away")


class Attendance(SectionSchema):
    """Sessions of this school year: half days."""

    about = AboutSection(
        name="attendance",
        title="Attendance",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_SUPPORT,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=230,
        intro="A session is half a day. Count from September of this school year.",
    )
    sessions_possible = number(
        "Sessions possible",
        most=600,
        required=ALWAYS,
        from_ctf=True,
        card=audiences.NEET_GROUP | audiences.SENDING_TEAM,
        source="CTF Attendance SessionsPossible",
    )
    sessions_attended = number(
        "Sessions attended",
        most=600,
        required=ALWAYS,
        from_ctf=True,
        card=audiences.NEET_GROUP | audiences.SENDING_TEAM,
        source="CTF Attendance SessionsAttended",
    )
    sessions_authorised = number(
        "Sessions missed with permission",
        most=600,
        required=ALWAYS,
        from_ctf=True,
        source="CTF Attendance SessionsAuthorised",
    )
    sessions_unauthorised = number(
        "Sessions missed without permission",
        most=600,
        required=ALWAYS,
        from_ctf=True,
        source="CTF Attendance SessionsUnauthorised",
    )

    @validates_schema(skip_on_field_errors=False)
    def cannot_attend_more_than_there_were(self, data: Mapping[str, Any], **_: Any) -> None:
        """Attended, and attended with missed, never exceed what was possible."""
        possible = data.get("sessions_possible")
        attended = data.get("sessions_attended", 0)
        missed = data.get("sessions_authorised", 0) + data.get("sessions_unauthorised", 0)
        if possible is None:
            return
        if attended > possible:
            raise ValidationError(
                [
                    Problem(
                        "sessions.attended",
                        "Sessions attended cannot be more than sessions possible",
                        joined=("sessions_possible", "sessions_attended"),
                    )
                ],
                "sessions_attended",
            )
        if attended + missed > possible:
            raise ValidationError(
                [
                    Problem(
                        "sessions.sum",
                        "Sessions attended and missed together cannot be more than sessions possible",
                        joined=(
                            "sessions_possible",
                            "sessions_attended",
                            "sessions_authorised",
                            "sessions_unauthorised",
                        ),
                    )
                ],
                "sessions_possible",
            )


class AttendanceSupport(SectionSchema):
    """What stands in the way of attending, and what is done about it."""

    about = AboutSection(
        name="attendance_support",
        title="Part-time timetable and barriers to attending",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=235,
        withholdable=True,
    )
    part_time = yes_no(
        "Is the learner on a part-time timetable?",
        asked=conditions.LOW_ATTENDANCE,
        required=ALWAYS,
        pack_label="Part-time timetable",
    )
    part_time_hours = hours(
        "How many hours a week do they attend?", asked=PART_TIME, required=ALWAYS, pack_label="Hours a week"
    )
    avoidance = yes_no(
        "Do anxiety or other feelings about school keep the learner away?",
        hint="Often called emotionally based school avoidance",
        asked=conditions.LOW_ATTENDANCE,
        required=ALWAYS,
        pack_label="Kept away by feelings about school",
    )
    reason = long_text(
        "What is behind the absence, and what has helped?",
        max_length=2000,
        asked=conditions.LOW_ATTENDANCE,
        required=ALWAYS,
        may_be_attached=True,
        pack_label="What is behind it, and what has helped",
    )


class Placement(RowSchema):
    """A time spent elsewhere."""

    in_order = (("start", "end", "The placement cannot end before it started"),)

    kind = choice("What was it?", PLACEMENTS, required=ALWAYS, pack_label="Kind")
    where = text("Where?", required=ALWAYS, pack_label="Where")
    start = day("From", when="past")
    end = day("Until")


class Suspensions(SectionSchema):
    """Suspensions of this school year, exclusion, alternative provision."""

    about = AboutSection(
        name="suspensions",
        title="Suspensions and other placements",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=240,
    )
    suspension_count = number(
        "How many suspensions this school year?",
        hint="0 if there were none",
        most=100,
        required=ALWAYS,
        year_group=True,
        pack_label="Suspensions this school year",
    )
    suspension_days = hours(
        "How many days in all?",
        hint="Half days count as 0.5",
        asked=conditions.SUSPENDED,
        required=ALWAYS,
        pack_label="Days suspended",
    )
    permanently_excluded = yes_no(
        "Has the learner ever been permanently excluded?",
        required=ALWAYS,
        year_group=True,
        pack_label="Permanently excluded",
    )
    placements = rows(
        "Alternative provision, managed moves and off-site direction",
        Placement,
        row_word="placement",
        most=10,
        hint="Leave empty if there were none",
        pack_label="Other placements",
    )
