"""Every text can be written, and one that cannot says so without repeating an address."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest

from tests.mail.rows import ADDRESS, NOW, Serve, logged, waiting
from tests.mailbox import Mailbox
from transition_exchange import mail
from transition_exchange.config import Config
from transition_exchange.mail import Sent, send_due
from transition_exchange.mail.letters import write
from transition_exchange.mail.unsendable import Unsendable
from transition_exchange.places import folders
from transition_exchange.store.database import Database

CONFIG = Config(
    public_url="https://exchange.example.org", mail_from="exchange@example.org", contact="help@example.org"
)
CONTEXT = {"count": 2, "link": "https://exchange.example.org/"}


def test_the_first_line_is_the_subject_and_the_rest_the_mail() -> None:
    letter = write("packs_waiting", CONTEXT, to=ADDRESS, config=CONFIG)
    assert letter["Subject"] == "2 new records waiting"
    assert (letter["To"], letter["From"]) == (ADDRESS, "exchange@example.org")
    assert letter["Message-ID"].endswith("@exchange.example.org>")
    assert letter.get_content().startswith("2 records have been sent to your team.")
    assert "Help: help@example.org" in letter.get_content()


@pytest.mark.parametrize(
    ("template", "context"),
    [("no_such_text", CONTEXT), ("packs_waiting", {"link": CONTEXT["link"]}), ("invitation", CONTEXT)],
)
def test_a_text_that_is_missing_or_lacks_a_figure_can_be_mended_and_tried_again(
    template: str, context: dict[str, object]
) -> None:
    with pytest.raises(Unsendable, match=template) as why:
        write(template, context, to=ADDRESS, config=CONFIG)
    assert not why.value.for_good
    assert ADDRESS not in str(why.value)


def test_an_address_that_is_not_valid_is_refused_for_good_and_not_repeated() -> None:
    with pytest.raises(Unsendable) as why:
        write("packs_waiting", CONTEXT, to="senco@ashdown.example\nBcc: other@example.org", config=CONFIG)
    assert why.value.for_good
    assert "@" not in str(why.value)
    assert why.value.__cause__ is None


@pytest.mark.parametrize("address", ["not an address\nBcc: other@example.org", "a@b@c", "", "<>"])
def test_an_address_that_is_not_valid_stays_out_of_the_log(
    db: Database, mailbox: Mailbox, serve: Serve, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    waiting(db, to=address)
    with caplog.at_level(logging.INFO):
        result = send_due(db, serve(), now=NOW)
    assert result.sent + result.given_up + result.failed == 1
    assert not address or address not in logged(caplog)


def test_every_text_that_an_action_names_exists_and_every_text_can_be_written(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    texts = {path.stem for folder in folders("templates") for path in (folder / "email").glob("[a-z]*.txt")}
    named = {
        word
        for path in Path(mail.__file__).parents[1].glob("exchange/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword | ast.Assign)
        and (node.arg if isinstance(node, ast.keyword) else ast.unparse(node.targets[0])) == "template"
        for word in _words(node.value)
    }
    assert "packs_waiting" in named
    assert named <= texts
    for text in texts - {"invitation"}:
        for count in (1, 2):
            waiting(db, text, count=count)
    assert send_due(db, serve(), now=NOW) == Sent(sent=2 * len(texts) - 2)
    for message in mailbox.mails:
        assert message["Subject"]
        assert "{" not in message.as_string()
        assert "nothing about any young person" in message.get_content()


def _words(value: ast.expr) -> set[str]:
    if isinstance(value, ast.IfExp):
        return _words(value.body) | _words(value.orelse)
    return {value.value} if isinstance(value, ast.Constant) and isinstance(value.value, str) else set()
