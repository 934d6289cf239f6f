"""Conditions known from birth: profound and multiple learning difficulty, and Down syndrome."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import (
    Contribution,
    Daily,
    Equipment,
    Health,
    Outcome,
    Portrait,
    Service,
    Support,
    Voice,
    Wait,
)

PROFOUND = Portrait(
    types=("PMLD", "VI"),
    provision="E",
    courses=("Sensory",),
    written_by="others",
    diagnoses=(
        (
            "Rare chromosome difference; profound and multiple learning difficulty",
            "Clinical genetics, report",
        ),
    ),
    good_at=(
        "(Written by people who know {name} well.) {name} chooses between two songs with a switch and "
        "laughs before the funny part. {He} knows people by their voice and shows the people {he} loves "
        "that {he} does.",
    ),
    find_hard=(
        "(Written by people who know {name} well.) Being moved without warning, cold hands, many voices at "
        "once. Discomfort shows as stiffening and a low hum, and strangers miss it.",
    ),
    strategies=(
        "Say your name, touch {his} left hand, wait for the turn of the head. Then say what happens next.",
        "Same scent, song and object for each activity.",
        "One sense at a time; dark corner with light toys for vision work.",
        "Count to twenty before deciding that {he} hasn't answered.",
        "Switch on the right side, always in the same place.",
        "The communication passport goes wherever {he} goes; read it before you meet {him}.",
        "Change position every 90 minutes; side-lying after lunch.",
    ),
    supports=(
        Support(
            "Two trained people for care and hoisting; nurse on site",
            30,
            "2:1",
            "Care assistants, nurse",
            38_000,
        ),
        Support("Sensory curriculum", 10, "1:2", "Specialist teacher", 11_000),
        Support("Hydrotherapy and rebound", 2, "2:1", "Physiotherapy assistants", 4_200),
    ),
    equipment=(
        Equipment("Moulded wheelchair", "health", True),
        Equipment("Feeding pump", "health", True),
        Equipment("Switches and mount", "council", True),
        Equipment("Standing frame and side-lyer", "health", True),
    ),
    services=(
        Service("PHYSIO", "Weekly", "Physiotherapist"),
        Service("SALT", "Dysphagia and communication", "Speech and language therapist"),
        Service("MSI", "Fortnightly", "Multi-sensory impairment teacher"),
        Service("OT", "Seating clinic", "Occupational therapist"),
    ),
    voices=(
        Voice(
            "(Written by {name}'s family and key worker from what {name} shows us.) My smile. My laugh at "
            "sneezes. I am good company.",
            "Mum's voice, my brother playing trumpet, warm water, being in the middle of things.",
            "Come close, say who you are, wait for me. Don't move me without telling me. If I hum low, "
            "something hurts.",
            "To be with people who know me. To go to concerts. To stay well.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} makes five choices a day that change what happens, by switch or look",
            "Choices planned into each session; recorded on film; vocabulary moved to the college's switch "
            "set in August",
            "Specialist teacher, all staff",
            (0, 12),
        ),
        Outcome(
            "independent_living",
            "Ten people outside the family can read {name}'s signs of pain, tiredness and pleasure",
            "Passport and three short films; each new person spends a morning with key worker",
            "Key worker, college care lead",
            (0, 10),
        ),
        Outcome(
            "community",
            "{name} goes to live music once a month",
            "Accessible venues list; two carers; quiet way out",
            "Short breaks and family",
            (1, 1),
        ),
        Outcome(
            "health",
            "{name} has no more than one admission for chest infection this winter",
            "Chest physiotherapy daily; flu jab in September; escalation plan with the community nurse",
            "Community nurse, care team",
            (1, 3),
        ),
    ),
    work=(
        "Not paid work. A meaningful day with other people, in which {name} causes things to happen: "
        "starting the radio show, switching on the blender for the café.",
    ),
    home=(
        "Lives at home with a care package; overnight respite twice a month. The family wish to go on "
        "caring and need transport, a summer plan and nights. Planning for adult continuing healthcare is "
        "under way.",
    ),
    contributions=(
        Contribution(
            "health",
            "Children's continuing care",
            "Nurse assessor",
            "Gastrostomy, suction and oxygen as needed: a nurse must be on site. Decision on adult "
            "continuing healthcare is expected by the seventeenth birthday. Emergency care plan is with "
            "the ambulance service.",
        ),
        Contribution(
            "social_care",
            "Disabled children's team",
            "Social worker",
            "Joint package with health. Mental Capacity Act meetings are planned with the family before 16 "
            "and 18.",
        ),
    ),
    health=(
        Health(
            "Gastrostomy fed; epilepsy; scoliosis; chest infections",
            "Feeds and medication by pump at 10, 13 and 16 by trained staff; midazolam for rescue",
            "Seizure over three minutes: midazolam, 999. Blue or struggling: suction, oxygen, 999. "
            "Emergency care plan in the red folder on the chair",
            dietary="Nothing by mouth but tastes as the therapist has planned",
            plan=True,
        ),
    ),
    daily=Daily(
        "wheelchair_helped",
        "full",
        True,
        (
            "Wheelchair always pushed. Hoist and two people for all transfers. Ground floor; evacuation plan "
            "with oxygen."
        ),
    ),
    travel=("council_transport",),
    places=frozenset({"special_school"}),
)

DOWN_SYNDROME = Portrait(
    types=("DS", "SLCN"),
    provision="E",
    courses=("Supported internship", "Pathways", "Performing"),
    written_by="together",
    diagnoses=(("Down syndrome", "Known from birth; consultant paediatrician"),),
    good_at=(
        "Dancing, acting, reading. I do a good job at work, I face up the shelves. I make people laugh.",
        "Drama. Signing. Being a good friend. Handwriting. I know all the songs.",
    ),
    find_hard=(
        "When people talk too fast or have a beard. Hearing when I have a cold. When there are too many "
        "helpers. Being tired.",
        "Money over twenty pounds. When people ask my mum and not me. Being rushed.",
    ),
    strategies=(
        "Read it: {name} learns words by sight better than by ear.",
        "Sign along. Face {him}, keep it short.",
        "Give a job, a reason and an end.",
        "When {he} digs in: humour, a way out, a choice, and five minutes.",
        "Ask {him} first, not the assistant or mum.",
        "Use friends as models; sit {him} among them.",
        "Fade help on purpose: agree what nobody does for {him} any more.",
    ),
    supports=(
        Support("Assistant in college, faded each term", 20, "1:3", "Specialist teaching assistant", 11_900),
        Support("Speech and signing group", 1, "1:4", "Speech and language therapist", 2_000),
        Support("Reading for life", 2, "1:4", "Specialist teacher", 2_100),
    ),
    equipment=(
        Equipment("Hearing aid, left", "health", True),
        Equipment("Tablet with diary and photos", "family", True),
    ),
    services=(
        Service("SALT", "Clarity and signing, termly", "Speech and language therapist"),
        Service("HI", "Checks hearing twice a year", "Teacher of the deaf"),
    ),
    voices=(
        Voice(
            "I am a dancer. I'm funny. I am a good friend.",
            "{interest}. My Saturday job. Pizza. Who I go out with is private.",
            "Ask me. Don't ask my mum. I can read it. Don't rush me. Sign if I don't hear you.",
            "{course}. Get paid every week. Share a house with two friends. Be on stage.",
        ),
        Voice(
            "I make people happy. I work hard at my job. I dance.",
            "My family, {interest}, going on the bus by myself, wages.",
            "Talk to me. Look at me. Tell me the plan. Let me try it. I say stop when I need help.",
            "Work at the theatre. Have my own front door. Get married maybe.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} moves from a Saturday job to a supported internship of three days a week",
            "Vocational profile in October; tasters at theatre, shop and hotel; internship application by "
            "March",
            "Job coach, college, {name}",
            (1, 9),
        ),
        Outcome(
            "independent_living",
            "{name} travels to work and college by bus without a companion",
            "Route learned since Easter; shadowed in August; texts on arrival; what-if cards",
            "Travel trainer and family",
            (0, 10),
        ),
        Outcome(
            "community",
            "{name} dances with a mixed company and performs once a year",
            "Audition in September with a friend; lifts shared; show in June",
            "Family and dance company",
            (1, 6),
        ),
        Outcome(
            "health",
            "{name} knows about healthy relationships and whom to ask",
            "Course for young people with learning disabilities; same-sex mentor; parents' evening "
            "beforehand",
            "Learning disability nurse, college",
            (1, 2),
        ),
    ),
    work=(
        "Front of house, retail or theatre. Has references from a Saturday job. Wants paid work by 19 "
        "through a supported internship; needs a job coach who knows signing and steps back.",
    ),
    home=(
        "Cooks from picture recipes, does own washing, keeps a diary. Next: money beyond twenty pounds, "
        "keys, being home alone for an evening, sharing a kitchen. Hopes to share a supported house at 21.",
    ),
    contributions=(
        Contribution(
            "health",
            "Community paediatrics",
            "Consultant paediatrician",
            "Heart check is clear, thyroid yearly and due in the autumn, hearing twice yearly. Neck "
            "symptoms (unsteady, pain) need a doctor at once. The GP's annual health check has begun.",
        ),
        Contribution(
            "social_care",
            "Disabled children's team",
            "Social worker",
            "Direct payments pay a personal assistant of {his} own age on Saturdays. Transition assessment "
            "in the spring.",
        ),
    ),
    waits=(
        Wait(
            "salt",
            "School",
            "Signing in class, sight-word reading, hearing checked each term",
            "Children's therapies booking line",
        ),
    ),
    arrangements=("reader", "extra_time_25"),
    route="form_9",
    health=(
        Health(
            "Underactive thyroid",
            "Levothyroxine in the morning, at home",
            "Unsteady walking or neck pain: keep still, ring home and 111",
        ),
    ),
    daily=Daily("independent", "none", False, "Walks, dances; stairs with a rail."),
    risks=("from_others",),
    travel=("bus", "council_transport"),
    places=frozenset({"mainstream", "special_school"}),
)

PORTRAITS = (PROFOUND, DOWN_SYNDROME)
