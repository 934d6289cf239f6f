"""Ways to reach somebody: postcode, e-mail, phone; each from text to its one way of writing, or `Wrong`.

Which library judges what, and why that one:

- *Phone*: `phonenumbers`, the Python port of Google's libphonenumber, released every few weeks as numbering plans
  change. Numbers from Ofcom's ranges for drama are taken too, though no phone ever rings: training and sample data
  need numbers that reach nobody.
- *E-mail*: `email-validator`, without asking DNS. A school must be able to save while its network is down, and a
  look-up would tell a name server whose address is being typed.
- *Postcode*: `uk-postcode-utils` (by the people of mySociety, whose sites live on postcodes). It knows the letters
  allowed at each place by BS 7666 and so finds an O for a 0, and it carries no list of districts: the libraries that
  do go stale with every new housing estate, and refusing the address a family lives at is worse than letting a
  wrong digit through. The format itself has not changed for decades, so that quiet library is a finished one.
"""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from ukpostcodeutils.validation import is_valid_postcode

from transition_exchange.proforma.rules.wrong import Wrong

#: Postcodes outside the common form: the forces' BFPO numbers have their own pattern below, Girobank's is the one.
_ODD_POSTCODES = ("GIR0AA",)

#: Ofcom, "Telephone numbers for use in TV and radio drama programmes": the two ranges libphonenumber doesn't know.
_DRAMA = re.compile(r"(1632960|7700900)[0-9]{3}")


def postcode(text: str) -> str:
    """A UK postcode, forces' BFPO numbers among them.

    Returns:
        Capitals with one space before the last three characters: `S52 3QT`; or `BFPO 61`.

    Raises:
        Wrong: `postcode_shape`.
    """
    bare = re.sub(r"\s+", "", text).upper()
    if forces := re.fullmatch(r"BFPO(?:C/O)?([0-9]{1,4})", bare):
        return f"BFPO {forces[1]}"
    if not is_valid_postcode(bare, _ODD_POSTCODES):
        raise Wrong(
            "postcode_shape",
            "This is not a full UK postcode. It looks like S52 3QT: check letters and digits, O and 0 above all",
        )
    return f"{bare[:-3]} {bare[-3:]}"


def email(text: str) -> str:
    """An e-mail address. Nobody is asked whether it exists.

    Returns:
        The address as its library normalises it: the domain in small letters, the rest as typed.

    Raises:
        Wrong: `email_shape`.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        # The library's own message may quote the address, so it goes no further.
        raise Wrong(
            "email_shape",
            "This is not a whole e-mail address. It looks like name@example.com, without spaces",
        ) from None


def phone(text: str) -> str:
    """A phone number; without a country it is taken for one of the UK.

    Returns:
        A UK number as one dials it (`01632 960123`, with `x12` after it for an extension); another country's
        in international form.

    Raises:
        Wrong: `phone_shape`.
    """
    wrong = Wrong(
        "phone_shape",
        "This is not a whole phone number. Give it with its area code, like 01632 960123, "
        "or with + and the country's code if it is abroad",
    )
    try:
        number = phonenumbers.parse(text.strip(), "GB")
    except phonenumbers.NumberParseException:
        raise wrong from None
    british = number.country_code == 44
    drama = british and _DRAMA.fullmatch(str(number.national_number))
    if not drama and not phonenumbers.is_valid_number(number):
        raise wrong
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if british else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    extension = number.extension
    number.extension = None
    written = str(phonenumbers.format_number(number, style))
    return f"{written} x{extension}" if extension else written
