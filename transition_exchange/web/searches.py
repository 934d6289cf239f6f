"""Searching in lists: posted, because it may be a name, and then shown by an address that can be gone back to.

What was searched for stays sealed in the browser's session. The address says only that there is a search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import g, redirect, request, url_for
from flask import session as browser_session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from transition_exchange.exchange.signing_in import searches
from transition_exchange.web.visits import session_cookie

FIELD = "q"
"""The field of a search. It may hold a name, so it is read from the body of a form and never from an address."""

FOUND = "found"
"""What an address says where a search narrows the list."""

LONGEST = 200
"""How many characters of what is searched for count."""

LONGEST_ADDRESS = 1_000
"""How long the address of a list gets. Its filters are short; a longer one did not come from its form."""

_SEARCHES, _LISTS = "searches", "lists"

P = ParamSpec("P")
R = TypeVar("R")


def searchable(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let a list be searched. What its form sends besides the search goes into the list's address."""
    return _searchable(view, None)


def searchable_by(*filters: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """As `searchable`, for a list whose form sends more than that: only these fields go into the list's address."""

    def decorate(view: Callable[P, R]) -> Callable[P, R | Response]:
        return _searchable(view, filters)

    return decorate


def _searchable(view: Callable[P, R], filters: Collection[str] | None) -> Callable[P, R | Response]:
    @wraps(view)
    def list_or_search(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if request.method == "POST":
            return _kept(filters)
        if FOUND in request.args:
            sealed = browser_session.get(_SEARCHES, {}).get(request.endpoint, "")
            g.searched_for = searches.unseal(cookie=session_cookie(), sealed=sealed)
        address = request.full_path.rstrip("?")
        if len(address) <= LONGEST_ADDRESS:
            lists = browser_session.get(_LISTS, {})
            browser_session[_LISTS] = {**lists, str(request.endpoint): address}
        return view(*args, **kwargs)

    return list_or_search


def _kept(filters: Collection[str] | None) -> Response:
    """Keep what was searched for, and lead to the list that it narrows.

    Args:
        filters: the fields besides the search that go into the address; None for all.
    """
    text = request.form.get(FIELD, "").strip()[:LONGEST]
    named = MultiDict(request.args)
    named.pop(FOUND, None)
    for name in request.form:
        if name not in (FIELD, "csrf_token") and (filters is None or name in filters):
            named.setlist(name, request.form.getlist(name))
    if text:
        sealed = searches.seal(cookie=session_cookie(), text=text)
        browser_session[_SEARCHES] = {**browser_session.get(_SEARCHES, {}), str(request.endpoint): sealed}
        named[FOUND] = "yes"
    values: dict[str, Any] = {
        name: [value for value in some if value] for name, some in named.to_dict(flat=False).items()
    }
    address = url_for(str(request.endpoint), **(request.view_args or {}))
    query = urlencode(values, doseq=True)
    if len(query) > LONGEST_ADDRESS:
        query = urlencode({FOUND: "yes"} if text else {})
    return redirect(f"{address}?{query}" if query else address, 303)


def searched_for() -> str:
    """What the list of this request is searched for; empty if it is not."""
    text: str = g.get("searched_for", "")
    return text


def list_address(endpoint: str, **values: Any) -> str:
    """The address of a list as the person last looked at it, for the way back.

    Args:
        endpoint: the list's view.
        values: what the list is to be about if they have not looked at it, or at one about something else.
    """
    address: str = browser_session.get(_LISTS, {}).get(endpoint, "")
    about = parse_qs(urlsplit(address).query)
    same = all(about.get(name, [str(value)]) == [str(value)] for name, value in values.items())
    return address if address and same else url_for(endpoint, **values)


def forget() -> None:
    """Forget what was searched for, and where: somebody signs out."""
    browser_session.pop(_SEARCHES, None)
    browser_session.pop(_LISTS, None)
