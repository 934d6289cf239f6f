"""A page of the form on its own, without a record: what the macros make of each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, render_template_string, request

from transition_exchange.proforma import Finding, Page, forms, load, read_section
from transition_exchange.web import form_fields, problems
from transition_exchange.web.fieldsets import fieldsets
from transition_exchange.web.policy import may, public

VERSION = load("core/2027.1")
PAGE = """
{% extends "base.html" %}
{% from "components/question.html" import page_questions %}
{% from "components/form.html" import csrf, button %}
{% set title = place.title %}
{% set errors = summary %}
{% block content %}
<h1 class="govuk-heading-l">{{ title }}</h1>
<form method="post" novalidate>{{ csrf() }}{{ page_questions(fieldsets) }}{{ button("Save") }}</form>
{% endblock %}
"""
EVERYBODY: dict[str, dict[str, Any]] = {
    "sen": {"provision": "E"},
    "sharing": {"agreed": "except"},
    "attendance": {"sessions_possible": 380, "sessions_attended": 200},
    "care": {"in_care": True},
}
"""Answers on other pages under which as much as possible is asked."""


def add_form_pages(app: Flask) -> None:
    """Serve each page of the form under `/form/NAME`; what is sent is checked and shown again, never kept."""

    @may(public)
    def form(name: str) -> str:
        page = VERSION.page(name)
        sent = {key: request.form.getlist(key) for key in request.form}
        return form_page(name, sent) if sent else form_page(page.name)

    app.add_url_rule("/form/<name>", "form", form, methods=["GET", "POST"])


def form_page(name: str, sent: Mapping[str, Sequence[str]] | None = None) -> str:
    """The page's source, empty or with what was sent."""
    page = VERSION.page(name)
    answers: dict[str, Any] = dict(EVERYBODY)
    errors: list[Finding] = []
    extra = None
    if sent is not None:
        kept = form_fields.without_removed(sent)
        extra = form_fields.asked_to_add(kept)
        raw = forms.from_form(VERSION, page, kept)
        answers |= raw
        for section in page.sections:
            errors += read_section(VERSION, section, raw[section]).errors
    made = fieldsets(VERSION, page, answers, errors=errors, extra_row=extra)
    return rendered(page, made, form_fields.summary(made, errors))


def rendered(
    page: Page, made: Sequence[form_fields.Fieldset], summary: Sequence[problems.Summary] = ()
) -> str:
    """The page's source for fields that were made already."""
    return render_template_string(PAGE, place=page, fieldsets=made, summary=summary)
