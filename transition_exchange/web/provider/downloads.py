"""Downloads of an opened record: its PDF, the data behind it, and the documents that came along.

Each is posted, because it is written down that a file left the exchange. A record that the team has not opened shows
its cover instead.
"""

from __future__ import annotations

from uuid import UUID

from flask import Response

from transition_exchange.exchange.receiving import downloading
from transition_exchange.exchange.receiving.arguments import WantedPart
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.web.forms import wanted
from transition_exchange.web.policy import may
from transition_exchange.web.provider.blueprint import RECEIVES, blueprint
from transition_exchange.web.provider.inbox import chosen_team
from transition_exchange.web.visits import current_actor, database


@blueprint.post("/<uuid:transfer_id>/record.pdf")
@may(RECEIVES)
def pdf(transfer_id: UUID) -> Response:
    """One owner's part of a record as a PDF."""
    body = downloading.download_pdf(
        db=database(),
        actor=current_actor(),
        transfer_id=transfer_id,
        owner=wanted(WantedPart)["part"],
        team_id=chosen_team().id,
    )
    return _file(body, "application/pdf", f"{_stem(transfer_id)}.pdf")


@blueprint.post("/<uuid:transfer_id>/record.json")
@may(RECEIVES)
def data(transfer_id: UUID) -> Response:
    """One owner's part of a record as data for the provider's own systems."""
    body = downloading.download_data(
        db=database(),
        actor=current_actor(),
        transfer_id=transfer_id,
        owner=wanted(WantedPart)["part"],
        team_id=chosen_team().id,
    )
    return _file(body, "application/json", f"{_stem(transfer_id)}.json")


@blueprint.post("/<uuid:transfer_id>/documents/<uuid:attachment_id>.pdf")
@may(RECEIVES)
def document(transfer_id: UUID, attachment_id: UUID) -> Response:
    """A document that came along with a record."""
    about, body = downloading.download_attachment(
        db=database(),
        actor=current_actor(),
        transfer_id=transfer_id,
        attachment_id=attachment_id,
        team_id=chosen_team().id,
    )
    return _file(body, "application/pdf", f"{about.kind.replace('_', '-')}-{str(attachment_id)[:8]}.pdf")


def _stem(transfer_id: UUID) -> str:
    """What a downloaded file is called: never a name, since downloads lie about in folders and synchronise."""
    return f"record-{reference_of(transfer_id)}"


def _file(body: bytes, mimetype: str, name: str) -> Response:
    return Response(
        body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
