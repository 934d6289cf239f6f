"""Names of people and organisations are stored composed (NFC), and are still of a length that fits."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from uuid import uuid4

import pytest

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.invitations import checked_name
from transition_exchange.exchange.joining.new_organisations import (
    NewCampus,
    NewOrganisation,
    NewTeam,
    organisation_rows,
    require_sound,
)
from transition_exchange.store.base import utc_now

TYPED = unicodedata.normalize("NFD", " École Zoë ")
KEPT = "École Zoë"
TEAM = NewTeam(TYPED, frozenset({"transition"}), joined_first=True)


def test_a_persons_name_is_composed() -> None:
    assert checked_name(TYPED) == KEPT


def test_an_organisations_names_are_composed() -> None:
    new = NewOrganisation(
        name=TYPED,
        kind="school",
        sends=True,
        contact_name=TYPED,
        teams=(TEAM,),
        campuses=(NewCampus(TYPED),),
    )
    rows = organisation_rows(new, uuid4(), utc_now())
    names = [
        rows.organisation.name,
        rows.organisation.contact_name,
        rows.teams[0].name,
        rows.campuses[0].name,
    ]
    assert names == [KEPT] * 4


def test_what_is_too_long_once_composed_is_refused() -> None:
    longer = "\u0958" * 101  # one character that is two when composed
    assert len(longer) < 200 < len(unicodedata.normalize("NFC", longer))
    with pytest.raises(Refused):
        checked_name(longer)
    sound = NewOrganisation(name="A school", kind="school", sends=True, teams=(TEAM,))
    require_sound(sound)
    for name in (longer, " ", ""):
        with pytest.raises(Refused):
            require_sound(replace(sound, name=name))
