"""A young person in care for whom school went wrong, and who is starting again."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import (
    Contribution,
    Equipment,
    Health,
    Outcome,
    Portrait,
    Service,
    Support,
    Voice,
    Wait,
)

STARTING_AGAIN = Portrait(
    types=("SEMH", "SLCN"),
    provision="E",
    courses=("Construction", "Motor vehicle"),
    written_by="spoken",
    diagnoses=(
        ("Developmental trauma; ADHD", "Consultant community paediatrician, report held"),
        ("Attachment difficulties", "Educational psychologist, report held"),
    ),
    good_at=(
        "Engines. I stripped two this year and put them back and I showed the visitors how. Dogs. Working "
        "outside, I don't care if it rains.",
        "Getting people going. Farm project, I've not missed one since January.",
    ),
    find_hard=(
        "New staff. I don't trust people till I've known them a bit. Being told no in front of everyone. "
        "When people leave.",
        "Too much talking, I lose it and then I make a joke. Being stuck in a room.",
    ),
    strategies=(
        "Name one key adult before the summer, meet twice at {his} present school, and keep that person.",
        "Give choices between two good things; avoid a yes-or-no stand-off.",
        "Short sentences, then wait. Ask {him} to show you rather than tell you what {he} has understood.",
        "Leave the door in sight. If {he} goes, watch from a distance, don't follow close and don't block.",
        "Repair the same day: five minutes, side by side, what happened and what now.",
        "Prepare endings: a countdown before holidays, and a date when the key adult will be back.",
        "Practical work first, written work in the middle, practical work last.",
        "Don't touch a shoulder from behind. Say {his} name first.",
    ),
    supports=(
        Support("Key adult present in all sessions", 20, "1:2", "Learning mentor", 14_500),
        Support("Vocational workshop", 6, "1:4", "Instructor", 5_200),
        Support("Therapeutic sessions (DDP informed)", 1, "1:1", "Therapist", 3_900),
    ),
    services=(
        Service("EP", "Advice for the plan, last seen for the annual review", "Educational psychologist"),
        Service("SALT", "Assessed receptive language; gave staff training", "Speech and language therapist"),
    ),
    voices=(
        Voice(
            "I am good with engines and with dogs. I'm straight with people. I look after my mates.",
            "My brother. {interest}. People doing what they said they would do. Getting a proper job.",
            "Don't get in my face. Don't talk about me when I am stood there. Give me a minute and I'll "
            "sort it. Tell me the truth even if it is bad. If you are leaving, tell me before.",
            "{course}, then full-time work. Get my CSCS card. Get a flat near my brother when I am 18.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} passes the CSCS test and works one day a week with a local firm by the spring",
            "Two taster days in July; practice tests weekly with the reader switched on; firm visited with "
            "key adult; one day a week from January, reviewed every half term",
            "{mentor}, work placement officer and {name}",
            (1, 3),
        ),
        Outcome(
            "independent_living",
            "{name} budgets a weekly allowance and cooks three meals without help",
            "Cooking at the project on Fridays; bank card and app set up in September; weekly look at "
            "spending",
            "Leaving care personal adviser",
            (1, 4),
        ),
        Outcome(
            "community",
            "{name} keeps weekly contact with {his} brother through the move to college",
            "Saturdays protected in the timetable and placement plan; lift agreed until {he} travels alone",
            "Social worker and carers",
            (0, 10),
        ),
        Outcome(
            "health",
            "{name} recognises when {he} is getting wound up and uses one of three things that help",
            "Keeps the card made with the therapist; key adult points to it at the first sign; logged for "
            "six weeks",
            "{name} and key adult",
            (0, 12),
        ),
    ),
    work=(
        "Ready for real work now and learns best there. Planned: {course} three days, one day with a "
        "garage or builder from January. Needs an employer who is told about the second-week wobble, a "
        "buddy on site, and the key adult ringing at lunch for the first fortnight. CSCS practice with the "
        "reader on.",
    ),
    home=(
        "Washes, cooks simple meals and gets {him}self up. Money runs out on the first day and needs a "
        "weekly plan. Forms and phone calls defeat {him}: sit beside {him}, {he} types. Wants {his} own "
        "tenancy at 18; start the conversation at 17.",
    ),
    equipment=(Equipment("Phone with reader and dictation set up", "family", True),),
    contributions=(
        Contribution(
            "social_care",
            "Children in care team",
            "Social worker",
            "{name} is settled with {his} carers, who want {him} to stay put after 18. A pathway plan "
            "starts this summer and college attendance is part of it. Please invite the personal adviser "
            "to the first review.",
        ),
        Contribution(
            "health",
            "Looked-after children's health team",
            "Specialist nurse",
            "Health assessment is up to date. Sleep is better since the spring. {name} prefers "
            "appointments outside workshop days and by text message.",
        ),
    ),
    waits=(
        Wait(
            "salt",
            "School",
            "All staff use short sentences and visual steps; vocabulary of the workshop taught with "
            "photographs",
            "Children's therapies booking line",
        ),
    ),
    arrangements=("reader", "extra_time_25", "separate_room", "prompter"),
    route="form_9",
    health=(
        Health(
            "Asthma, mild",
            "Salbutamol inhaler, carries {his} own",
            "Blue inhaler, up to ten puffs through a spacer; 999 if no better",
            plan=True,
        ),
    ),
    risks=("absconding", "others"),
    travel=("bus", "taxi"),
    places=frozenset({"pupil_referral_unit", "mainstream"}),
)

PORTRAITS = (STARTING_AGAIN,)
