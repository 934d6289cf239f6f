"""What somebody types to sign in, to recover, and to change how they sign in."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments, flag, secret


class SignIn(Arguments):
    """An e-mail address and its passphrase."""

    email = fields.String(load_default="")
    passphrase = secret()


class Recover(Arguments):
    """An e-mail address and a recovery code, where the passphrase is forgotten."""

    email = fields.String(load_default="")
    code = secret()


class SecondStep(Arguments):
    """A code of the second step, and whether this device needs none for two weeks."""

    code = secret()
    remember = flag()


class TypedCode(Arguments):
    """A code alone: of an app that is given up, or a recovery code that is typed back."""

    code = secret()


class ChoosePassphrase(Arguments):
    """A new passphrase, and the present one unless a recovery code was used to come in."""

    passphrase = secret()
    current_passphrase = fields.String(load_default=None)


class PutBack(Arguments):
    """Which late save a form puts back, beside its own fields; None for the usual form, which puts none back."""

    late_save = fields.UUID(load_default=None)
