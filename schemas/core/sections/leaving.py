"""Whether the learner is still at the school: for the council, which looks for those who are at none."""

from __future__ import annotations

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import Is
from transition_exchange.proforma.fields import SectionSchema, choice, day, text
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import learner_codes

ON_CARDS = audiences.COORDINATORS | audiences.SENDING_TEAM
GONE = Is("leaving.left_school", ("left", "moved"), "the learner has left your school")
MOVED = Is("leaving.left_school", ("moved",), "the learner has moved to another school")
DELETION_RETURN = (
    "School Attendance (Pupil Registration) (England) Regulations 2024 reg. 13(4); "
    "Education and Skills Act 2008 s.13"
)


class Leaving(SectionSchema):
    """Leaving or moving before the last school year ends. Nobody has to answer it, and no provider gets it."""

    about = AboutSection(
        name="leaving",
        title="Leaving early or moving to another school",
        owner="transition",
        audience=frozenset(),
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=910,
        in_pack=False,
        intro=(
            "Only if the learner leaves, or moves to another school, before their last school year ends. The "
            "council sees it, so that it can look for those who are at no school; colleges do not. After an objection "
            "it sees whether and when the learner left, and not to which school they moved. This does not replace "
            "telling the council that you take a name off your admission register."
        ),
    )
    left_school = choice(
        "Is the learner still at your school?",
        learner_codes.LEFT_SCHOOL,
        card=ON_CARDS,
        objection_card=audiences.COORDINATORS,
        source=DELETION_RETURN,
        pack_label="Still at the school",
    )
    left_on = day(
        "When did they leave?",
        hint="Their last day on your register, if you know it",
        when="past",
        asked=GONE,
        card=ON_CARDS,
        objection_card=audiences.COORDINATORS,
        pack_label="Left on",
    )
    moved_to = text(
        "Which school have they moved to?",
        hint="Name and town, if you know it",
        asked=MOVED,
        card=ON_CARDS,
        pack_label="Moved to",
    )
