"""What the pages send on which somebody signs in, recovers their account, or changes how they sign in."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments, flag, secret


class SignIn(Arguments):
    """An e-mail address and its passphrase."""

    email = fields.String(load_default="")
    passphrase = secret()


class Recover(Arguments):
    """An e-mail address and a recovery code, for somebody who has forgotten their passphrase."""

    email = fields.String(load_default="")
    code = secret()


class SecondStep(Arguments):
    """A code of the second step, and whether this device is remembered for two weeks."""

    code = secret()
    remember = flag()


class TypedCode(Arguments):
    """A code alone: that of a new authenticator app, or a recovery code that is typed back."""

    code = secret()


class ChoosePassphrase(Arguments):
    """A new passphrase, and the present one unless somebody signed in with a recovery code."""

    passphrase = secret()
    current_passphrase = fields.String(load_default=None)


class GiveAgain(Arguments):
    """The passphrase or a code that somebody gives again; None for a form without it."""

    proof = fields.String(load_default=None)


class EndSession(Arguments):
    """The session to end, by its id."""

    session = fields.String(load_default="")


class PutBack(Arguments):
    """The late saves that a form puts back besides its own fields; none for any other form."""

    late_save = fields.List(fields.UUID(), load_default=list)
