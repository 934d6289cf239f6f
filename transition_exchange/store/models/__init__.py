"""All tables, split by matter."""

from __future__ import annotations

from transition_exchange.store.models.changes import CHANGE_OUTCOMES, TeamChange
from transition_exchange.store.models.events import ChainHead, Event, SignedHead
from transition_exchange.store.models.mail import OutboxMail
from transition_exchange.store.models.organisations import (
    ORGANISATION_KINDS,
    SCHOOLS,
    Area,
    Campus,
    KeyPin,
    Organisation,
    Team,
    TeamContact,
    TeamKey,
    TermStart,
)
from transition_exchange.store.models.people import (
    AddressSlowdown,
    Handover,
    Invitation,
    LateSave,
    Membership,
    Principal,
    RememberedDevice,
    SignInSession,
    Unlock,
)
from transition_exchange.store.models.records import (
    Attachment,
    Card,
    Ciphertext,
    Grant,
    Part,
    Record,
    Revision,
)
from transition_exchange.store.models.transfers import (
    TRANSFER_STATES,
    Query,
    QueryKeyring,
    QueryMessage,
    Receipt,
    Transfer,
)

__all__ = [
    "CHANGE_OUTCOMES",
    "ORGANISATION_KINDS",
    "SCHOOLS",
    "TRANSFER_STATES",
    "AddressSlowdown",
    "Area",
    "Attachment",
    "Campus",
    "Card",
    "ChainHead",
    "Ciphertext",
    "Event",
    "Grant",
    "Handover",
    "Invitation",
    "KeyPin",
    "LateSave",
    "Membership",
    "Organisation",
    "OutboxMail",
    "Part",
    "Principal",
    "Query",
    "QueryKeyring",
    "QueryMessage",
    "Receipt",
    "Record",
    "RememberedDevice",
    "Revision",
    "SignInSession",
    "SignedHead",
    "Team",
    "TeamChange",
    "TeamContact",
    "TeamKey",
    "TermStart",
    "Transfer",
    "Unlock",
]
