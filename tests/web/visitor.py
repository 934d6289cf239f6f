"""Somebody who visits pages in a test: signs in as anybody, sends forms with their token, reads what came.

visitor = Visitor(app)                 # nobody
visitor = Visitor(app, actor)          # signed in, without a passphrase
page = visitor.get("/privacy")         # each page is checked to be sound HTML
page = visitor.post("/account/sign-in", {"email": "a@school.example"})
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from lxml import html
from tinyhtml5.parser import HTMLParser
from werkzeug.test import TestResponse

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.organisations.workplaces import workplace
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.database import Database
from transition_exchange.web.visits import Visit

FORM_TOKEN = "0" * 40
FIELDS = {"input", "select", "textarea", "button", "a"}
"""Where the links of an error summary may lead. A fieldset takes no focus."""


def check_sound(text: str) -> None:
    """A page is sound HTML: no parse errors, a title, one h1, no id twice, labels and links that lead somewhere."""
    parser = HTMLParser()
    parser.parse(text)
    assert not parser.errors, f"parse errors: {parser.errors[:5]}"
    tree = html.document_fromstring(text)
    assert (tree.findtext(".//title") or "").strip(), "no title"
    assert tree.get("lang") == "en", "no language"
    assert len(tree.findall(".//h1")) == 1, "not exactly one h1"
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    twice = {identifier for identifier in ids if ids.count(identifier) > 1}
    assert not twice, f"ids used twice: {twice}"
    known = set(ids)
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for element in tree.xpath(f"//*[@{attribute}]"):
            missing = set(element.get(attribute).split()) - known
            assert not missing, f"{attribute} names {missing}, which is not on the page"
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        assert link.get("href")[1:] in known, f"a link leads to {link.get('href')}, which is not on the page"
    for link in tree.cssselect(".govuk-error-summary a"):
        target = link.get("href", "#")[1:]
        assert target in known, f"the error summary leads to {target}, which is not on the page"
        tag = tree.get_element_by_id(target).tag
        assert tag in FIELDS, f"the error summary leads to a {tag} ({target}), where nobody can type or press"
    for form in tree.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), "a form without its token"
    assert not tree.xpath("//*[@style]"), "an inline style, which the browser would refuse"
    assert not tree.xpath("//@*[starts-with(name(), 'on')]"), (
        "an inline handler, which the browser would refuse"
    )


def fields_of(source: str, number: int = -1) -> dict[str, list[str]]:
    """What a form would send as it stands, buttons left out; `number` counts those of the page's main part."""
    forms = html.document_fromstring(source).xpath("//main//form")
    if not forms:
        return {}
    form = forms[number]
    long = {element.get("name") for element in form.findall(".//textarea")}
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        # A browser leaves out the line break right after <textarea>; this parser doesn't.
        found.setdefault(name, []).append(value.removeprefix("\n") if name in long else value)
    return found


def admit(app: Flask, actor: Actor) -> str:
    """Let somebody whose keys are in memory in, without a passphrase.

    Returns:
        The value of the cookie that says so.
    """
    cookie = SessionToken.new().cookie
    earlier = app.extensions["resume"]

    def resume(db: Database, value: str, now: datetime) -> Visit:
        if value != cookie:
            found: Visit = earlier(db, value, now)
            return found
        return Visit(
            stage="full",
            principal_id=actor.principal_id,
            actor=actor,
            workplace=workplace(db=db, organisation_id=actor.organisation_id),
            ends_at=now + timedelta(minutes=30),
            ends_at_latest=now + timedelta(hours=12),
        )

    app.extensions["resume"] = resume
    return cookie


