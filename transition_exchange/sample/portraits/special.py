"""Learners of a special school: severe learning difficulty, with and without autism."""

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
)

AUTISTIC_AT_SPECIAL_SCHOOL = Portrait(
    types=("ASD", "SLD"),
    provision="E",
    courses=("Pathways", "Life skills", "Foundation"),
    written_by="together",
    diagnoses=(("Autism with severe learning difficulty", "Consultant paediatrician, report held"),),
    good_at=(
        "(Photographs chosen by {name}: laying tables, the drum, swimming.) Tables. Drum. Water. Knowing "
        "the way.",
    ),
    find_hard=(
        "(Photographs chosen by {name}: a dog, a crying baby, a clock.) Dogs. Babies crying. Wait. New door.",
    ),
    strategies=(
        "Now and next board on the belt, changed in front of {him} every time.",
        "Objects of reference for places: towel, helmet, spoon, keys. A set goes with {him}.",
        "Count down endings: five, four, three, with fingers, the same way each time.",
        "Sign the key word while saying it; wait ten seconds before saying it again.",
        "Start the day with fifteen minutes of movement.",
        "Two adults outside. {He} walks between them on the side away from the road.",
        "Hand biting: move the demand away, offer the chew, low lights, wait. It passes in four to six "
        "minutes.",
        "Celebrate small: a song line is the best reward.",
    ),
    supports=(
        Support("Two adults outside, one inside", 27, "1:1", "Specialist teaching assistants", 24_000),
        Support("Sensory circuit and hydrotherapy", 2.5, "1:2", "Trained assistants", 2_600),
        Support("Intensive interaction", 2, "1:1", "Teacher", 2_100),
    ),
    equipment=(
        Equipment("Communication book and now-next board", "family", True),
        Equipment("Tablet with symbol vocabulary", "health", True),
        Equipment("Chew and weighted jacket", "family", True),
    ),
    services=(
        Service("SALT", "Total communication programme, weekly in school", "Speech and language therapist"),
        Service("OT", "Sensory profile and diet", "Occupational therapist"),
        Service("EP", "Positive behaviour support plan", "Educational psychologist"),
    ),
    voices=(
        Voice(
            "(Made with {name}, using symbols and photographs.) Smiling. Music. Helping. {name} chose the "
            "photo of the drum.",
            "Mum. Dad. Swimming. Chips. Red bus. My book.",
            "Show me. Wait. Sign. No dogs. Let me run. Hold my book.",
            "Music. Kitchen. Same friends. Own bag. (Family: a day full of things that are real, near home.)",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} does a regular job for others, such as laying tables in the college café, for 45 "
            "minutes at a time",
            "Photographs of each step; same table first; add five minutes a fortnight; café staff shown "
            "the board",
            "Work skills tutor and assistants",
            (1, 7),
        ),
        Outcome(
            "independent_living",
            "{name} chooses and makes a snack from four, with symbols, with one prompt or none",
            "Snack board from school used at home and college; backward chaining; filmed monthly",
            "Assistants, family, short breaks",
            (1, 2),
        ),
        Outcome(
            "community",
            "{name} uses the local pool every week with one familiar supporter",
            "Quiet sessions booked; two visits with school staff in July; change routine photographed",
            "Short breaks worker and college",
            (0, 11),
        ),
        Outcome(
            "health",
            "{name} lets a dentist look at {his} teeth",
            "Eight visits without treatment, mirror at home, song agreed; special care dentistry knows",
            "Learning disability nurse and family",
            (1, 3),
        ),
    ),
    work=(
        "Real tasks with a visible end: table laying, sorting, planting, carrying. {name} needs the same "
        "place, the same two people and the same time of day for at least a term. Vocational profile in "
        "photographs goes along.",
    ),
    home=(
        "Dresses with one prompt, eats independently, needs help with toileting outside home. Next: "
        "choosing, making a snack, packing {his} own bag with the board. Family hopes for supported living "
        "near home in the twenties.",
    ),
    contributions=(
        Contribution(
            "health",
            "Community learning disability team",
            "Learning disability nurse",
            "Annual health check from 14 is done at the GP's. Hospital passport is up to date and should "
            "go with {name} to college. Epilepsy was ruled out last year.",
        ),
        Contribution(
            "social_care",
            "Disabled children's team",
            "Social worker",
            "Two nights a month of short breaks and direct payments for Saturdays. Transition to the adult "
            "team starts now; best interests decisions are led by the family with the team.",
        ),
    ),
    health=(
        Health(
            "Pica (puts things in {his} mouth)",
            "None",
            "Small objects out of reach; if swallowed: magnets or batteries 999 at once, else ring home",
            plan=True,
        ),
    ),
    daily=Daily(
        "independent",
        "some",
        False,
        ("Walks and runs well. Help with toileting outside home; changing space with room for two adults."),
    ),
    risks=("absconding", "self"),
    travel=("council_transport",),
    places=frozenset({"special_school"}),
)

