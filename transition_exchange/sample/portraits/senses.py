"""Deaf learners and learners with a vision impairment."""

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

HEARING_AIDS = Portrait(
    types=("HI",),
    provision="K",
    courses=("Sport", "Public services", "Travel"),
    diagnoses=(("Moderate sensorineural hearing loss, both ears", "Audiology, report held"),),
    good_at=(
        "Sport, acting, reading people's faces. I'm good at telling people what I need without being "
        "boring about it.",
    ),
    find_hard=(
        "Groups where everyone talks at once, workshops with machines, films with no subtitles. By the "
        "last lesson I am so tired from lip-reading that I just nod.",
        "Missing the joke. Asking a third time. Swimming, because I have to take my aids out.",
    ),
    strategies=(
        "Face {him} when you speak; light on your face, no talking to the board.",
        "Use the radio microphone, pass it round in discussions, and mute it for private talk.",
        "Subtitles on every video, tested beforehand.",
        "Repeat what others in the room have said.",
        "Seat at the side of a horseshoe, better ear to the group; soft furnishing helps.",
        "Write down homework, times and room changes.",
        "In workshops: stop machines, then speak. Agree a visual signal for stop and for fire.",
    ),
    supports=(
        Support("Check of equipment, new vocabulary", 0.5, "1:1", "Teacher of the deaf, fortnightly"),
        Support("Note taking in theory lessons", 4, "1:1", "Communication support worker"),
    ),
    equipment=(
        Equipment("Two hearing aids", "health", True),
        Equipment("Radio aid: transmitter and receivers", "council", True),
        Equipment("Soundfield system in two classrooms", "school", False),
    ),
    services=(Service("HI", "Fortnightly visits, will visit college in September", "Teacher of the deaf"),),
    voices=(
        Voice(
            "I'm funny and I'm stubborn. I am captain of my team. People forget I am deaf, which is good "
            "and bad.",
            "{interest}. My friends, my team. Subtitles!",
            "Don't say 'never mind' or 'I'll tell you later'. Look at me when you talk. Give me the "
            "microphone pack at the start so I don't have to chase you. If it's loud I might take my aids "
            "out, tap the table.",
            "{course}, then a job where I'm active. I want to live in Sheffield or Manchester and drive.",
        ),
    ),
    arrangements=("extra_time_25", "modified_papers"),
    route="form_9",
    travel=("bus", "walk"),
)

