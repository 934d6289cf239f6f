"""Physical disability and medical conditions."""

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

HYPERMOBILE = Portrait(
    types=("PD",),
    provision="K",
    courses=("Digital", "Art and design", "Business", "Criminology"),
    diagnoses=(
        ("Hypermobility spectrum disorder with chronic pain", "Paediatric rheumatology, letter held"),
    ),
    good_at=("Planning. Writing. Knitting and sewing, small and slow is fine. Helping people calm down.",),
    find_hard=(
        "Stairs, standing, carrying bags, writing by hand. It changes every day and you can't see it, so "
        "people think I make it up.",
        "The day after a busy day. Sitting on stools. My wrist coming out in the middle of something.",
    ),
    strategies=(
        "Lift pass and a locker on each floor; second set of textbooks at home.",
        "Let {him} move, stretch or lie down without asking.",
        "A chair with arms and a footrest in the main room; no stools.",
        "Laptop for writing; share notes afterwards.",
        "Put demanding lessons in the morning and one free half day in the week.",
        "Believe {him}. Ask 'what would help today?'",
        "Work sent home on bad days, with what can be left out marked.",
    ),
    supports=(Support("Rest room and pacing plan", 1, "1:1", "School nurse and SENCO"),),
    equipment=(
        Equipment("Ergonomic chair", "council", True),
        Equipment("Wrist splints", "health", True),
        Equipment("Laptop, light", "family", True),
    ),
    services=(
        Service("PHYSIO", "Exercise programme, reviewed twice a year", "Physiotherapist"),
        Service("OT", "Splints, seating, joint protection", "Occupational therapist"),
    ),
    voices=(
        Voice(
            "I'm organised and I am a good friend. I can knit, believe it or not.",
            "{interest}. Hot water bottles. Not being asked what's wrong with me in the corridor.",
            "If I say I can do it, let me. If I say I can't, believe me. Don't grab my hand. Let me stand "
            "up in lessons. I would rather work from home than miss it.",
            "{course} and then something I can do partly from home. I want to swim twice a week.",
        ),
    ),
    waits=(
        Wait(
            "ot",
            "GP",
            "School uses last year's seating and splints; laptop in all lessons",
            "Children's therapies booking line",
        ),
    ),
    arrangements=("word_processor", "rest_breaks", "extra_time_25"),
    route="form_9",
    health=(
        Health(
            "Joint hypermobility, dislocations of wrist and knee",
            "Paracetamol, carries {his} own",
            "If a joint is out: don't pull it. Seat {him}, support it, {he} will usually put it back; ring "
            "home. 999 if fingers or toes go numb",
            plan=True,
        ),
    ),
    daily=Daily(
        "aid",
        "none",
        True,
        ("Walks short distances. Lift instead of stairs. A crutch or wheelchair on bad days."),
    ),
    travel=("family", "taxi"),
)

