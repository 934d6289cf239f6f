"""A version as JSON Schema, for other programs: shapes, code sets, conditions, owners, audiences and cards."""

from __future__ import annotations

from typing import Any

from transition_exchange.proforma.conditions import Condition
from transition_exchange.proforma.findings import REASONS
from transition_exchange.proforma.model import Question, Season, Section, Version

_PATTERNS = {
    "upn": "^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$",
    "uln": "^[1-9][0-9]{9}$",
    "ukprn": "^[1-9][0-9]{7}$",
    "urn": "^[0-9]{6}$",
    "la_code": "^[0-9]{3}$",
    "money": "^[0-9]+\\.[0-9]{2}$",
}


def json_schema(version: Version) -> dict[str, Any]:
    """The version as JSON Schema 2020-12. What JSON Schema has no word for stands in keys beginning `x-`.

    The schema says what a right value looks like. Check digits and rules across fields are `check`'s.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:transition-exchange:proforma:{version.name.replace('/', ':')}",
        "title": version.title,
        "type": "object",
        "additionalProperties": False,
        "properties": {section.name: _section(section) for section in version.sections},
        "x-version": version.name,
        "x-year": version.year,
        "x-pages": [
            {"name": page.name, "title": page.title, "owner": page.owner, "sections": list(page.sections)}
            for page in version.pages
        ],
        "x-attachment-kinds": [
            {
                "code": kind.code,
                "label": kind.label,
                "section": kind.section,
                "dated": kind.dated,
                **_condition("expected", kind.expected),
                **({"saidToBeAttached": kind.said_to_be_attached} if kind.said_to_be_attached else {}),
            }
            for kind in version.attachment_kinds
        ],
        "x-rules": [rule.__name__ for rule in (*version.error_rules, *version.warning_rules)],
        **({"x-upgrades-from": version.upgrades_from} if version.upgrades_from else {}),
    }


def _section(section: Section) -> dict[str, Any]:
    properties = {question.name: _question(question) for question in section.questions}
    names = [question.name for question in section.questions]
    attachable = [question.name for question in section.questions if question.may_be_attached]
    properties["_reasons"] = {
        "type": "object",
        "propertyNames": {"enum": names},
        "additionalProperties": {
            "type": "object",
            "properties": {
                "reason": {"enum": [code for code, _ in REASONS]},
                "expected": {"type": "string", "format": "date"},
            },
            "required": ["reason"],
            "additionalProperties": False,
        },
    }
    properties["_attached"] = {
        "type": "object",
        "propertyNames": {"enum": attachable},
        "additionalProperties": {
            "type": "object",
            "properties": {"page": {"type": "integer", "minimum": 1}, "attachment": {"type": "string"}},
            "required": ["page"],
            "additionalProperties": False,
        },
    }
    return {
        "title": section.title,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "x-owner": section.owner,
        "x-audience": sorted(section.audience),
        "x-lawful-basis": section.lawful_basis,
        "x-reader-order": section.reader_order,
        "x-withholdable": section.withholdable,
        "x-in-pack": section.in_pack,
        "x-per-transfer": section.per_transfer,
        **({"x-only-at": section.only_at} if section.only_at else {}),
    }


def _question(question: Question) -> dict[str, Any]:
    told = {
        "x-kind": question.kind,
        "x-source": question.source,
        "x-pack-label": question.pack_label,
        "x-offer-from": question.offer_from or "",
        "x-or-else": question.or_else or "",
        "x-season": _season(question.season) if question.season else "",
        "x-card": sorted(question.card),
        "x-objection-card": sorted(question.objection_card),
        "x-old-after-days": question.old_after_days,
        "x-choices": [{"code": code, "label": label} for code, label in question.choices],
        "description": question.hint,
    }
    flags = {
        "x-may-not-apply": question.may_not_apply,
        "x-may-be-attached": question.may_be_attached,
        "x-cohort": question.year_group,  # the published name stays as it was
        "x-from-ctf": question.from_ctf,
        "x-prefilled": question.prefilled,
        "x-system": question.system,
        "x-own-words": question.own_words,
    }
    return {
        "title": question.label,
        **_shape(question),
        **{name: value for name, value in {**told, **flags}.items() if value},
        **_condition("asked", question.asked),
        **_condition("required", question.required),
    }


def _shape(question: Question) -> dict[str, Any]:
    """Type, range and code set."""
    codes = [code for code, _ in question.choices]
    match question.kind:
        case "yes_no":
            return {"type": "boolean"}
        case "date":
            return {"type": "string", "format": "date"}
        case "choice":
            return {"type": "string", "enum": codes}
        case "choices":
            return {"type": "array", "items": {"enum": codes}, "uniqueItems": True}
        case "number":
            return {"type": "integer", "minimum": question.least, "maximum": question.most}
        case "hours":
            return {"type": "number", "minimum": 0}
        case "rows":
            columns = {column.name: _question(column) for column in question.rows}
            row = {"type": "object", "properties": columns, "additionalProperties": False}
            return {"type": "array", "items": row, "maxItems": question.most}
        case "text" | "long_text":
            return {"type": "string", "maxLength": question.max_length}
        case _:
            pattern = _PATTERNS.get(question.kind)
            return {"type": "string", **({"pattern": pattern} if pattern else {})}


def _condition(name: str, condition: Condition | None) -> dict[str, Any]:
    return {f"x-{name}": condition.json()} if condition else {}


def _season(season: Season) -> dict[str, str]:
    days = {"from": season.starts, "until": season.ends}
    return {name: f"{day[0]:02d}-{day[1]:02d}" for name, day in days.items() if day}
