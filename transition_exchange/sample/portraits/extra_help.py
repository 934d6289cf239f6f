"""Learners without special educational needs who still need a hand with the move."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import Portrait, Support, Voice

CARING = Portrait(
    types=(),
    provision="N",
    courses=("Health and social", "Childcare", "Business"),
    diagnoses=(),
    good_at=(
        "Cooking for five on a budget. Getting everyone out of the door. Keeping calm when something goes "
        "wrong.",
        "Looking after people. Maths. I can sort out a form or a phone call for anyone.",
    ),
    find_hard=(
        "Being on time, because mornings at home can go wrong. Not being able to look at my phone. "
        "Homework at night.",
        "Trips and clubs, I can't stay late. Telling people why.",
    ),
    strategies=(
        "Allow a phone on the desk: a text from home may be urgent, mostly it isn't.",
        "Agree the deadline that is real, and one day's grace without having to explain.",
        "Offer catch-up at lunch rather than after the end of the day.",
        "Tell {him} about the young carers' group and the bursary early; {he} will not ask.",
    ),
    supports=(Support("Young carers' drop-in", 0.5, "1:10", "Pastoral lead"),),
    voices=(
        Voice(
            "I'm sensible and I am a laugh when I get the chance. Teachers trust me.",
            "My mum and my little brothers. {interest}. Time that is just mine.",
            "If I am late don't make a scene, ask me after. Let me keep my phone on. Don't feel sorry for "
            "me, just be flexible.",
            "{course}. I'd like to move out one day but not far.",
        ),
    ),
)

GRIEVING = Portrait(
    types=(),
    provision="N",
    courses=("Sport", "Engineering", "A levels"),
    diagnoses=(),
    good_at=(
        (
            "Music and sport. I am good at being there for my friends. I'm a hard worker when I can "
            "concentrate."
        ),
    ),
    find_hard=(
        "Concentrating since Dad died. Some days are fine and some aren't and I can't tell before. "
        "Father's Day, October, and people not knowing what to say.",
    ),
    strategies=(
        "Tell the tutor team before {he} starts, so that {he} need not; don't raise it with {him} first.",
        "A time-out card, used about once a fortnight; {he} comes back.",
        "Be ready for October: quieter deadlines that week.",
        "When work slips, ask how things are before asking where it is.",
    ),
    supports=(Support("Bereavement counselling", 1, "1:1", "School counsellor"),),
    voices=(
        Voice(
            "My mates say I'm loyal. I play guitar in a band. I got player of the year.",
            "My mum, {interest}, going to the match on my dad's season ticket.",
            "You don't have to talk about it, just be normal. If I need five minutes I'll show the card. "
            "I'd rather do the work than be let off.",
            "To get on {course} and make my dad proud. To feel like me again.",
        ),
    ),
)

PORTRAITS = (CARING, GRIEVING)