CEREBRAL_PALSY = Portrait(
    types=("PD", "SLCN"),
    provision="E",
    courses=("Media",),
    written_by="spoken",
    diagnoses=(("Cerebral palsy, four limbs, GMFCS level IV", "Consultant paediatrician, report held"),),
    good_at=(
        "Writing. I won the county young reporter prize. Being in charge of my own carers. I'm on the "
        "school council because people voted for me.",
    ),
    find_hard=(
        "People talking over me because I start slowly. People talking to my assistant. Broken lifts. "
        "After lunch I am wiped out.",
        "Sitting for hours, my hips hurt. Getting to know people in a big group.",
    ),
    strategies=(
        "Talk to {name}. Wait. Repeat what you understood; don't pretend.",
        "Ask for the answer to be ready: give the question the day before.",
        "Dictation or a scribe who writes exactly what {he} says.",
        "Change of position every two hours and the standing frame daily, timetabled and not out of break.",
        "A clear way through, table at 74 cm, a place among the others and not at the end of the row.",
        "Check lifts in the morning; have a plan for when one fails, and timetable on the ground floor "
        "where possible.",
        "Trips: visit the place first, or ask the family, who know everywhere.",
    ),
    supports=(
        Support(
            "Personal care and positioning, two trained people", 12, "2:1", "Personal care assistants", 15_200
        ),
        Support("Classroom assistant and scribe", 18, "1:1", "Specialist teaching assistant", 11_400),
        Support("Physiotherapy programme", 2.5, "1:1", "Assistant trained by the physiotherapist", 1_800),
        Support("Speech clarity and communication aid", 0.5, "1:1", "Speech and language therapist", 1_500),
    ),
    equipment=(
        Equipment("Powered wheelchair", "health", True),
        Equipment("Mobile hoist and slings", "council", False),
        Equipment("Standing frame", "health", True),
        Equipment("Height-adjustable table", "school", False),
        Equipment("Laptop with dictation and switch access", "council", True),
    ),
    services=(
        Service("PHYSIO", "Monthly; hands over to the adult team at 18", "Physiotherapist"),
        Service("OT", "Seating, hoisting plan, access visit to college", "Occupational therapist"),
        Service("SALT", "Communication aid for unfamiliar listeners", "Speech and language therapist"),
    ),
    voices=(
        Voice(
            "I am funny. I write match reports that people actually read. I'm a good boss, ask my carers.",
            "{interest}. My chair being charged. Being out with mates without my mum.",
            "Talk to me, not to whoever is pushing. Give me time to finish, the end is usually the good "
            "bit. Don't lean on my chair, it's part of me. Ask before you help.",
            "{course}, then journalism. My own flat with my own staff. To see every ground in the league.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} publishes ten pieces for the college newsroom and does a week with a local paper or "
            "radio station",
            "Newsroom moved to the ground floor; editor meets {him} in July; station's access checked by "
            "the OT",
            "Media tutor, work placement officer",
            (1, 5),
        ),
        Outcome(
            "independent_living",
            "{name} takes part in choosing and directing {his} own personal assistants",
            "Sits in on two interviews with the family; writes {his} own 'how to work with me'; direct "
            "payments explained",
            "Social worker and family",
            (1, 3),
        ),
        Outcome(
            "community",
            "{name} goes to home matches with friends and a personal assistant, not a parent",
            "Accessible tickets; assistant trained in transfers; first match together",
            "Personal assistant, family",
            (0, 11),
        ),
        Outcome(
            "health",
            "Hip pain does not keep {name} out of lessons",
            "Positioning plan on the timetable; pain diary; clinic in October; physio looks at seating in "
            "week two",
            "Physiotherapist and care team",
            (0, 12),
        ),
    ),
    work=(
        "Journalism or communications. Course must have ground-floor or lift-secured rooms and let {him} "
        "dictate. Employers need to know that Access to Work pays for an assistant and transport.",
    ),
    home=(
        "Needs two people for transfers and personal care, for life; independence means directing it. "
        "Practise: ordering, paying, rota of assistants, what to do when one is ill. Adapted flat from 19: "
        "on the council's list now.",
    ),
    contributions=(
        Contribution(
            "health",
            "Community children's nursing and therapies",
            "Physiotherapist",
            "Hip surveillance is yearly. Twenty minutes of standing a day prevent surgery, and are part of "
            "the day, not an extra. Sling sizes and hoisting plan go along; two staff need training before "
            "the first day.",
        ),
        Contribution(
            "social_care",
            "Disabled children's team",
            "Social worker",
            "Direct payments for twelve hours a week. The Care Act assessment is booked for the spring; "
            "{name} wants to employ {his} own assistants at 18.",
        ),
    ),
    arrangements=("scribe", "extra_time_over_25", "rest_breaks", "separate_room", "word_processor"),
    route="form_9",
    health=(
        Health(
            "Cerebral palsy; reflux",
            "Baclofen 10 mg at 12.30 by a trained person; omeprazole at home",
            "Choking: back blows leaning forward in the chair, then 999. Chair failure: ring the "
            "wheelchair service",
            dietary="Soft, moist food cut small; drinks with a straw",
            plan=True,
        ),
    ),
    daily=Daily(
        "wheelchair_self",
        "full",
        True,
        (
            "Powered wheelchair indoors and out. Two people and a hoist for transfers. Evacuation chair, "
            "trained staff named on each floor."
        ),
    ),
    travel=("council_transport",),
    places=frozenset({"mainstream", "special_school"}),
)

