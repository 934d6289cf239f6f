"""Autistic learners in mainstream schools: one who hides it, one with a plan."""

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

QUIETLY_AUTISTIC = Portrait(
    types=("ASD",),
    provision="K",
    courses=("Digital", "A levels: art", "A levels: music", "A levels: psychology"),
    diagnoses=(
        ("Autism", "Neurodevelopmental pathway, diagnosed in Year 10, report held"),
        ("Autism", "Multi-disciplinary assessment, report held; family asks that friends are not told"),
    ),
    good_at=(
        "Remembering exactly. Detail. I taught myself to code and I know two languages that aren't taught "
        "at school.",
        "Drawing, spelling and being on time. I can concentrate for a whole day on one thing. I keep "
        "promises.",
    ),
    find_hard=(
        "Acting normal all day. Nobody sees it but then I get home and sleep. Noise, changes, and 'tell us "
        "about yourself'.",
        "Not knowing what they want. If it can't be perfect I would rather not hand it in. The canteen, "
        "the smell and the scraping chairs.",
    ),
    strategies=(
        "Say exactly what you want: how much, by when, what a good one looks like. Show an example.",
        "Warn of changes the day before by message. If it cannot be avoided, say what stays the same.",
        "Don't make eye contact the test of listening. {He} listens better while drawing.",
        "Offer a role in group work with edges: note taker, timer, checker.",
        "Somewhere quiet to eat, with one other person. It must be there every day.",
        "Ask concrete questions: 'which part took longest' rather than 'how was it'.",
        "Ear defenders or headphones are always allowed and never mentioned.",
        "When {he} hands in late because it isn't perfect, agree what is good enough beforehand.",
        "Same seat, same room where possible. A map with photographs before the first day.",
    ),
    supports=(
        Support(
            "Mentor meeting: the week ahead, what was tiring", 0.5, "1:1", "Specialist teaching assistant"
        ),
        Support("Quiet base at break and lunch", 5, "1:8", "Learning support team"),
        Support("Social understanding group", 1, "1:4", "Autism team, monthly, and school weekly"),
    ),
    equipment=(
        Equipment("Noise-cancelling headphones", "family", True),
        Equipment("Fidget and weighted lap pad", "family", True),
    ),
    services=(
        Service("AUTISM", "Advises staff twice a year; joined the transition visit", "Specialist teacher"),
    ),
    voices=(
        Voice(
            "People say I'm clever and a bit different. I am reliable. I know a lot about {interest}.",
            "{interest}. Plans that don't change. My room. My best friend, who is going to a different "
            "college.",
            "Tell me the truth and be exact. Don't say 'in a minute' if it's going to be ten. I wear "
            "headphones so that I can listen, not so that I can ignore you. Please don't make me present "
            "to the whole group. If I am staring at nothing, I need five minutes.",
            "I want to do {course} and then work somewhere calm with people who like detail. I want to "
            "live with a cat.",
        ),
        Voice(
            "I'm honest. I don't gossip. I can draw anything from memory.",
            "Time on my own after being with people. {interest}. Food not touching other food.",
            "Give me the questions before the discussion. Write it down as well as saying it. If I ask "
            "'why' I am not being rude, I want to know. I would like one person who is mine to go to.",
            "{course}. Maybe university in a place with trains. To be somewhere I don't have to pretend.",
        ),
    ),
    outcomes=(
        Outcome(
            "community",
            "{name} eats lunch in college at least three days a week, in a place {he} has chosen",
            "Choose the place on the July visit; mentor there for the first week; review after four weeks",
            "{mentor} and learning support",
            (0, 10),
        ),
    ),
    waits=(
        Wait(
            "neurodevelopmental",
            "School SENCO",
            "Supported as autistic now: quiet base, warnings of change, written instructions",
            "Neurodevelopmental pathway helpline",
        ),
        Wait(
            "ot",
            "Community paediatrician",
            "Sensory checklist done at school; headphones, seat by the wall, uniform without ties",
            "Children's therapies booking line",
        ),
    ),
    arrangements=("separate_room", "rest_breaks", "word_processor"),
    route="form_9",
    health=(
        Health(
            "Restricted diet (sensory)",
            "None",
            "Not expected",
            dietary="Plain pasta, toast, apples and own snacks. Please don't press {him} to try things",
        ),
    ),
    travel=("family", "walk"),
)

