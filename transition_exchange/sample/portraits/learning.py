"""Moderate learning difficulty, with and without a plan."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import (
    Contribution,
    Equipment,
    Outcome,
    Portrait,
    Service,
    Support,
    Voice,
)

MODERATE = Portrait(
    types=("MLD",),
    provision="K",
    courses=("Retail", "Catering", "Construction", "Hair", "Foundation"),
    diagnoses=(),
    good_at=(
        "Being on time, I've got a badge for it. Helping new kids. Cooking. Keeping things tidy.",
        "Practical stuff. Looking after little ones. I work hard and I am polite to customers.",
    ),
    find_hard=(
        "New stuff when it goes too fast. Reading hard words. I say yes when I don't really get it.",
        "Theory lessons. When I see what other people have done and mine is not as good.",
    ),
    strategies=(
        "Do it together, then side by side, then alone. Three goes before it counts.",
        "Link each new idea to something {he} does at home or at work.",
        "Reading on the sheet at ten-year-old level; one picture, short sentences.",
        "Ask 'show me' or 'what will you do first', not 'is that okay'.",
        "Let {him} finish before moving on: half-finished work upsets {him}.",
        "Revisit after a day, a week and a month.",
        "Give {him} the job of keeping the kit in order.",
    ),
    supports=(
        Support("Small group English and maths", 6, "1:8", "Specialist teacher"),
        Support("In-class support in science", 2, "1:10", "Teaching assistant, shared"),
    ),
    voices=(
        Voice(
            "I'm helpful and I'm never off. I look after my nephew.",
            "My family. {interest}. Knowing I did it right.",
            "Show me first. Don't give me loads of writing. Tell me if I did well. If I am stuck I put my "
            "hand on my head, it's a joke but it means help.",
            "{course} and a job near home. To pass my theory test.",
        ),
        Voice(
            "People say I am polite and a hard worker.",
            "{interest}. Sunday dinner. My mates from primary.",
            "Go through it slow with me. Let me do the practical bit. I get embarrassed if you read my "
            "mark out.",
            "To do {course}. To earn money and help my mum.",
        ),
    ),
    outcomes=(
        Outcome(
            "independent_living",
            "{name} checks a payslip and a weekly budget by {him}self",
            "Money unit in the autumn; real payslips in tutorials; three budgets kept",
            "Personal tutor",
            (1, 3),
        ),
    ),
    arrangements=("reader", "extra_time_25"),
    route="form_8",
    travel=("bus", "walk"),
)

MODERATE_WITH_A_PLAN = Portrait(
    types=("MLD", "SEMH"),
    provision="E",
    courses=("Land-based",),
    written_by="spoken",
    diagnoses=(
        ("Moderate learning difficulty; attention difficulties", "Educational psychologist, report held"),
    ),
    good_at=("Animals, tractors, fencing. Selling eggs, I do the money. Getting up early.",),
    find_hard=(
        "Reading and writing, I hide it. Sitting down. I lent money to people who said they were my mates "
        "and they weren't.",
    ),
    strategies=(
        "Teach on the job: number in measuring feed, reading in labels.",
        "Read questions to {him} in private or by pen; never 'read this and answer'.",
        "Fifteen minutes, then move.",
        "Two clear choices; consequences said beforehand and kept.",
        "Check who {he} is with at lunch in the first weeks.",
        "Phone home with something good before there is something bad.",
    ),
    supports=(
        Support("Assistant in theory lessons, workshop buddy", 15, "1:4", "Teaching assistant", 8_300),
        Support("Functional English and maths", 5, "1:5", "Specialist teacher", 4_900),
        Support("Keeping safe and friendships", 1, "1:4", "Pastoral worker", 800),
    ),
    equipment=(Equipment("Reading pen", "school", True),),
    services=(Service("EP", "Annual advice", "Educational psychologist"),),
    voices=(
        Voice(
            "I'm strong and I work hard. I can drive a tractor. I am good with animals.",
            "The farm, my uncle, {interest}. Getting paid.",
            "Don't make me read. Just tell me. I learn by doing it. If I kick off, let me go outside for "
            "five minutes.",
            "{course} and then work on a farm or my own gardening round. My own truck.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} holds a tractor and a strimmer ticket and works two days a week with a land-based "
            "employer",
            "Tickets in the autumn and spring with oral tests; placement on {his} uncle's neighbour's "
            "farm; review termly",
            "Land-based tutor, employer",
            (1, 5),
        ),
        Outcome(
            "independent_living",
            "{name} keeps {his} wages in an account that only {he} uses, and says no to lending",
            "Account opened with mum; five role plays; weekly look at the statement to December",
            "Keyworker and family",
            (0, 12),
        ),
        Outcome(
            "community",
            "{name} joins the young farmers' club",
            "First three evenings with a cousin; lift rota",
            "Family",
            (0, 11),
        ),
        Outcome(
            "health",
            "{name} books and goes to the dentist and GP with a reminder only",
            "Shown by the school nurse; text reminders; mum comes into the waiting room only",
            "{name}, school nurse",
            (1, 1),
        ),
    ),
    work=(
        "Land-based work suits {him}: {he} learns for tickets by oral test. Needs an employer who shows "
        "rather than writes, signs with pictures, and somebody to read health and safety sheets with {him}.",
    ),
    home=(
        "Cooks a breakfast, looks after animals daily without being told. Needs work on money, online "
        "safety and forms. Will live at home for now; wants a caravan in the yard at 18.",
    ),
    contributions=(
        Contribution(
            "social_care",
            "Early help",
            "Family support worker",
            "The family finished the early help plan in spring. {name} has a trusted adult outside the "
            "family whom the college may ring. No services are open now.",
        ),
    ),
    arrangements=("reader", "scribe", "extra_time_25"),
    route="form_8",
    risks=("from_others",),
    travel=("bus", "family"),
)


PORTRAITS = (
    MODERATE,
    MODERATE_WITH_A_PLAN,
)