EPILEPSY = Portrait(
    types=("OTH", "MLD"),
    provision="E",
    courses=("Catering", "Foundation"),
    written_by="spoken",
    diagnoses=(("Epilepsy with learning difficulty", "Paediatric neurologist, report held"),),
    good_at=(
        "Baking, I sell it and it all goes. Being friendly. Remembering birthdays. Looking after my dog.",
    ),
    find_hard=(
        "After a seizure I am slow and I feel embarrassed. I forget things I learned. Reading long things. "
        "Being told I can't do something in case.",
    ),
    strategies=(
        "Repeat and photograph: every recipe or task as six pictures in {his} own folder.",
        "After a seizure: rest, tell {him} what happened, carry on from where {he} was. No fuss, no crowd.",
        "Avoid flashing screens, missed meals, overheating and late nights before placements.",
        "Same buddy in workshops and kitchens; no open flame, hot oil or ladders alone.",
        "Revisit the last lesson for five minutes before the new one.",
        "Let {him} teach somebody else: it is how things stay.",
    ),
    supports=(
        Support(
            "Assistant trained in seizures in all practical sessions", 20, "1:2", "Teaching assistant", 12_600
        ),
        Support("Reading and number for life", 4, "1:4", "Specialist teacher", 4_300),
    ),
    equipment=(
        Equipment("Seizure alarm watch", "family", True),
        Equipment("Folder of photographed tasks", "school", True),
    ),
    services=(
        Service("EP", "Advice for the plan", "Educational psychologist"),
        Service("OTHER", "Rescue medication training yearly", "Epilepsy nurse"),
    ),
    voices=(
        Voice(
            "I bake the best flapjack. I am friendly. I say hello to everyone.",
            "Grandad. {interest}. My dog Biscuit. Going to work like my sister.",
            "If I have a seizure don't crowd me. Tell me after. Show me pictures. Let me do it myself even "
            "if it takes long.",
            "I want to do {course}. I want a job in a café and wages. I want to go on holiday with friends.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} works one shift a week in a café with a job coach who steps back by Easter",
            "Risk assessment with the epilepsy nurse; recipe folder for the café; coach every shift till "
            "January, then alternate, then on call",
            "Job coach and work placement officer",
            (1, 4),
        ),
        Outcome(
            "independent_living",
            "{name} takes {his} tablets at the right time without being told, six days in seven",
            "Pill box and phone alarm; tick chart with grandad; nurse checks after two months",
            "Epilepsy nurse, family",
            (0, 12),
        ),
        Outcome(
            "community",
            "{name} goes out with friends on Friday evenings with a plan for seizures that they know",
            "Friends shown by the nurse what to do; card in the wallet; phone shares location",
            "Family and friends",
            (1, 1),
        ),
        Outcome(
            "health",
            "{name} tells a new person in one minute what to do in a seizure, and shows the card",
            "Card made with the nurse; practised with three tutors in the first week; renewed when "
            "medicine changes",
            "{name}, epilepsy nurse, tutor",
            (0, 10),
        ),
        Outcome("health", "To stay healthy"),
    ),
    work=(
        "Hospitality with supervision at the hob. Supported internship after a year. Employer training on "
        "seizures takes one hour, and the nurse comes for it. Short shifts, not early.",
    ),
    home=(
        "Bakes, makes hot drinks with a one-cup machine, bathes with the door unlocked and somebody at "
        "home. Learning to keep {his} own calendar and to cook with a timer and an induction hob.",
    ),
    contributions=(
        Contribution(
            "health",
            "Epilepsy clinic",
            "Epilepsy nurse specialist",
            "One to two seizures a month, mostly in the morning. Care plan attached, renewed yearly. "
            "Medication is being changed over the summer: expect tiredness in September. Transfer to the "
            "adult clinic at 17.",
        ),
    ),
    waits=(
        Wait(
            "other",
            "Neurologist",
            "Present medicine goes on; school keeps the seizure diary for the clinic",
            "Epilepsy nurse's line",
        ),
    ),
    arrangements=("reader", "extra_time_25", "rest_breaks"),
    route="form_9",
    health=(
        Health(
            "Epilepsy, tonic-clonic seizures, about monthly",
            "Levetiracetam at home; buccal midazolam 10 mg for rescue, kept in the office",
            "Time it. Cushion the head, on {his} side after. Midazolam at five minutes, then 999 if it "
            "goes on or comes again. {He} sleeps for an hour afterwards",
            plan=True,
        ),
    ),
    daily=Daily(
        "independent", "none", True, "Walks unaided. Not to use stairs alone within an hour of a seizure."
    ),
    travel=("taxi", "council_transport"),
    places=frozenset({"mainstream", "special_school"}),
)

PORTRAITS = (HYPERMOBILE, CEREBRAL_PALSY, EPILEPSY)