AUTISTIC_WITH_A_PLAN = Portrait(
    types=("ASD", "SEMH"),
    provision="E",
    courses=("Digital", "Supported internship", "Foundation"),
    diagnoses=(
        ("Autism; anxiety", "Neurodevelopmental pathway, report held"),
        (
            "Autism with demand avoidance",
            "Consultant paediatrician and educational psychologist, reports held",
        ),
    ),
    good_at=(
        "{interest}. Remembering things I have seen once. Maths. Fixing computers for my family.",
        "Lists, timetables and rules that make sense. I can draw a circuit from memory. I am good at being "
        "honest.",
    ),
    find_hard=(
        "When things change and no one said. New people. Jokes that are not jokes. If there is too much "
        "noise I have to cover my ears or go.",
        "Being told to do things, even things I like. Lunchtime. I don't notice I am hungry until I feel "
        "sick.",
    ),
    strategies=(
        "Visual timetable on the phone and on paper, gone through every morning with the same person.",
        "'First, then, after that' for everything new. A social story with photographs before each first.",
        "Offer, don't order: 'the laptop is ready when you are', 'would you rather start with A or B?'",
        "Fewer words when stressed. Stand to the side, hands low, wait. Don't ask why until the day after.",
        "Planned break every 40 minutes whether or not {he} seems to need it.",
        "A workstation facing a wall, with a clear start box and finish box.",
        "Structured lunch: chess table or the library, with a named adult nearby.",
        "Remind {him} to drink, eat and take off the coat. It isn't nagging, {he} has asked for it.",
        "Answer the repeated question twice, then point to where the answer is written.",
        "Special interest as a way in, and as the last ten minutes of a hard day.",
    ),
    supports=(
        Support(
            "Teaching assistant in all lessons, fading in practical subjects",
            22,
            "1:2",
            "Specialist TA",
            13_800,
        ),
        Support("Social communication group", 1, "1:4", "Speech and language therapist and TA", 1_900),
        Support("Quiet base, break and lunch", 5, "1:6", "Learning support team", 1_200),
        Support(
            "Preparing for change: visits, stories, video of the route", 1, "1:1", "Transition worker", 900
        ),
    ),
    equipment=(
        Equipment("Tablet with visual timetable and communication app", "council", True),
        Equipment("Ear defenders", "family", True),
        Equipment("Workstation screen", "school", False),
    ),
    services=(
        Service("EP", "Statutory advice and last year's review of provision", "Educational psychologist"),
        Service("SALT", "Social communication programme, reviewed termly", "Speech and language therapist"),
        Service("AUTISM", "Transition planning with family and college", "Specialist teacher"),
    ),
    voices=(
        Voice(
            "I know more about {interest} than anyone in school. I am honest and I always do what I say.",
            "My timetable. {interest}. My sister. The bus being the right bus. Quiet.",
            "Tell me what is going to happen and in what order. If there is going to be a fire alarm tell "
            "me. Don't touch me without asking. If I cover my ears it is too loud, it doesn't mean I am "
            "cross with you. When I ask again, it is because I am worried.",
            "I am going to do {course}. I want a job with trains or computers and to get paid. I want to "
            "live in a flat with my own key and see my family on Sundays.",
        ),
        Voice(
            "I'm good at remembering. I made the recycling rota. Ms says I have a good sense of humour.",
            "Having a choice. My drawings. {interest}. Dinner at twelve.",
            "Ask me, don't tell me. Give me time. Put it in writing. I like it when people say what they "
            "mean. I need to know where the toilets are and where I can go if it is too much.",
            "I'd like to make games. I would like one friend to do things with at weekends.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "By the end of the first year {name} has done 30 hours of work experience in a place that uses "
            "{his} skills, and can say what {he} wants to do next",
            "Interest profile with the careers adviser in October; three visits in November; ten half days "
            "from January with a job coach; a video CV made of photographs from the placement",
            "Job coach, careers adviser and {name}",
            (1, 6),
        ),
        Outcome(
            "independent_living",
            "{name} travels to college by bus on {his} own, both ways, on at least four days of five",
            "Route filmed in June; six practice journeys in August; shadowed for two weeks; what-if cards "
            "for a late bus and a wrong bus; family tracks by phone until half term",
            "Travel trainer and family",
            (0, 12),
        ),
        Outcome(
            "community",
            "{name} goes to a club of {his} choice every week and is greeted there by name",
            "Gaming club and railway society visited once each; support worker stays for the first month",
            "Short breaks worker",
            (1, 3),
        ),
        Outcome(
            "health",
            "{name} notices early signs of overload and asks for a break before {he} needs to leave",
            "Five-point scale made with {him}; used at every break; adults model it; reviewed with parents "
            "monthly",
            "Specialist TA, family",
            (1, 4),
        ),
    ),
    work=(
        "{name} learns a job by doing the same one in the same place until it is {his}, then adds the "
        "next. Wanted: {course} with a workshop or computer room that isn't crowded; placements found "
        "early, met three times, with a job coach. A supported internship at 18 is the plan if {he} likes "
        "the placement.",
        "Good prospects in data checking, stock or technical work. The course must give real practice with "
        "an employer; {name} does not learn 'pretend' tasks. Needs help with interviews: a working trial "
        "shows {him} better.",
    ),
    home=(
        "Makes toast, tea and pasta safely, uses the washing machine with photographs. Next: shopping from "
        "a list with a budget, answering the door, what to do when the internet is down. Wants a key of "
        "{his} own this summer.",
        "Personal care is independent with reminders. Money is an abstract thing to {him}; a prepaid card "
        "with a weekly sum works. Sleep needs a routine that college start times must not break.",
    ),
    contributions=(
        Contribution(
            "health",
            "Speech and language therapy",
            "Speech and language therapist",
            "{name} understands three-part instructions when they are written or drawn and one-part when "
            "only spoken. Non-literal language is hard. The college team can have one training session in "
            "September.",
        ),
        Contribution(
            "social_care",
            "Disabled children's team",
            "Social worker",
            "Short breaks of three hours a week go on until 18. A Care Act assessment is requested for the "
            "term in which {name} turns 17 and a half, so that nothing stops on the birthday.",
        ),
    ),
    waits=(
        Wait(
            "ot",
            "School",
            "Sensory circuit every morning from the therapist's general programme; break every 40 minutes",
            "Children's therapies booking line",
        ),
        Wait(
            "camhs",
            "Community paediatrician",
            "Key adult, five-point scale, calm base; parents attend the workshop on anxiety",
            "CAMHS single point of access",
        ),
    ),
    arrangements=("extra_time_25", "separate_room", "prompter", "rest_breaks"),
    route="form_9",
    health=(
        Health(
            "Anxiety; disturbed sleep",
            "Melatonin at night, at home",
            "When overloaded: quiet, space, no questions. Ring home only if {he} asks or is hurt",
            dietary="Eats a small number of foods; packed lunch from home",
        ),
    ),
    risks=("self", "absconding"),
    travel=("council_transport", "bus", "taxi"),
)


PORTRAITS = (
    QUIETLY_AUTISTIC,
    AUTISTIC_WITH_A_PLAN,
)
