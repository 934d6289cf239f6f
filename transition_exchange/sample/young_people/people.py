"""Invented people: names, families, addresses and ways to reach them.

Nobody here exists. Names are joined by chance from lists of the communities one meets in South Yorkshire; streets
and towns are made up; postcodes lie in districts that Royal Mail never opened (S52 to S58); phone numbers come from
Ofcom's ranges for drama, and e-mail addresses from domains reserved for examples.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

Sex = Literal["F", "M"]
SEXES: Final[tuple[Sex, ...]] = ("F", "M")


@dataclass(frozen=True)
class Community:
    """Names that go together, and the language spoken at home (codes of ``LANGUAGES``)."""

    weight: int
    language: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]
    mothers: tuple[str, ...]
    fathers: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


COMMUNITIES: Final[tuple[Community, ...]] = (
    Community(
        62,
        "ENG",
        _words(
            "Amelia Ava Bethany Caitlin Charlotte Chloe Daisy Eleanor Ella Ellie Erin Evie Faith Freya "
            "Georgia Grace Hannah Holly Imogen Isla Jasmine Jess Keira Lacey Lauren Leah Libby Lily Lucy "
            "Maisie Megan Mia Millie Molly Niamh Olivia Paige Phoebe Poppy Rosie Ruby Scarlett Skye Sophie "
            "Summer Tegan Tilly Willow Zara"
        ),
        _words(
            "Aaron Alfie Archie Ben Bradley Brandon Callum Charlie Connor Corey Daniel Declan Dylan Ethan "
            "Evan Finley Frankie George Harley Harrison Harvey Jack Jacob Jake Jayden Joe Joshua Kai Kian "
            "Kieran Lewis Liam Logan Louis Luke Mason Max Nathan Noah Oliver Oscar Owen Reece Riley Rory "
            "Ryan Sam Theo Toby Tyler Zac"
        ),
        _words(
            "Adlington Allott Appleyard Armitage Beaumont Bickerdike Birkhead Booth Bramhall Brearley "
            "Bullas Chadburn Cawthorne Copley Crossley Cutts Dearden Denby Dyson Earnshaw Ellis Firth "
            "Garside Goddard Greaves Hague Haigh Hallam Hardcastle Hinchliffe Holroyd Ibbotson Jagger "
            "Jessop Kaye Kilner Lockwood Lumb Marsden Micklethwaite Naylor Oates Oldroyd Parkin Platts "
            "Priestley Quarmby Rawson Rimmington Roebuck Sanderson Senior Shaw Sidebottom Stacey Swallow "
            "Tingle Thorpe Utley Vickers Wadsworth Wainwright Woodhead Wragg"
        ),
        _words(
            "Claire Donna Emma Gemma Joanne Kelly Kerry Lisa Louise Michelle Natalie Rachel Sarah Stacey "
            "Tracy"
        ),
        _words(
            "Andrew Carl Craig Darren Gary Ian Jason Lee Mark Martin Neil Paul Richard Shaun Simon Steven"
        ),
    ),
    Community(
        14,
        "URD",
        _words("Aisha Aleena Fatima Hafsa Iqra Khadija Laiba Maryam Noor Rimsha Sana Sumaya Zainab Zoya"),
        _words(
            "Adeel Ali Bilal Danyal Faizan Hamza Haris Ibrahim Idris Mustafa Raheem Sami Umar Usman Yusuf "
            "Zayn"
        ),
        _words(
            "Afzal Akram Ashraf Bashir Choudhry Ditta Hafeez Iqbal Jabeen Kayani Mahmood Nazir Rafiq Sadiq "
            "Yaqoob"
        ),
        _words("Nasreen Parveen Rukhsana Saima Shabana Shazia Tahira Yasmin"),
        _words("Arif Imran Javed Khalid Nadeem Sajid Tariq Zahid"),
    ),
    Community(
        6,
        "POL",
        _words("Alicja Hanna Julia Kinga Lena Maja Oliwia Wiktoria Zofia"),
        _words("Adrian Bartosz Filip Igor Jakub Kacper Mateusz Oskar Szymon"),
        _words("Bielak Cichy Drozd Gajda Kurek Lis Mroz Pawlak Sikora Sroka Wrona Zych"),
        _words("Agnieszka Anna Dorota Ewa Katarzyna Magdalena"),
        _words("Grzegorz Krzysztof Marcin Piotr Tomasz"),
    ),
    Community(
        5,
        "SLO",
        _words("Denisa Ema Kristina Laura Nikola Romana Vanesa Viktoria"),
        _words("Dominik Erik Kevin Marek Matej Patrik Roman Samuel Tomas"),
        _words("Balaz Cervenak Dunka Ferenc Gabor Horvat Kotlar Mirga Pohlod Tancos"),
        _words("Iveta Jana Marcela Renata Zdenka"),
        _words("Jozef Ladislav Milan Peter Stefan"),
    ),
    Community(
        4,
        "ARA",
        _words("Amal Hala Hanan Jood Layan Rahaf Salma Yara"),
        _words("Ahmed Anas Faris Jamal Khaled Nasser Omar Saleh"),
        _words("Al-Hadi Almasri Ghaleb Hassan Muthanna Qasim Saif Taleb"),
        _words("Fatma Hind Nadia Samira"),
        _words("Abdul Fuad Mansour Walid"),
    ),
    Community(
        4,
        "ENG",
        _words("Abigail Adaeze Amara Esther Imani Naomi Temi Tiana Zuri"),
        _words("Caleb Emmanuel Ezra Isaiah Jaden Kwame Malachi Tobi Tyrese"),
        _words("Adeyemi Asante Boateng Campbell Mensah Morrison Nkosi Okafor Osei Palmer"),
        _words("Comfort Grace Marcia Ngozi Patience"),
        _words("Clive Kofi Samuel Winston Yaw"),
    ),
    Community(
        3,
        "KUR",
        _words("Avin Dilan Helin Lava Rojin Shilan"),
        _words("Aram Diyar Hiwa Lawand Rebin Soran"),
        _words("Amin Barzan Hama Karim Rashid Zangana"),
        _words("Bahar Chiman Nasrin"),
        _words("Azad Karwan Shwan"),
    ),
    Community(
        3,
        "PNJ",
        _words("Anjali Diya Jasleen Kiran Priya Simran"),
        _words("Arjan Dev Gurpreet Harjit Jeevan Rohan"),
        _words("Bains Dhillon Gill Mistry Rai Sandhu Sidhu"),
        _words("Harpreet Meena Rajinder Sunita"),
        _words("Baldev Manjit Rajesh Sukhdev"),
    ),
    Community(
        2,
        "UKR",
        _words("Anastasiia Daryna Sofiia Yana"),
        _words("Artem Danylo Maksym Nazar"),
        _words("Bondar Hrytsenko Lysenko Melnyk Tkach"),
        _words("Iryna Oksana Olena"),
        _words("Andrii Oleh Serhii"),
    ),
    Community(
        2,
        "CHI",
        _words("Anna_Mei Cora Jia Vivian"),
        _words("Aidan Jun Ka_Ming Leo"),
        _words("Chow Kwok Lam Tsang Yip"),
        _words("Mei_Ling Suk_Yee Wai"),
        _words("Chi_Keung Ming Wing"),
    ),
)

#: Invented towns, each with a postcode district that does not exist.
TOWNS: Final[tuple[tuple[str, str], ...]] = (
    ("Aldersyke", "S52"),
    ("Swinthorpe", "S53"),
    ("Kilnbrook", "S54"),
    ("Hathersley", "S55"),
    ("Maltholme", "S57"),
    ("Wathbridge", "S58"),
)
_STREETS = _words(
    "Anvil Ashbeck Beckside Bellhouse Bobbin Bracken Brickyard Canal Chantry Colliers Coopers Crucible "
    "Drift Fern Furnace Gannister Glassworks Hawthorn Headstock Heron Ings Jubilee Kiln Larch Lockkeeper "
    "Maltings Millrace Nailers Old_Wharf Pithead Puddlers Quarry Rookery Saltway Spinney Stonecross Tannery "
    "Tramway Weaver Winding"
)
_ENDINGS = _words(
    "Avenue Close Court Crescent Croft Drive Gardens Lane Place Rise Road Street Terrace View Walk"
)
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Name:
    """An invented person's name, with what goes with it."""

    forename: str
    surname: str
    sex: Sex
    community: Community

    @property
    def full(self) -> str:
        """Forename and surname."""
        return f"{self.forename} {self.surname}"


