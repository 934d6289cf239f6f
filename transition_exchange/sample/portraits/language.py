"""Speech, language and communication, and needs not assessed yet."""

from __future__ import annotations

from transition_exchange.sample.portraits.portrait import (
    Contribution,
    Equipment,
    Outcome,
    Portrait,
    Service,
    Support,
    Voice,
    Wait,
)

LANGUAGE_DISORDER = Portrait(
    types=("SLCN", "SPLD"),
    provision="K",
    courses=("Sport", "Childcare", "Construction", "Health and social"),
    written_by="spoken",
    diagnoses=(
        ("Developmental language disorder", "Speech and language therapist, report held"),
        ("Developmental language disorder; stammer", "Speech and language therapist, report held"),
    ),
    good_at=(
        "Sport, anything with a ball. Doing things with my hands. I'm never late.",
        "Kids. My work experience was a nursery and they asked me back. I can tell when someone is sad.",
    ),
    find_hard=(
        "When people talk fast and long. I get the first bit and the last bit. Finding the word. "
        "Explaining what happened when I'm in trouble.",
        "Telling a story in the right order. Saying my name, I get stuck on it. Phones.",
    ),
    strategies=(
        "Short sentences in the order in which things happen. Pause. Then check by asking {him} to show you.",
        "Wait ten seconds. Don't finish the sentence for {him}.",
        "Teach the topic's ten words first, with pictures, and use them every lesson.",
        "Write the task as three steps on a card or the board, and leave it up.",
        "When something has gone wrong, draw it as a comic strip together rather than ask 'why did you'.",
        "Don't call a register that needs an answer by voice; a look or a hand will do.",
        "Replace 'explain' with 'tell me two things about'.",
        "Record instructions on {his} phone at the end of the lesson.",
    ),
    supports=(
        Support("Vocabulary pre-teaching", 1, "1:4", "Trained teaching assistant"),
        Support("Speech and language programme", 0.5, "1:1", "Teaching assistant, set by the therapist"),
    ),
    equipment=(Equipment("Phone app that records and turns speech into text", "family", True),),
    services=(
        Service(
            "SALT", "Programme reviewed each term, discharge planned at 16", "Speech and language therapist"
        ),
    ),
    voices=(
        Voice(
            "Good at sport. Good with little kids. I don't moan.",
            "My team. My mum and my stepdad. {interest}. People being patient.",
            "Talk slower. Not louder, slower. Show me. If I say 'yeah' I might not have got it so ask me "
            "to do it. Don't finish my words.",
            "{course}. Then work with kids or in a gym. To talk to people on the phone without my mum.",
        ),
        Voice(
            "I'm caring and I'm practical. My work experience boss said I was the best one he had.",
            "{interest}, my cousins, having time to think.",
            "Write the steps on the board. Come to me first, not last. I like working with one other "
            "person. I don't like being asked in front of everyone.",
            "To get on {course} and get a job after. I would like to speak up more.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} asks for clarification by {him}self at least once a day in practical lessons",
            "Three phrases on a card; tutor praises each use; drop the card at half term",
            "Vocational tutor",
            (0, 12),
        ),
    ),
    waits=(
        Wait(
            "salt",
            "GP",
            "School carries on the last programme; word lists made with each department",
            "Children's therapies booking line",
        ),
    ),
    arrangements=("extra_time_25", "reader"),
    route="form_8",
    travel=("bus", "walk"),
)