SIGNING = Portrait(
    types=("HI", "SLCN"),
    provision="E",
    courses=("Art and design", "Catering"),
    written_by="spoken",
    diagnoses=(("Profoundly deaf, cochlear implant on the right", "Implant centre, report held"),),
    good_at=(
        "(Signed, put into English.) Telling stories. Design and colour. Teaching people to sign. I cook "
        "well.",
    ),
    find_hard=(
        "(Signed, put into English.) Long English. It isn't my first language. Looking at the paper and "
        "the interpreter at the same time. Lunch with people who don't sign.",
    ),
    strategies=(
        "Interpreter or communication support worker booked for every lesson, trip and tutorial; talk to "
        "{name}, not to the interpreter.",
        "Either show or talk, not both at once. Give time to look at the handout before you go on.",
        "Send vocabulary and slides a week ahead, so that signs can be agreed.",
        "Plain written English: one idea to a sentence; key words with pictures.",
        "Flashing alarm and vibrating pager; a named fire buddy in each session.",
        "Deaf friends matter: place {him} with another signer at least once a day.",
        "Let {him} sign answers to camera where writing isn't what is assessed.",
    ),
    supports=(
        Support(
            "Communication support worker, Level 3 BSL or above",
            25,
            "1:1",
            "Communication support worker",
            22_500,
        ),
        Support("English for deaf learners", 3, "1:3", "Teacher of the deaf", 6_400),
        Support("BSL social group", 1, "1:8", "Deaf instructor", 900),
    ),
    equipment=(
        Equipment("Cochlear implant processor and spares", "health", True),
        Equipment("Vibrating pager", "council", True),
        Equipment("Tablet for captions", "council", True),
    ),
    services=(
        Service("HI", "Twice weekly teaching", "Teacher of the deaf"),
        Service("SALT", "Specialist for deaf children, termly", "Speech and language therapist"),
    ),
    voices=(
        Voice(
            "(Signed by {name}, put into English with {him}.) I am deaf and proud. I tell good stories. I "
            "teach people to sign and they don't forget.",
            "My deaf friends. Facetime. {interest}. My language.",
            "Learn hello and my name in sign before I come. Talk to me, look at me. Don't turn the light "
            "off to show a film and then explain. If I don't understand the English it is the English, not "
            "me.",
            "{course}. I want to design things and run a café where everyone signs.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} completes a placement in a workplace where at least two people have learned basic sign",
            "Access to Work explained in November; employer takes a two-hour taster by the deaf "
            "instructor; placement of ten days in spring with an interpreter on the first three",
            "Work placement officer and communication support worker",
            (1, 4),
        ),
        Outcome(
            "independent_living",
            "{name} books and attends an appointment alone with a remote interpreter",
            "App installed and tried at college; GP told of communication needs; first one together",
            "{name} and social worker for deaf people",
            (0, 12),
        ),
        Outcome(
            "community",
            "{name} joins the regional deaf youth club and helps to run one event",
            "Lift share for the first term; then train with railcard; event in May",
            "Family and deaf instructor",
            (1, 5),
        ),
        Outcome(
            "health",
            "{name} looks after the implant processor by {him}self and knows whom to contact when it fails",
            "Daily check by {him}; spares box; implant centre's text number in the phone; mapping at 17",
            "{name} with the teacher of the deaf",
            (0, 10),
        ),
    ),
    work=(
        "Wants design or catering. Needs an employer willing to learn a little sign, written briefs in "
        "plain English, visual alarms, and an interpreter for training days through Access to Work from "
        "the day {he} is employed.",
    ),
    home=(
        "Independent at home; cooks well. Learning: contracts and letters in written English, remote "
        "interpreting for bank and GP, emergency SMS (registered). Will travel by train alone from "
        "September.",
    ),
    contributions=(
        Contribution(
            "health",
            "Cochlear implant centre",
            "Audiologist",
            "Good use of the implant in quiet; little speech in noise. Next mapping is due in the autumn. "
            "Static and strong magnets must be avoided; MRI only after ringing us.",
        ),
    ),
    arrangements=("modified_papers", "extra_time_25", "other"),
    route="form_9",
    health=(
        Health(
            "Cochlear implant",
            "None",
            "Head injury: take off the processor, hospital, tell them of the implant. No MRI without the "
            "centre",
            plan=True,
        ),
    ),
    travel=("bus", "taxi"),
)

