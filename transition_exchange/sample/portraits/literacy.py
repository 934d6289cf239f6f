"""Dyslexia, dyspraxia and dyscalculia: learners who know far more than they can write down."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import (
    Daily,
    Equipment,
    Outcome,
    Portrait,
    Service,
    Support,
    Voice,
    Wait,
)

DYSLEXIA = Portrait(
    types=("SPLD",),
    provision="K",
    courses=("Electrical", "Motor vehicle", "Plumbing", "Apprenticeship in bricklaying", "Art and design"),
    diagnoses=(
        ("Dyslexia", "Specialist teacher, Level 7, full diagnostic report held"),
        ("Dyslexia, moderate, mainly phonological", "Educational psychologist, report held"),
    ),
    good_at=(
        "Explaining things out loud. I remember what I hear, I can tell you what happened in a lesson last "
        "week. I am good at making things straight.",
        "Fixing things and working out how they fit. I don't give up. I can see a shape in my head and "
        "turn it round.",
        "Talking to people, customers as well. I did two weeks in a garage and they let me do the phone.",
    ),
    find_hard=(
        "Reading takes me ages and I have to read it twice. Spelling. I pick easy words because I can't "
        "spell the ones I want. Copying off the board, I lose my place.",
        "Exams where it's all reading. When there is loads of writing on white paper it sort of swims. "
        "Writing things down fast enough. People thinking I am lazy.",
    ),
    strategies=(
        "Give handouts the day before, so that {name} can read them at {his} own pace and arrive ready to "
        "talk.",
        "Never ask {name} to read aloud without agreeing it first. {He} will volunteer when {he} is sure.",
        "Text in 12 point or larger, sans serif, on cream or pale blue paper or background, with space "
        "between lines.",
        "One instruction at a time, said and shown. Ask {him} to say it back, as a habit for everybody.",
        "Mark for content first and pick out two or three spellings that matter for the subject.",
        "Let {him} photograph the board rather than copy it.",
        "Offer a frame for longer answers: three boxes are enough to get {him} started.",
        "Key words for each new topic on one side of A5, with a picture, kept in the front of the folder.",
        "Let {him} hand in work as a recording or a labelled diagram where writing isn't what is being "
        "assessed.",
    ),
    supports=(
        Support(
            "Small group for reading fluency and spelling", 1.5, "1:4", "Higher level teaching assistant"
        ),
        Support("In-class support in English and history", 3, "1:8", "Teaching assistant, shared"),
        Support("Homework club with a laptop", 1, "1:10", "Learning support team"),
    ),
    equipment=(
        Equipment("Laptop with text-to-speech and dictation", "school", False),
        Equipment("Reading pen, exam version", "school", False),
        Equipment("Blue overlay and tinted exercise books", "family", True),
    ),
    services=(
        Service("OTHER", "Yearly review of literacy targets and the exam assessment", "Specialist teacher"),
    ),
    voices=(
        Voice(
            "People say I am funny and that I don't give up. My form tutor says I am the one who notices "
            "when someone is left out. I am good with my hands and I can fix most things with a video and "
            "an hour.",
            "{interest}. My nan. Being treated like I am clever, because I am, it just doesn't come out on "
            "paper. Knowing what we are doing before the lesson starts.",
            "Don't make me read out loud in front of people I don't know. If you give me something to "
            "read, tell me how long I have got. I like it when the teacher checks on me quietly and "
            "doesn't make it a thing. Let me use my laptop without having to ask every time.",
            "To do {course} and then get an apprenticeship. I want to drive. I'd like to have my own van "
            "with my name on it by the time I am 25.",
        ),
        Voice(
            "I'm a good listener and I remember stuff. I helped run the school show lighting for two years.",
            "Having a bit of time. {interest}. Not being put in the bottom group for everything just "
            "because of spelling.",
            "Send me the slides before. Coloured paper helps but you don't have to make a fuss about it. "
            "When I go quiet it means I have lost my place, so just point at the line.",
            "I want to do {course}. After that maybe university, if I can find one where you get to make "
            "things.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} uses text-to-speech and dictation without prompting for every written assignment of "
            "{his} first year",
            "College laptop or software licence ready in the first week; two half-hour sessions to set it "
            "up; tutor reminds at the first three assignments, then stops",
            "Learning support and {name}",
            (0, 12),
        ),
    ),
    waits=(
        Wait(
            "other",
            "SENCO",
            "Reader and 25% extra time used in class and mocks as normal way of working",
            "The exams officer at school",
        ),
    ),
    arrangements=("extra_time_25", "reader"),
    route="form_8",
)

DYSLEXIA_AND_DYSPRAXIA = Portrait(
    types=("SPLD", "PD"),
    provision="K",
    courses=("Digital", "Art and design", "Media"),
    diagnoses=(
        (
            "Developmental co-ordination disorder (dyspraxia)",
            "Paediatrician with occupational therapy, letter held",
        ),
        ("Dyslexia and dyspraxia", "Educational psychologist, report held"),
    ),
    good_at=(
        "Having ideas other people don't. Listening. I learned to ride a bike when I was thirteen because "
        "I decided to.",
        "Stories and funny captions. On a keyboard I can write pages.",
    ),
    find_hard=(
        "My hand hurts after ten minutes of writing. I bump into people in corridors and lose my stuff, "
        "and when they change rooms I am always last.",
        "Knowing what to do first. I can do all of it, I just can't see where to begin. Small fiddly tools.",
    ),
    strategies=(
        "Laptop for anything longer than a few lines, in lessons and in exams.",
        "Let {him} leave five minutes early when rooms change, until the building is familiar.",
        "A photo of the finished kit or desk on the inside of the locker: what should be in the bag today.",
        "Break a brief into dated pieces and look at the first one together.",
        "In workshops, stand beside {him} rather than opposite when showing, so that left stays left.",
        "A place at the end of a bench with room for elbows.",
        "Say the time out loud: ten minutes left, now start to finish.",
    ),
    supports=(
        Support("Touch typing and organisation", 1, "1:3", "Higher level teaching assistant"),
        Support("Check-in on Monday and Friday: bag, deadlines, timetable", 0.5, "1:1", "Learning mentor"),
    ),
    equipment=(
        Equipment("Lightweight laptop", "school", False),
        Equipment("Writing slope and grip pens", "family", True),
        Equipment("Adapted cutlery and non-slip mats for food technology", "school", False),
    ),
    services=(
        Service(
            "OT", "Assessed hand function and gave a programme that school runs", "Occupational therapist"
        ),
    ),
    voices=(
        Voice(
            "I am loyal and I have good ideas. People come to me when they are upset because I don't tell "
            "anyone.",
            "{interest}. My dog. Having my own space to put things, because if it moves I can't find it.",
            "Don't say 'hurry up', it makes me slower. Show me once and then let me try. If I drop "
            "something, I know already. Text me the room change as well as saying it.",
            "{course}, then something with design. To learn to drive an automatic. To cook for my friends.",
        ),
    ),
    outcomes=(
        Outcome(
            "independent_living",
            "{name} travels to college alone on two buses and knows what to do when one doesn't come",
            "Three practice runs in August with {his} brother; bus app set up; card in the wallet with "
            "whom to ring; travel trainer for the first week if still wanted",
            "Family, then the council's travel trainer",
            (0, 9),
        ),
    ),
    waits=(
        Wait(
            "ot",
            "GP",
            "School runs last year's hand programme twice a week; word processor in every subject",
            "Children's therapies booking line",
        ),
    ),
    arrangements=("word_processor", "extra_time_25", "rest_breaks"),
    route="form_8",
    daily=Daily("independent", "none", False, "Walks everywhere; stairs with a rail, and slowly in a crowd."),
)

DYSCALCULIA = Portrait(
    types=("SPLD",),
    provision="K",
    courses=("Childcare", "Health and social", "A levels: English"),
    diagnoses=(("Dyscalculia", "Specialist teacher, Level 7, report held"),),
    good_at=(
        "Writing, drawing and organising. I speak up in debates. I mentor two Year 8s in reading.",
        "Planning my week in colours and sticking to it. Being a good friend. English and art.",
    ),
    find_hard=(
        "Numbers don't stay still. I can't tell the time on a round clock, and if someone asks me a sum in "
        "front of people my head goes white.",
        "Maths, money when it is quick, bus timetables. I add up on my fingers under the table.",
    ),
    strategies=(
        "Never ask for mental arithmetic in front of the group.",
        "Let {him} keep a number line and a formula sheet on the desk in every subject, not only in maths.",
        "Squared paper, one step to a line, an example worked through at the top of the page.",
        "Use real money, real measurements and things {he} cares about; start from what {he} got right.",
        "A digital clock in sight during exams, with the end time written beside it.",
        "Praise the method, not the speed.",
    ),
    supports=(
        Support("Maths in a small group instead of a second language", 3, "1:6", "Specialist maths teacher"),
        Support("Pre-teaching of vocabulary before each maths topic", 0.5, "1:3", "Teaching assistant"),
    ),
    equipment=(Equipment("Talking calculator", "family", True),),
    voices=(
        Voice(
            "I'm creative, I'm kind and I am always early because I am scared of being late.",
            "Drawing, my little sister, {interest}. Being allowed to say 'I don't get it' more than once.",
            "Please don't say 'it's easy'. Give me one step at a time and let me use my sheet. I can do it "
            "if nobody is watching.",
            "I want to do {course}. I know I have to do maths again and I am worried about it, but I'd "
            "like to get the grade this time.",
        ),
        Voice(
            "My friends say I give good advice. I am the one who organises everything for birthdays.",
            "Books, {interest}, quiet music. My mum and I have tea together on Sundays and talk about the "
            "week.",
            "Tell me what the maths is for. Let me sit near the front and not by the door. Give me the end "
            "time, not how many minutes.",
            "{course} and then working with children, maybe in a hospital school.",
        ),
    ),
    arrangements=("extra_time_25",),
    route="form_8",
    travel=("bus", "walk"),
)

PORTRAITS = (DYSLEXIA, DYSLEXIA_AND_DYSPRAXIA, DYSCALCULIA)
