"""What the pages send on which somebody invites an organisation or a person, or joins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema
from marshmallow.validate import OneOf

from transition_exchange.exchange.arguments import (
    LONGEST_EMAIL,
    LONGEST_NAME,
    Arguments,
    Ids,
    flag,
    secret,
)
from transition_exchange.exchange.joining.new_organisations import (
    INVITED_KINDS,
    NewOrganisation,
    default_teams,
)
from transition_exchange.proforma.values import Identifier, Text

NO_NAME = "Enter the organisation’s name"
NO_KIND = "Choose what kind of organisation it is"
NEITHER = "Choose whether it sends records, receives them, or both"


class InviteOrganisation(Arguments):
    """A new organisation and its first administrator. It gets the teams that its kind usually has."""

    organisation = Text(limit=LONGEST_NAME, required=True, error_messages={"required": NO_NAME})
    kind = fields.String(
        required=True,
        validate=OneOf(INVITED_KINDS, error=NO_KIND),
        error_messages={"required": NO_KIND},
    )
    sends = flag()
    receives = flag()
    urn = Identifier(kind="urn", load_default=None)
    ukprn = Identifier(kind="ukprn", load_default=None)
    laestab = Identifier(kind="laestab", load_default=None)
    phone = Identifier(kind="phone", load_default=None)
    contact_name = Text(limit=LONGEST_NAME, load_default=None)
    name = Text(limit=LONGEST_NAME, load_default="")
    email = Text(limit=LONGEST_EMAIL, load_default="")

    @validates_schema(skip_on_field_errors=False)
    def does_something(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an organisation that neither sends nor receives records.

        Raises:
            ValidationError: neither box is ticked.
        """
        if not (data.get("sends") or data.get("receives")):
            raise ValidationError(NEITHER, "sends")

    @post_load
    def with_its_teams(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `invite_organisation`."""
        name, email = data.pop("name"), data.pop("email")
        teams = default_teams(kind=data["kind"], sends=data["sends"], receives=data["receives"])
        organisation = NewOrganisation(name=data.pop("organisation"), teams=teams, **data)
        return {"organisation": organisation, "name": name, "email": email}


class InviteAdministrator(Arguments):
    """Who becomes an administrator of an organisation."""

    name = Text(limit=LONGEST_NAME, load_default="")
    email = Text(limit=LONGEST_EMAIL, load_default="")


class InvitePerson(Arguments):
    """A person who is invited, the teams that they join, and what the page showed of all teams."""

    name = Text(limit=LONGEST_NAME, load_default="")
    email = Text(limit=LONGEST_EMAIL, load_default="")
    team_ids = Ids(data_key="teams")
    administrator = flag()
    seen = fields.String(load_default="")


class CompleteInvitation(Arguments):
    """What the page showed of an invitation, so that it is completed only as it was shown.

    Where only another team says who made it, the person ticks that they have asked the maker.
    """

    seen = fields.String(load_default="")
    asked = flag()


class ChangeAddress(Arguments):
    """Another address for an invitation, and what the page showed of it."""

    email = Text(limit=LONGEST_EMAIL, load_default="")
    seen = fields.String(load_default="")


class Join(Arguments):
    """What a newcomer types on the page of their invitation."""

    spoken_code = secret()
    name = Text(limit=LONGEST_NAME, load_default="")
    passphrase = secret()


class JoinMore(Arguments):
    """What somebody with an account types to join further teams."""

    spoken_code = secret()
