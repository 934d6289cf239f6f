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

from transition_exchange.sample.typed_toml import read_beside

Sex = Literal["F", "M"]
SEXES: Final[tuple[Sex, ...]] = ("F", "M")


@dataclass(frozen=True)
class Community:
    """Names that go together, how common they are, and the language spoken at home (codes of `LANGUAGES`)."""

    weight: int
    language: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]
    mothers: tuple[str, ...]
    fathers: tuple[str, ...]


@dataclass(frozen=True)
class Town:
    """An invented town, with a postcode district that does not exist."""

    name: str
    district: str


@dataclass(frozen=True)
class _File:
    """The file `people.toml`."""

    interests: tuple[str, ...]
    streets: tuple[str, ...]
    street_endings: tuple[str, ...]
    towns: tuple[Town, ...]
    communities: tuple[Community, ...]


_FILE: Final = read_beside(_File, __file__)
_INWARD: Final = "ABDEFGHJLNPQRSTUWXYZ"

#: What young people like to do.
INTERESTS: Final = _FILE.interests


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


def _community(rng: random.Random) -> Community:
    weights = [community.weight for community in _FILE.communities]
    return rng.choices(_FILE.communities, weights=weights)[0]


def name(rng: random.Random) -> Name:
    """A young person's name by chance, from a community by its weight."""
    community = _community(rng)
    sex = rng.choice(SEXES)
    forename = rng.choice(community.girls if sex == "F" else community.boys)
    return Name(forename, rng.choice(community.surnames), sex, community)


def adult(rng: random.Random, *, sex: Sex | None = None, relative_of: Name | None = None) -> Name:
    """A grown-up: a relative of somebody, with the same surname, or anybody."""
    community = relative_of.community if relative_of else _community(rng)
    which = rng.choice(SEXES) if sex is None else sex
    forename = rng.choice(community.mothers if which == "F" else community.fathers)
    return Name(
        forename, relative_of.surname if relative_of else rng.choice(community.surnames), which, community
    )


def address(rng: random.Random, *, town: str | None = None) -> Address:
    """A made-up address in the sample area, in `town` if given."""
    place = rng.choice([place for place in _FILE.towns if town in (None, place.name)])
    street = f"{rng.choice(_FILE.streets)} {rng.choice(_FILE.street_endings)}"
    postcode = f"{place.district} {rng.randint(1, 9)}{rng.choice(_INWARD)}{rng.choice(_INWARD)}"
    return Address(f"{rng.randint(1, 148)} {street}", place.name, postcode)


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
