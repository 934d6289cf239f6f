"""Writing a mail from a text in `templates/email`."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from transition_exchange.config import SERVICE_NAME, Config
from transition_exchange.mail.unsendable import Unsendable
from transition_exchange.places import folders


def write(template: str, context: Mapping[str, object], *, to: str, config: Config) -> EmailMessage:
    """Write a mail: the first line of the text is its subject.

    Args:
        template: the name of the text, without `.txt`.
        context: what the text may show, besides the service's name and who to ask for help.
        to: the address.
        config: the settings; they hold the sender and the contact for help.

    Raises:
        Unsendable: the text is missing, it uses a name that the context lacks, or the address is not valid.
    """
    try:
        text = (
            _texts()
            .get_template(f"{template}.txt")
            .render(context, service=SERVICE_NAME, contact=config.contact)
        )
        subject, _, body = text.partition("\n")
        message = EmailMessage()
        message["Subject"] = subject.removeprefix("Subject:").strip()
        message["From"] = config.mail_from
        message["To"] = to
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=config.host)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body.strip() + "\n")
    except TemplateError as error:
        raise Unsendable(f"{type(error).__name__} in the text {template}") from None
    except Exception as error:
        # The header refuses an address that is not valid, and its exception would repeat the address.
        raise Unsendable(type(error).__name__, for_good=True) from None
    return message


@cache
def _texts() -> Environment:
    places = [folder / "email" for folder in folders("templates")]
    return Environment(  # noqa: S701 - plain text has no markup to escape
        loader=FileSystemLoader(places), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
