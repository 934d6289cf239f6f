"""The pages of the second confirmer hang from this blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("second", __name__, url_prefix="/confirm-teams")