SEVERE = Portrait(
    types=("SLD", "SLCN"),
    provision="E",
    courses=("Pathways", "Life skills", "Supported internship"),
    written_by="together",
    diagnoses=(
        ("Global developmental delay, severe learning difficulty", "Consultant paediatrician, report held"),
    ),
    good_at=("(With symbols.) Shop. Till. Singing. Friends. I know all the names.",),
    find_hard=("(With symbols.) Waiting. Change. Loud. Money. Roads.",),
    strategies=(
        "Symbol timetable; take off what is finished together.",
        "Three key words to a sentence, with sign.",
        "Model and wait; hand under hand, never over.",
        "Rehearse every new place with photographs and one short visit.",
        "If {he} sits down: sit too, sing, wait. Two minutes usually do it.",
        "Real objects before pictures, pictures before words.",
        "Choose between two, held up.",
    ),
    supports=(
        Support("Adult nearby through the day", 25, "1:3", "Specialist teaching assistants", 13_900),
        Support("Communication and life skills", 10, "1:5", "Specialist teacher", 9_100),
    ),
    equipment=(
        Equipment("Symbol book and lanyard", "family", True),
        Equipment("Till with picture keys", "school", False),
    ),
    services=(
        Service("SALT", "Communication programme", "Speech and language therapist"),
        Service("EP", "Advice for the plan", "Educational psychologist"),
    ),
    voices=(
        Voice(
            "(With symbols, helped by {mentor}.) Happy. Good friend. Good at shop.",
            "Mum, Nan, {interest}, my job, disco.",
            "Show me picture. Slow. Sing. Sit with me when sad.",
            "Work in shop. Live with friends. Party.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} works in the college shop two half days a week with a helper nearby, not beside {him}",
            "Picture till moved to college; same helper four weeks, then two metres away, then at the next "
            "counter",
            "Work skills tutor",
            (1, 3),
        ),
        Outcome(
            "independent_living",
            "{name} packs {his} bag and makes {his} own sandwich each day with a picture list",
            "List made from photographs at home; same at college; one prompt fewer each fortnight",
            "Family, assistants",
            (0, 12),
        ),
        Outcome(
            "community",
            "{name} goes to the Friday club without a parent",
            "Two visits with mum, two with mum in the car, then alone with the club's buddy",
            "Short breaks service",
            (1, 2),
        ),
        Outcome(
            "health",
            "{name} shows where it hurts with the body board and lets the GP examine {him}",
            "Board at home, college and surgery; double appointment; practised with the nurse",
            "Learning disability nurse",
            (1, 4),
        ),
    ),
    work=(
        "Shop, café or laundry work in a real place with customers. Needs a helper to begin with, picture "
        "keys, and a shift of two hours. Supported internship from 19.",
    ),
    home=(
        "Washes and dresses with prompts; needs help with hair and shaving or periods. Makes cold food. "
        "Practise: washing machine, crossing with an adult, phone with picture contacts.",
    ),
    contributions=(
        Contribution(
            "health",
            "Community learning disability team",
            "Learning disability nurse",
            "Annual health check done; blood pressure and weight are fine. Desensitisation for blood tests "
            "is under way.",
        ),
        Contribution(
            "social_care",
            "Disabled children's team",
            "Social worker",
            "Saturday club and four hours a week of a personal assistant. The adult team will meet the "
            "family before {his} eighteenth birthday.",
        ),
    ),
    daily=Daily("independent", "some", False, "Walks well. Reminders for the toilet; help with hygiene."),
    risks=("absconding", "from_others"),
    travel=("council_transport",),
    places=frozenset({"special_school"}),
)

PORTRAITS = (AUTISTIC_AT_SPECIAL_SCHOOL, SEVERE)
