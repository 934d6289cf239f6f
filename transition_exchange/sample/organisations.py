"""The organisations of the sample area, as `organisations.toml` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from transition_exchange.sample.typed_toml import read_beside


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
    """An organisation of the sample area.

    Attributes:
        key: its name within the sample.
        team_sets: its teams, by the names of the sets they stand in.
        learners: how many learners it sends, those who have left included.
        left_last_year: how many of them left last summer.
        pace: how far a school has got with this year's records.
        popularity: how often learners choose this provider, compared with the others.
    """

    key: str
    name: str
    kind: str
    town: str
    phone: str
    contact_name: str
    team_sets: tuple[str, ...]
    sends: bool = False
    receives: bool = False
    coordinates: bool = False
    urn: str | None = None
    ukprn: str | None = None
    laestab: str | None = None
    la_code: str | None = None
    learners: int = 0
    left_last_year: int = 0
    pace: Literal["eager", "steady", "late", "not_yet"] = "steady"
    popularity: int = 0
    campuses: tuple[SampleCampus, ...] = ()
    courses: tuple[SampleCourse, ...] = ()

    @property
    def domain(self) -> str:
        """A reserved e-mail domain of its own."""
        return f"{self.key.replace('_', '-')}.example"

    @property
    def teams(self) -> tuple[SampleTeam, ...]:
        """Its teams."""
        return tuple(team for name in self.team_sets for team in _FILE.team_sets[name])


@dataclass(frozen=True)
class _File:
    """The file `organisations.toml`."""

    area_name: str
    la_code: str
    team_sets: dict[str, tuple[SampleTeam, ...]]
    council: SampleOrganisation
    schools: tuple[SampleOrganisation, ...]
    providers: tuple[SampleOrganisation, ...]


_FILE: Final = read_beside(_File, __file__)

AREA_NAME: Final = _FILE.area_name
LA_CODE: Final = _FILE.la_code
COUNCIL: Final = _FILE.council
SCHOOLS: Final = _FILE.schools
PROVIDERS: Final = _FILE.providers
ORGANISATIONS: Final = (COUNCIL, *SCHOOLS, *PROVIDERS)
#: Where learners can go on to: the providers, and schools with a sixth form.
RECEIVING: Final = tuple(place for place in (*PROVIDERS, *SCHOOLS) if place.receives)
BY_KEY: Final = {organisation.key: organisation for organisation in ORGANISATIONS}
