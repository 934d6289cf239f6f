"""What every answer tells the browser not to do."""

from __future__ import annotations

import base64
import hashlib

from flask import Flask, Response, request

# The design system's template has one inline script, which tells style sheets that scripts run. Its digest stands
# in the policy, so that no other inline script runs; a test reads the script off a page and compares.
TEMPLATE_SCRIPT = (
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
)
TEMPLATE_SCRIPT_DIGEST = base64.b64encode(hashlib.sha256(TEMPLATE_SCRIPT.encode()).digest()).decode()

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src 'self' 'sha256-{TEMPLATE_SCRIPT_DIGEST}'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not "no-referrer": the form token's check compares the referrer over HTTPS.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FILES = frozenset({200, 206, 304})
"""The statuses of answers that are a static file, a part of one, or none because the browser has it."""
NO_STORE = "no-store, max-age=0"
ONE_YEAR = "public, max-age=31536000, immutable"
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def add_to(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer of the application.

    Args:
        app: the application.
        secure: pages come over HTTPS, so browsers may be told never to ask without it.
    """

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        if secure:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        # A static file with its digest in the address may be kept; one without is asked for anew; no page is kept. What
        # is answered where there is no such file is a page.
        if request.endpoint == "static" and response.status_code in FILES:
            response.headers["Cache-Control"] = ONE_YEAR if "v" in request.args else "no-cache"
        else:
            response.headers["Cache-Control"] = NO_STORE
        response.headers.pop("Server", None)
        return response
