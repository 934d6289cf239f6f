"""The organisations of the sample area: an invented council, its schools, and the places learners go on to.

All names are made up. Their numbers have the right shape and were never issued: URNs from 990001, UKPRNs from
99000001, and the council's DfE code 375, between those of South Yorkshire's real councils.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AREA_NAME: Final = "Aldersyke"
LA_CODE: Final = "375"


@dataclass(frozen=True)
class SampleCampus:
    """A place where a provider teaches."""

    name: str
    address: str
    postcode: str


@dataclass(frozen=True)
class SampleTeam:
    """A team to be: its name, and what it is for."""

    name: str
    purposes: tuple[str, ...]


@dataclass(frozen=True)
class SampleCourse:
    """Something to learn: who it suits (provisions N, K, E; S for learners of a special school), and on what campus."""

    name: str
    level: str
    suits: str
    campus: str = ""


@dataclass(frozen=True)
class SampleOrganisation:
    """An organisation of the sample area; ``key`` names it within the sample."""

    key: str
    name: str
    kind: str
    town: str
    phone: str
    contact_name: str
    teams: tuple[SampleTeam, ...]
    sends: bool = False
    receives: bool = False
    coordinates: bool = False
    urn: str | None = None
    ukprn: str | None = None
    laestab: str | None = None
    la_code: str | None = None
    learners: int = 0
    campuses: tuple[SampleCampus, ...] = ()
    courses: tuple[SampleCourse, ...] = ()

    @property
    def domain(self) -> str:
        """A reserved e-mail domain of its own."""
        return f"{self.key.replace('_', '-')}.example"


_SENDING = (
    SampleTeam("SEND and transition", ("transition",)),
    SampleTeam("Safeguarding", ("safeguarding",)),
)


def _school(
    number: int, key: str, name: str, town: str, contact: str, learners: int, kind: str = "school"
) -> SampleOrganisation:
    establishment = {"special_school": 7001, "pupil_referral_unit": 1101}.get(kind, 4000 + number)
    return SampleOrganisation(
        key=key,
        name=name,
        kind=kind,
        town=town,
        phone=f"01632 960{130 + number}",
        contact_name=contact,
        teams=_SENDING,
        sends=True,
        urn=str(990_000 + number),
        ukprn=str(99_000_000 + number),
        laestab=f"{LA_CODE}/{establishment}",
        learners=learners,
    )


#: The council's home education team sends learners like a school does.
COUNCIL: Final = SampleOrganisation(
    key="council",
    name="Aldersyke Council",
    kind="council",
    town="Aldersyke",
    phone="01632 960100",
    contact_name="Judith Ormerod",
    teams=(
        SampleTeam("NEET group", ("neet_group",)),
        SampleTeam("Home education", ("transition",)),
        SampleTeam("Safeguarding", ("safeguarding",)),
    ),
    coordinates=True,
    sends=True,
    la_code=LA_CODE,
    learners=12,
)

OAKMERE: Final = SampleOrganisation(
    key="oakmere",
    name="Oakmere School and Sixth Form",
    kind="school_with_sixth_form",
    town="Hathersley",
    phone="01632 960142",
    contact_name="Philippa Garside",
    teams=(
        *_SENDING,
        SampleTeam("Sixth form admissions and exams", ("admissions", "exams")),
        SampleTeam("Sixth form learning support", ("learning_support",)),
        SampleTeam("Sixth form safeguarding", ("safeguarding",)),
    ),
    sends=True,
    receives=True,
    urn="990012",
    ukprn="99000012",
    laestab=f"{LA_CODE}/4012",
    learners=30,
    courses=(
        SampleCourse("A levels: biology, chemistry and maths", "3", "NK"),
        SampleCourse("A levels: English, history and sociology", "3", "NK"),
        SampleCourse("A levels: art, photography and media", "3", "NKE"),
        SampleCourse("Applied science, level 3", "3", "NK"),
    ),
)

SCHOOLS: Final[tuple[SampleOrganisation, ...]] = (
    _school(1, "grove", "Aldersyke Grove Academy", "Aldersyke", "Shabana Rafiq", 26),
    _school(2, "swinthorpe", "Swinthorpe Academy", "Swinthorpe", "Neil Hallam", 24),
    _school(3, "kilnbrook", "Kilnbrook High School", "Kilnbrook", "Rachel Utley", 22),
    _school(4, "hathersley", "Hathersley School", "Hathersley", "Dorota Gajda", 22),
    _school(5, "maltholme", "Maltholme Comprehensive School", "Maltholme", "Ian Bickerdike", 22),
    _school(6, "st_osyth", "St Osyth's Catholic High School", "Aldersyke", "Marcia Boateng", 20),
    _school(7, "wathbridge", "Wathbridge Academy", "Wathbridge", "Gemma Roebuck", 20),
    _school(8, "thornley", "Thornley Moor Academy", "Kilnbrook", "Tariq Sadiq", 20),
    _school(9, "beckhouse", "Beckhouse School", "Swinthorpe", "Louise Cawthorne", 18),
    _school(10, "crucible", "Crucible Lane Academy", "Aldersyke", "Andrew Tingle", 18),
    _school(11, "northings", "Northings Academy", "Wathbridge", "Priya Mistry", 18),
    OAKMERE,
    _school(13, "larkrise", "Larkrise School", "Maltholme", "Kerry Wadsworth", 14, "special_school"),
    _school(
        14,
        "rookery",
        "Rookery Road Pupil Referral Unit",
        "Aldersyke",
        "Darren Firth",
        14,
        "pupil_referral_unit",
    ),
)

_COLLEGE_TEAMS = (
    SampleTeam("Admissions", ("admissions",)),
    SampleTeam("Learning support", ("learning_support",)),
    SampleTeam("Safeguarding", ("safeguarding",)),
    SampleTeam("Exams", ("exams",)),
)
_THREE_TEAMS = (
    SampleTeam("Admissions and exams", ("admissions", "exams")),
    SampleTeam("Learning support", ("learning_support",)),
    SampleTeam("Safeguarding", ("safeguarding",)),
)
_SMALL_TEAMS = (
    SampleTeam("Admissions and exams", ("admissions", "exams")),
    SampleTeam("Learner support and safeguarding", ("learning_support", "safeguarding")),
)

PROVIDERS: Final[tuple[SampleOrganisation, ...]] = (
    SampleOrganisation(
        key="three_rivers",
        name="Three Rivers College Group",
        kind="college_group",
        town="Aldersyke",
        phone="01632 960120",
        contact_name="Helena Quarmby",
        teams=_COLLEGE_TEAMS,
        receives=True,
        urn="990020",
        ukprn="99000020",
        laestab=f"{LA_CODE}/8001",
        campuses=(
            SampleCampus("Aldersyke campus", "College Walk, Aldersyke", "S52 1AA"),
            SampleCampus("Swinthorpe skills centre", "Furnace Road, Swinthorpe", "S53 2BD"),
            SampleCampus("Maltholme land-based campus", "Ings Lane, Maltholme", "S57 9LT"),
        ),
        courses=(
            SampleCourse("Health and social care, level 2", "2", "NK", "Aldersyke campus"),
            SampleCourse("Childcare and education, level 2", "2", "NK", "Aldersyke campus"),
            SampleCourse("Art and design, level 3", "3", "NKE", "Aldersyke campus"),
            SampleCourse("Digital, level 3", "3", "NKE", "Aldersyke campus"),
            SampleCourse("Media and journalism, level 3", "3", "NKE", "Aldersyke campus"),
            SampleCourse("Hair and beauty, level 2", "2", "NK", "Aldersyke campus"),
            SampleCourse("Catering and hospitality, level 1", "1", "KE", "Aldersyke campus"),
            SampleCourse("English for speakers of other languages", "entry", "N", "Aldersyke campus"),
            SampleCourse("Motor vehicle, level 1", "1", "NKE", "Swinthorpe skills centre"),
            SampleCourse("Electrical installation, level 2", "2", "NK", "Swinthorpe skills centre"),
            SampleCourse("Construction skills, level 1", "1", "NKE", "Swinthorpe skills centre"),
            SampleCourse("Engineering, level 3", "3", "N", "Swinthorpe skills centre"),
            SampleCourse("Animal care, level 2", "2", "NKE", "Maltholme land-based campus"),
            SampleCourse("Land-based skills, level 1", "1", "KE", "Maltholme land-based campus"),
            SampleCourse("Pathways to adulthood", "entry", "ES", "Aldersyke campus"),
            SampleCourse(
                "Supported internship preparation", "supported_internship", "ES", "Aldersyke campus"
            ),
        ),
    ),
    SampleOrganisation(
        key="hathersley_sfc",
        name="Hathersley Sixth Form College",
        kind="sixth_form_college",
        town="Hathersley",
        phone="01632 960121",
        contact_name="Clive Asante",
        teams=_THREE_TEAMS,
        receives=True,
        urn="990021",
        ukprn="99000021",
        laestab=f"{LA_CODE}/8600",
        courses=(
            SampleCourse("A levels: maths, further maths and physics", "3", "N"),
            SampleCourse("A levels: psychology, biology and English", "3", "NK"),
            SampleCourse("A levels: music, drama and English", "3", "NKE"),
            SampleCourse("Criminology and law, level 3", "3", "NK"),
            SampleCourse("Business, level 3", "3", "NK"),
        ),
    ),
    SampleOrganisation(
        key="northmoor",
        name="Northmoor College",
        kind="college_group",
        town="Wathbridge",
        phone="01632 960122",
        contact_name="Ewa Pawlak",
        teams=_THREE_TEAMS,
        receives=True,
        urn="990022",
        ukprn="99000022",
        laestab=f"{LA_CODE}/8002",
        courses=(
            SampleCourse("Public services, level 2", "2", "NK"),
            SampleCourse("Sport and fitness, level 2", "2", "NKE"),
            SampleCourse("Plumbing, level 2", "2", "NK"),
            SampleCourse("Travel and tourism, level 2", "2", "NK"),
            SampleCourse("Performing arts, level 2", "2", "NKE"),
            SampleCourse("Foundation learning", "entry", "KES"),
        ),
    ),
    SampleOrganisation(
        key="brightwater",
        name="Brightwater College",
        kind="training_provider",
        town="Maltholme",
        phone="01632 960123",
        contact_name="Simon Lockwood",
        teams=_SMALL_TEAMS,
        receives=True,
        urn="990023",
        ukprn="99000023",
        courses=(
            SampleCourse("Life skills and community", "entry", "S"),
            SampleCourse("Sensory and creative programme", "entry", "S"),
        ),
    ),
    SampleOrganisation(
        key="forge",
        name="Forge Training",
        kind="training_provider",
        town="Swinthorpe",
        phone="01632 960124",
        contact_name="Stacey Wragg",
        teams=_SMALL_TEAMS,
        receives=True,
        ukprn="99000024",
        courses=(
            SampleCourse("Construction multi-skills, level 1", "1", "KE"),
            SampleCourse("Motor vehicle taster, entry level 3", "entry", "KE"),
            SampleCourse("Retail and customer service, level 1", "1", "NKE"),
        ),
    ),
    SampleOrganisation(
        key="kestrel",
        name="Kestrel Apprenticeships",
        kind="training_provider",
        town="Aldersyke",
        phone="01632 960125",
        contact_name="Manjit Gill",
        teams=_SMALL_TEAMS,
        receives=True,
        ukprn="99000025",
        courses=(
            SampleCourse("Apprenticeship in business administration, level 2", "2", "NK"),
            SampleCourse("Apprenticeship in bricklaying, level 2", "2", "NK"),
            SampleCourse("Apprenticeship in early years, level 2", "2", "N"),
        ),
    ),
    SampleOrganisation(
        key="level_ground",
        name="Level Ground Community Sports",
        kind="community",
        town="Kilnbrook",
        phone="01632 960126",
        contact_name="Malachi Campbell",
        teams=(SampleTeam("Level Ground", ("admissions", "learning_support", "safeguarding", "exams")),),
        receives=True,
        courses=(SampleCourse("Sports leadership, twelve weeks", "other", "NKE"),),
    ),
)

ORGANISATIONS: Final[tuple[SampleOrganisation, ...]] = (COUNCIL, *SCHOOLS, *PROVIDERS)
BY_KEY: Final[dict[str, SampleOrganisation]] = {each.key: each for each in ORGANISATIONS}
