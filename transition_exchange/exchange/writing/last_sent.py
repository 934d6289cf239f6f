"""What a draft knows of what its owner sent last: so that a change shows, and who is not to get one.

It rests sealed with the draft, and every save seals it again with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from transition_exchange.exchange.records.answers import Answers, OwnerAnswers, plaintext
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.since_sent import SinceSent
from transition_exchange.proforma import asked_answers, destinations

LONGEST_REASON = 500
"""How many characters a reason for holding a version back may have."""


@dataclass(frozen=True)
class HeldBack:
    """That a provider is not to get a changed version.

    Attributes:
        reason: why, as the sender wrote it.
        by: who decided it.
        at: when.
        version: what it is not to get (`offered`). Of a later change nobody has decided that.
        keeps: a digest of the answers and documents that it has (`essence`).
    """

    reason: str = field(repr=False)
    by: UUID
    at: datetime
    version: str = ""
    keeps: str = ""


@dataclass(frozen=True)
class LastSent:
    """What an owner sent last.

    Attributes:
        content: a digest of the released answers and documents (`essence`); empty while nothing was released.
        places: a digest of what each provider was told of the learner's place there (`place`), by provider.
        held_back: the providers that are not to get a changed version, and which, until the sender decides otherwise.
        left_out: the providers that were to get the record for the first time and that the sender left out, and when.
    """

    content: str = ""
    places: Mapping[UUID, str] = field(default_factory=dict)
    held_back: Mapping[UUID, HeldBack] = field(default_factory=dict)
    left_out: Mapping[UUID, datetime] = field(default_factory=dict)

    def after(self, *, content: str, places: Mapping[UUID, str]) -> LastSent:
        """What is known once a version went out.

        Args:
            content: a digest of the version (`essence`).
            places: what each provider was told that got it now (`place`).
        """
        return replace(self, content=content, places={**self.places, **places})

    def plain(self) -> dict[str, Any]:
        """It as JSON holds it; empty while nothing was sent and nothing is held back."""
        held_back = {
            str(provider): {
                "reason": held.reason,
                "by": str(held.by),
                "at": held.at.isoformat(),
                "version": held.version,
                "keeps": held.keeps,
            }
            for provider, held in self.held_back.items()
        }
        left_out = {str(provider): at.isoformat() for provider, at in self.left_out.items()}
        return {
            **({"content": self.content} if self.content else {}),
            **(
                {"places": {str(provider): told for provider, told in self.places.items()}}
                if self.places
                else {}
            ),
            **({"held_back": held_back} if held_back else {}),
            **({"left_out": left_out} if left_out else {}),
        }


NOTHING_SENT = LastSent()


def last_sent(content: Mapping[str, Any]) -> LastSent:
    """What a draft knows of what was sent last, as `LastSent.plain` wrote it.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it holds something else.
    """
    return LastSent(
        content=content.get("content", ""),
        places={UUID(provider): str(told) for provider, told in content.get("places", {}).items()},
        held_back={
            UUID(provider): HeldBack(
                str(held["reason"]),
                UUID(held["by"]),
                datetime.fromisoformat(held["at"]).astimezone(UTC),
                str(held.get("version", "")),
                str(held.get("keeps", "")),
            )
            for provider, held in content.get("held_back", {}).items()
        },
        left_out={
            UUID(provider): datetime.fromisoformat(at).astimezone(UTC)
            for provider, at in content.get("left_out", {}).items()
        },
    )


def released_answers(draft: OwnerAnswers) -> Answers:
    """What a release of a draft holds: the sections that go into packs, with the answers that the version asks for."""
    names = tuple(name for name in draft.answers if draft.version.section(name).in_pack)
    return {name: {} for name in names} | dict(asked_answers(draft.version, draft.answers, names))


def essence(answers: Answers, attachments: Sequence[AttachmentLabel]) -> str:
    """A digest of the answers and documents of a version. Two with the same are the same for a reader.

    Who completed the form, and when, does not count.
    """
    answered = {name: values for name, values in answers.items() if name != "assurance" and values}
    documents = sorted(str(label.document) for label in attachments)
    return sha256(plaintext({"answers": answered, "documents": documents})).hexdigest()


def place(told: Answers) -> str:
    """A digest of what a provider is told of the learner's place there, without what it is called itself.

    A new status of the application alone needs no new version, because the provider knows the status itself.

    Args:
        told: the sections that its transfer carries of its own (`destinations.own`).
    """
    course = {name: value for name, value in told.get("destination", {}).items() if name != "provider_name"}
    return sha256(plaintext(course)).hexdigest()


def offered(draft: OwnerAnswers, providers: Iterable[UUID]) -> dict[UUID, str]:
    """A digest of what each of some providers would get of a draft now: of the version, and of the place there.

    Args:
        draft: the draft.
        providers: the providers, whether or not the learner's destinations name them.
    """
    content, told = essence(released_answers(draft), draft.attachments), _places(draft)
    return {provider: f"{content}/{told.get(provider, '')}" for provider in providers}


def _places(draft: OwnerAnswers) -> dict[UUID, str]:
    """A digest of what each provider that the destinations name would be told of the place there (`place`)."""
    entries = destinations.by_provider(destinations.entered(draft.answers))
    return {
        provider: place(destinations.own(draft.version, entry, draft.answers))
        for provider, entry in entries.items()
    }


def since_sent(draft: OwnerAnswers, before: LastSent) -> SinceSent:
    """How a draft differs from what was sent last, and from what was held back.

    A provider that was held back is measured by what it has, because the others may have got more since.

    Args:
        draft: the draft.
        before: what was sent last.
    """
    told = _places(draft)
    moved = {
        provider for provider, at_last in before.places.items() if told.get(provider, at_last) != at_last
    }
    content = essence(released_answers(draft), draft.attachments)
    now = offered(draft, before.held_back)
    lacking = {
        provider: held.version == now[provider]
        for provider, held in before.held_back.items()
        if content != held.keeps or provider in moved
    }
    return SinceSent(
        changed=bool(before.content) and content != before.content,
        moved=frozenset(moved),
        held_back=frozenset(provider for provider, decided in lacking.items() if decided),
        changed_again=frozenset(provider for provider, decided in lacking.items() if not decided),
    )