LANGUAGE_WITH_A_PLAN = Portrait(
    types=("SLCN", "MLD"),
    provision="E",
    courses=("Land-based", "A levels: art", "Art and design"),
    diagnoses=(
        ("Severe developmental language disorder; selective mutism", "Speech and language therapist, report"),
    ),
    good_at=(
        "(Typed by {name}.) photos. growing things. i run the plant stall at school and i do the labels "
        "and give change",
    ),
    find_hard=(
        "(Typed by {name}.) talking when people wait for it. groups. when they say go on you can do it. "
        "long words when nobody writes them",
    ),
    strategies=(
        "Never make speaking the price of anything: food, toilet, marks.",
        "Chat beside {him} without questions; comments invite, questions close.",
        "Typing, pointing and nodding are full answers. Say so to the group once, at the start.",
        "Introduce new adults through a person {he} already speaks to, in small steps over weeks.",
        "Pictures with every written task; sentences of no more than ten words.",
        "Agree an emergency signal and a card that says what is wrong.",
        "Record oral assessments at home; awarding bodies have agreed before.",
    ),
    supports=(
        Support("Key adult across the week", 15, "1:3", "Specialist teaching assistant", 9_800),
        Support("Language group", 2, "1:4", "Speech and language therapist with TA", 3_400),
        Support("Sliding-in sessions for speaking", 0.5, "1:1", "Key adult, set by the therapist", 700),
    ),
    equipment=(
        Equipment("Tablet with typing-to-speech", "council", True),
        Equipment("Set of key ring cards", "family", True),
    ),
    services=(
        Service(
            "SALT",
            "Weekly; will hand over to the adult team or discharge in July",
            "Speech and language therapist",
        ),
        Service("EP", "Advice for the plan", "Educational psychologist"),
    ),
    voices=(
        Voice(
            "(Typed by {name}.) I am good at photos and plants. I am nice to people even if I dont talk to "
            "them.",
            "My phone. My mum. My two best friends. {interest}. not being looked at",
            "Dont ask me to say hello. Let me type it. talk to me normal. dont say well done for talking. "
            "sit next to me not in front",
            "I want to do {course}. I want to sell my photos. I want to order my own food one day and I "
            "nearly did.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} serves customers at the college shop using cards and tablet, one afternoon a week",
            "Visit when closed; two weeks behind the scenes; then at the till with a friend; cards made by "
            "{him}",
            "Work skills tutor, key adult",
            (1, 2),
        ),
        Outcome(
            "independent_living",
            "{name} orders food and a bus ticket without a parent, by voice, card or app",
            "Three cafés chosen; app first, card second, voice if {he} likes; diary by photographs",
            "{name}, family, key adult",
            (0, 12),
        ),
        Outcome(
            "community",
            "{name} belongs to a photography group and shows work in an exhibition",
            "Community group visited with key adult; online first; exhibition in June",
            "Short breaks worker",
            (1, 6),
        ),
        Outcome(
            "health",
            "{name} sees the GP with a card and a phone, and mum stays in the waiting room",
            "Card and typed questions made at home; practice nurse told; two appointments with mum beside, "
            "then one without",
            "{name}, family, practice nurse",
            (1, 3),
        ),
        Outcome("health", "To improve confidence"),
    ),
    work=(
        "Works best where eyes and hands matter: photography, horticulture, framing. An employer should "
        "meet {him} through {his} pictures first. No interview by voice; a trial morning instead.",
    ),
    home=(
        "Cooks simple meals, does own washing, manages a bank card. Cannot ring for help: has the "
        "emergency text service set up and has practised it. Next step is the chemist and the GP on {his} "
        "own, with a card.",
    ),
    contributions=(
        Contribution(
            "health",
            "Speech and language therapy",
            "Speech and language therapist",
            "{name} now whispers to one adult at school. Please expect silence at first in a new place: it "
            "is not a step back. I will meet the key adult twice before September.",
        ),
    ),
    arrangements=("extra_time_25", "separate_room", "reader"),
    route="form_8",
    travel=("bus", "family"),
)

NOT_ASSESSED_YET = Portrait(
    types=("NSA",),
    provision="K",
    courses=("Electrical", "Applied science", "Plumbing"),
    diagnoses=(),
    good_at=(
        "Maths. Three languages. I work hard every evening. I play football and I am captain.",
        "Helping new people at school, translating for parents. I am patient. I cook for my brothers.",
    ),
    find_hard=(
        "Long texts and exam words. I know it in my language but the English comes slow. I had two years "
        "with no school, so sometimes I don't know what everyone knows.",
        "Reading a lot of pages. Sometimes I am tired because I look after the family.",
    ),
    strategies=(
        "Glossary with the home language for each unit; let {him} think and take notes in it.",
        "Model answers with the useful phrases underlined.",
        "Seat {him} beside a strong speaker of English, not beside another new arrival.",
        "Check understanding with a task, not with 'do you understand?'",
        "Repeat key phrases in the same words before trying other words.",
        "Assess again for learning needs by half term; the school's screening is attached.",
    ),
    supports=(
        Support("English as an additional language group", 3, "1:6", "EAL teacher"),
        Support("Reading with a sixth former", 0.5, "1:1", "Volunteer, supervised"),
    ),
    voices=(
        Voice(
            "I am strong in maths. I am polite. I help people translate.",
            "My family. {interest}. To have good grades. To have peace.",
            "Please speak clear and write the important words. Don't speak to my friend instead of me. I "
            "like to check with my phone dictionary. Correct me, I want to learn.",
            "I want to do {course} and become an engineer. I want to make my mother proud.",
        ),
    ),
    waits=(
        Wait(
            "other",
            "School, to the educational psychology service",
            "EAL group, glossary, extra reading; screening for dyslexia done in English only",
            "The SENCO at school",
        ),
    ),
    arrangements=("none",),
    travel=("walk", "bus"),
)

PORTRAITS = (LANGUAGE_DISORDER, LANGUAGE_WITH_A_PLAN, NOT_ASSESSED_YET)
