"""The files that come in and go out besides the form itself."""

from __future__ import annotations
