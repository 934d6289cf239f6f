"""Signing in, joining, people and teams."""

from __future__ import annotations

from flask import Blueprint, render_template

from transition_exchange.web.policy import half, may, public, signed_in

blueprint = Blueprint("accounts", __name__, url_prefix="/account")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@may(public)
def sign_in() -> str:
    return render_template("pages/start.html")


@blueprint.route("/code", methods=["GET", "POST"])
@may(half)
def code() -> str:
    return render_template("pages/start.html")


@blueprint.post("/stay")
@may(signed_in)
def stay() -> dict[str, str]:
    return {"ends": ""}