@dataclass(frozen=True)
class Address:
    """A made-up address."""

    line_1: str
    town: str
    postcode: str


def name(rng: random.Random, *, sex: Sex | None = None, community: Community | None = None) -> Name:
    """A name by chance, of the community given or one by its weight."""
    community = community or rng.choices(COMMUNITIES, weights=[each.weight for each in COMMUNITIES])[0]
    which = rng.choice(SEXES) if sex is None else sex
    forename = rng.choice(community.girls if which == "F" else community.boys)
    return Name(forename, rng.choice(community.surnames), which, community)


def adult(rng: random.Random, *, sex: Sex | None = None, of: Name | None = None) -> Name:
    """A grown-up: a relative of ``of`` with the same surname, or anybody."""
    community = of.community if of else rng.choices(COMMUNITIES, weights=[c.weight for c in COMMUNITIES])[0]
    which = rng.choice(SEXES) if sex is None else sex
    forename = rng.choice(community.mothers if which == "F" else community.fathers)
    return Name(forename, of.surname if of else rng.choice(community.surnames), which, community)


def address(rng: random.Random, *, town: str | None = None) -> Address:
    """A made-up address in the sample area, in ``town`` if given."""
    place, district = rng.choice([each for each in TOWNS if town in (None, each[0])])
    street = f"{rng.choice(_STREETS)} {rng.choice(_ENDINGS)}"
    postcode = f"{district} {rng.randint(1, 9)}{rng.choice(_INWARD)}{rng.choice(_INWARD)}"
    return Address(f"{rng.randint(1, 148)} {street}", place, postcode)


def mobile(rng: random.Random) -> str:
    """A mobile number that no phone has."""
    return f"07700 900{rng.randint(0, 999):03d}"


def landline(rng: random.Random) -> str:
    """A landline number that no phone has."""
    return f"01632 960{rng.randint(0, 999):03d}"


def email(who: str, *, domain: str = "example.org", number: int | None = None) -> str:
    """An address under a reserved domain, made of a name in plain letters."""
    plain = unicodedata.normalize("NFKD", who).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z]+', '.', plain).strip('.')}{number or ''}@{domain}"
