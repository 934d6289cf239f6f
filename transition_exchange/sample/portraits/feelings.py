"""ADHD and anxiety: social, emotional and mental health."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import (
    Contribution,
    Health,
    Outcome,
    Portrait,
    Service,
    Support,
    Voice,
    Wait,
)

ADHD = Portrait(
    types=("SEMH",),
    provision="K",
    courses=("Motor vehicle", "Sport", "Construction", "Public services"),
    diagnoses=(
        ("ADHD, combined type", "Community paediatrician, letter held"),
        ("ADHD, mainly inattentive", "Child and adolescent mental health service, letter held"),
    ),
    good_at=(
        "Making people laugh. Sport. I ran the Year 7 sports leaders and they listened to me. I'm good in "
        "an emergency.",
        "Thinking fast. When I like something I can do it for hours. Talking to new people, and little "
        "kids love me.",
    ),
    find_hard=(
        "Sitting still and listening for long. Waiting my turn. If something is unfair I can't let it go. "
        "Afternoons.",
        "I drift off and then I don't know what to do and I don't want to ask. Deadlines. I lose things "
        "and then I get angry with myself.",
    ),
    strategies=(
        "A job that means moving: hand out, set up, take the register to the office.",
        "Sit {him} at the side near the front, away from door and window, next to somebody settled.",
        "Short tasks with an end in sight. A timer on the desk works better than a reminder.",
        "Say what you want, not what you don't want, and say it once, quietly and close by.",
        "Agreed signal to step out for three minutes; {he} comes back by {him}self nine times in ten.",
        "If it has gone wrong, leave it ten minutes and talk walking. {He} will own it then.",
        "Catch {him} doing it right early in the lesson: the first five minutes decide the next fifty.",
        "Deadlines on the phone calendar, set up together, with a reminder two days before.",
    ),
    supports=(
        Support("Daily check-in, ten minutes, before registration", 1, "1:1", "Learning mentor"),
        Support("Group on managing anger and friendships", 1, "1:5", "Pastoral lead"),
        Support("Key adult on call in the afternoon", 2, "1:1", "Behaviour support worker"),
    ),
    services=(
        Service("CAMHS", "Reviews medication every six months", "Specialist nurse, ADHD clinic"),
        Service("EP", "Consulted on classroom strategies", "Educational psychologist"),
    ),
    voices=(
        Voice(
            "I make people laugh. I am loyal, I stick up for people. I am good at {interest}.",
            "Football on Sundays. My mum. Not being blamed when it wasn't me. Moving about.",
            "Don't shout across the room. If you come over and talk normal, I'll do it. Let me have a "
            "break before I need one. If I say I am going, let me go, I'll be back in three minutes. I "
            "forget things, I am not being rude.",
            "To do {course}. I can't sit at a desk all my life. I'd like my own place and a dog.",
        ),
        Voice(
            "I'm kind of chaotic but in a good way. I am honest. I am really good with kids.",
            "{interest}, my mates, music in my headphones when I am working. Lunch on time.",
            "Tell me what's first. If I look out of the window I am still listening, mostly. Please remind "
            "me about deadlines, like really remind me. Afternoons are harder for me than mornings.",
            "Finish {course} without being kicked out, and then an apprenticeship. I'd like teachers to be "
            "surprised.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} completes a two-week work placement with no missed day",
            "Placement chosen from two visited with {him}; travel practised; supervisor told about breaks "
            "and afternoons; mentor rings on days two and six",
            "Work placement officer and {mentor}",
            (1, 2),
        ),
        Outcome(
            "health",
            "{name} orders and collects {his} own medication each month",
            "Shown how in the summer; pharmacy app on {his} phone; mum checks the first two months",
            "{name} with family",
            (0, 11),
        ),
    ),
    contributions=(
        Contribution(
            "health",
            "Children's ADHD clinic",
            "Specialist nurse",
            "{name} takes medication on school days and knows why. Review is due in the spring; transfer "
            "to the adult clinic starts at seventeen and a half, and the college nurse may be copied in if "
            "{name} agrees.",
        ),
    ),
    waits=(
        Wait(
            "neurodevelopmental",
            "School, with the family",
            "Treated as ADHD in class: movement breaks, check-in, key adult. Parents attended the six-week "
            "course",
            "Neurodevelopmental pathway helpline",
        ),
        Wait(
            "camhs",
            "GP",
            "Weekly session with the school counsellor until the first appointment",
            "CAMHS single point of access",
        ),
    ),
    arrangements=("rest_breaks", "prompter", "separate_room"),
    route="form_9",
    health=(
        Health(
            "ADHD",
            "Methylphenidate modified release 36 mg in the morning, at home",
            "None expected. If a dose is missed, ring home; {he} can stay in college",
        ),
    ),
    risks=("absconding",),
    travel=("walk", "bus"),
)

ANXIETY = Portrait(
    types=("SEMH",),
    provision="K",
    courses=("Animal care", "Art and design", "A levels: art", "A levels: psychology"),
    diagnoses=(
        ("Generalised anxiety disorder", "Child and adolescent mental health service, discharge letter held"),
        ("Social anxiety", "GP letter held"),
    ),
    good_at=(
        "Drawing and writing. Noticing when something is wrong with someone. I'm good with animals, even "
        "scared ones.",
        "Neat work. Thinking about things properly. I learned to play the ukulele from videos.",
    ),
    find_hard=(
        "Coming in on a Monday. Big rooms, people looking at me, not knowing who will be there. I say I'm "
        "fine when I am not.",
        "Crowds and tests. Sometimes I can't breathe and I can't say so. Phone calls and groups with "
        "people I don't know.",
    ),
    strategies=(
        "Meet {him} at a side door at a quiet time on the first days; the same person each time.",
        "Send the plan for the day by eight in the morning. No surprises, cover teachers announced.",
        "A seat near the door, back to the wall, beside one person {he} knows.",
        "Card to leave without explaining, and one agreed place to go. Let {him} come back without comment.",
        "Ask by message, not in front of others. A thumbs-up counts as an answer.",
        "After an absence: glad you're here, and nothing about the absence. Catch-up in one list, most "
        "important first.",
        "Start with part of a day {he} can do, hold to it for two weeks, then add to it together.",
        "Talk about tests early. Seeing the room the day before is worth more than any reassurance.",
    ),
    supports=(
        Support(
            "Phased timetable with a quiet base in the learning support room", 6, "1:5", "Pastoral support"
        ),
        Support("Counselling", 1, "1:1", "School counsellor"),
        Support("Home visits by the attendance lead after two days away", 0.5, "1:1", "Attendance lead"),
    ),
    services=(
        Service(
            "CAMHS", "Eight sessions of cognitive behavioural therapy, finished in the autumn", "Therapist"
        ),
    ),
    voices=(
        Voice(
            "People say I am kind and a good listener. I am good at drawing and I notice things.",
            "My cat. {interest}. Knowing what is going to happen. Having one person I can message.",
            "If I don't come in, it isn't because I don't care. Please don't say 'you look better today'. "
            "Don't put me on the spot. Let me sit near the door. I will tell you if you ask me by text.",
            "To do {course} and be in every day. I'd like to make one friend there. One day, work from "
            "home with animals around.",
        ),
        Voice(
            "I am quiet but I am funny when you know me. I work hard. My teachers like my writing.",
            "My family, {interest}, walking the dog early when no one is about.",
            "Show me round when it is empty. Tell me who I will sit with. If I go quiet, give me a few "
            "minutes, then ask me one thing with a yes or no answer.",
            "I want to get my grades and do {course}. I want to go on a train by myself.",
        ),
    ),
    outcomes=(
        Outcome(
            "community",
            "{name} joins one club or group at college and goes at least six times in the autumn term",
            "List of clubs sent in August; a student ambassador goes along the first two times; review in "
            "October",
            "Personal tutor and student ambassador",
            (0, 12),
        ),
        Outcome(
            "employment",
            "{name} is in college on four days of five from the start to half term",
            "Two half days in the first week, then three, then four; same person at the door; plan for the "
            "day by eight; look at it together each Friday",
            "{name}, {mentor} and the tutor",
            (0, 10),
        ),
        Outcome("employment", "To improve confidence"),
    ),
    contributions=(
        Contribution(
            "health",
            "Child and adolescent mental health service",
            "Therapist",
            "{name} responded well to graded exposure and has a written plan for hard days, which {he} is "
            "happy to share. Discharged with an open door for six months. Please go on with small agreed "
            "steps.",
        ),
    ),
    waits=(
        Wait(
            "camhs",
            "School nurse",
            "School counsellor weekly; phased timetable; the family has the crisis line's number",
            "CAMHS single point of access",
        ),
        Wait(
            "neurodevelopmental",
            "GP",
            "Quiet base, plan of the day by message, no unannounced changes",
            "Neurodevelopmental pathway helpline",
        ),
    ),
    arrangements=("separate_room", "rest_breaks"),
    route="form_9",
    risks=("self",),
    travel=("family",),
)


PORTRAITS = (
    ADHD,
    ANXIETY,
)