@dataclass
class Page:
    """What came back."""

    response: TestResponse

    def __post_init__(self) -> None:
        if self.response.mimetype == "text/html" and self.response.status_code not in range(300, 400):
            check_sound(self.source)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.response.headers.get("Location", "")

    @property
    def source(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.source)

    @property
    def text(self) -> str:
        """What one reads on the page, spaces run together."""
        texts = self.tree.xpath("//body//text()[not(ancestor::script)]")
        return " ".join(" ".join(texts).split())

    @property
    def h1(self) -> str:
        return " ".join(self.tree.find(".//h1").text_content().split())

    @property
    def forms(self) -> list[html.FormElement]:
        """The forms of the page's main part, as `fields` counts them."""
        found: list[html.FormElement] = self.tree.xpath("//main//form")
        return found

    @property
    def errors(self) -> list[str]:
        """The entries of the error summary."""
        found = self.tree.xpath("//*[contains(@class, 'govuk-error-summary__list')]/li")
        return [" ".join(element.text_content().split()) for element in found]

    def texts(self, css: str) -> list[str]:
        """The text of each element that a CSS selector finds."""
        return [" ".join(element.text_content().split()) for element in self.tree.cssselect(css)]

    def one(self, css: str) -> str:
        """The text of the one element that a CSS selector finds."""
        (found,) = self.texts(css)
        return found

    def fields(self, number: int = -1) -> dict[str, list[str]]:
        """What a form would send as it stands, buttons left out; `number` counts those of the page's main part."""
        return fields_of(self.source, number)

    def href(self, text: str) -> str:
        """Where the link of a text leads."""
        for link in self.tree.xpath("//a[@href]"):
            if text in " ".join(link.text_content().split()):
                return str(link.get("href"))
        raise AssertionError(f"no link says {text!r}")


class Visitor:
    """A browser without scripts."""

    def __init__(self, app: Flask, actor: Actor | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        self.base = "https://exchange.example" if app.config["SESSION_COOKIE_SECURE"] else "http://localhost"
        with self.client.session_transaction(base_url=self.base) as session:
            session["csrf_token"] = FORM_TOKEN
        if actor is not None:
            self.act_as(actor)

    @property
    def token(self) -> str:
        """The token of a form that is opened now."""
        with self.client.session_transaction(base_url=self.base) as session:
            secret = session.setdefault("csrf_token", uuid4().hex)
        signer = URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token")
        return signer.dumps(secret)

    def act_as(self, actor: Actor) -> None:
        """Be signed in as somebody whose keys are in memory, without a passphrase."""
        self.keep(self.app.config["SIGN_IN_COOKIE"], admit(self.app, actor))

    def keep(self, name: str, value: str) -> None:
        """Put a cookie into the browser."""
        domain = self.base.split("//")[1]
        self.client.set_cookie(name, value, domain=domain, secure=self.base.startswith("https"))

    def cookie(self, name: str) -> str | None:
        """A cookie of the browser."""
        found = self.client.get_cookie(name, domain=self.base.split("//")[1])
        return found.value if found else None

    def get(self, path: str, **options: Any) -> Page:
        """Open a page. A redirect is not followed."""
        return Page(self.client.get(path, base_url=self.base, **options))

    def post(self, path: str, form: Mapping[str, Any] | None = None, **options: Any) -> Page:
        """Send a form with its token. A redirect is not followed.

        After somebody has signed out, no form of before counts: this one is opened anew then.
        """
        data: dict[str, Any] = {"csrf_token": self.token, **(form or {})}
        options.setdefault("headers", {"Referer": f"{self.base}/"})
        return Page(self.client.post(path, base_url=self.base, data=data, **options))

    def search(self, path: str, form: Mapping[str, Any]) -> Page:
        """Search a list, and follow to what was found: by an address that does not say what was searched for."""
        asked = self.post(path, form)
        assert asked.status == 303
        assert not any(value in asked.location for name, value in form.items() if name == "q" and value)
        return self.get(asked.location)

    def follow(self, page: Page) -> Page:
        """Follow redirects to the page at their end."""
        for _ in range(10):
            if page.status not in range(300, 400):
                return page
            page = self.get(page.location)
        raise AssertionError("a redirect that never ends")