VISION = Portrait(
    types=("VI",),
    provision="E",
    courses=("A levels: music", "Performing"),
    diagnoses=(
        (
            "Registered severely sight impaired (retinal dystrophy)",
            "Consultant ophthalmologist, certificate held",
        ),
        (
            "Albinism with nystagmus, registered sight impaired",
            "Consultant ophthalmologist, certificate held",
        ),
    ),
    good_at=(
        "Music, arguing a case, remembering. I type sixty words a minute. I can tell who is coming by "
        "their footsteps.",
    ),
    find_hard=(
        "Anything that is only on a slide. Bags on the floor. Bright sun. Everything takes me longer and "
        "nobody counts that.",
        "Finding people in a crowd. New buildings. When someone grabs my arm to help.",
    ),
    strategies=(
        "Send every document as an accessible file two days ahead; pictures described in a sentence.",
        "Say what you write and who is speaking. 'Here' and 'there' mean nothing; 'left of the door' does.",
        "18 point bold for what must be printed, matt paper, no light behind you.",
        "Walk routes with a mobility officer before term; tell {him} of any furniture moved.",
        "Offer an elbow, don't take an arm.",
        "Allow half as long again for everything, and cut quantity rather than challenge.",
        "In practical work: fixed places for tools, bump dots on controls, a try with hands over hands if "
        "{he} agrees.",
    ),
    supports=(
        Support("Preparation of accessible materials", 8, "1:1", "Specialist technician", 6_900),
        Support("In-class support in practical subjects", 10, "1:1", "Specialist teaching assistant", 7_600),
        Support("Mobility and independence training", 1, "1:1", "Habilitation officer", 3_100),
    ),
    equipment=(
        Equipment("Laptop with screen reader and magnifier", "council", True),
        Equipment("Long cane", "health", True),
        Equipment("Desktop video magnifier", "council", True),
        Equipment("Large monitor on an arm", "school", False),
    ),
    services=(
        Service(
            "VI", "Weekly; trains college staff in the first week", "Teacher of vision impaired learners"
        ),
        Service("OTHER", "Mobility and habilitation, monthly", "Habilitation officer"),
    ),
    voices=(
        Voice(
            "I'm musical and I argue well. People say I am more organised than people who can see.",
            "My keyboard, my playlists, {interest}. Going places without someone holding on to me.",
            "Say your name when you come up to me. Send me the file, not a photo of the file. Don't move "
            "the furniture. Don't pet my cane, it isn't a dog. I would rather be asked than helped.",
            "{course}, then university. I want to travel to London on my own and hear an orchestra.",
        ),
    ),
    outcomes=(
        Outcome(
            "employment",
            "{name} has a portfolio of three pieces of paid or voluntary work that {he} found with help",
            "Careers interview with the specialist charity in October; Access to Work application drafted; "
            "two tasters",
            "Careers adviser, teacher of vision impaired learners",
            (1, 6),
        ),
        Outcome(
            "independent_living",
            "{name} travels the three routes {he} needs for college with the cane, without a sighted guide",
            "Twelve sessions from June; bus stops marked in the app; review in the third week of term",
            "Habilitation officer",
            (0, 10),
        ),
        Outcome(
            "community",
            "{name} plays in an ensemble outside college every week",
            "Music hub contacted in June; scores as audio and braille music; lift share",
            "Family and music service",
            (0, 12),
        ),
        Outcome(
            "health",
            "{name} manages eye appointments and light sensitivity by {him}self",
            "Appointments in {his} own calendar; tinted lenses renewed; adult clinic at 17",
            "{name} and the eye clinic liaison officer",
            (1, 2),
        ),
    ),
    work=(
        "University is likely; paid work in the holidays matters as much. Needs accessible software at any "
        "employer, which Access to Work funds once there is a job offer. A mentor who is blind and working "
        "would help most.",
    ),
    home=(
        "Cooks with liquid level indicator and talking scales; irons at the second attempt. Next: "
        "living-alone skills with the habilitation officer, labels by app, online shopping with a screen "
        "reader.",
    ),
    contributions=(
        Contribution(
            "health",
            "Hospital eye department",
            "Eye clinic liaison officer",
            "Vision has been stable for two years and is not expected to improve. The certificate of "
            "vision impairment was renewed; please copy reports to the college only through {name}.",
        ),
        Contribution(
            "social_care",
            "Sensory team",
            "Rehabilitation officer",
            "Mobility lessons continue into college. A reassessment for the move into adult services is "
            "booked for the year in which {name} turns 18.",
        ),
    ),
    arrangements=("extra_time_over_25", "modified_papers", "reader", "word_processor", "separate_room"),
    route="form_9",
    daily=Daily(
        "aid",
        "none",
        True,
        ("Walks with a long cane. Needs a guide on unfamiliar stairs and an evacuation plan of {his} own."),
    ),
    travel=("taxi", "council_transport", "bus"),
)

PORTRAITS = (HEARING_AIDS, SIGNING, VISION)
