"""What every page carries: security headers, compression, and calm error pages."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Iterable

from flask import Flask, Request, Response, current_app, g, render_template, request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable

#: Blueprints whose readers are respondents: no cookie, no script, no third party. On the
#: respondents' own side every page is one, whatever its blueprint.
RESPONDENT_BLUEPRINTS = frozenset({"answers", "contacts", "invitations", "doors", "kiosk", "embed"})
#: Blueprints whose failures are logged without a trace: it could show what somebody wrote.
QUIET_BLUEPRINTS = RESPONDENT_BLUEPRINTS | {"brainstorms", "desk"}

RESPONDENT_CSP = (
    "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {framers}"
)
STAFF_CSP = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}
COMPRESSIBLE = frozenset({"text/html", "text/css", "text/csv", "image/svg+xml", "application/json"})
SMALLEST_WORTH_COMPRESSING = 600  # bytes
_ALL_RESPONDENTS = "feedback_all_respondents"


class NoSessions(SessionInterface):
    """No sessions: nothing is read from a cookie, and writing to one fails."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """The session that holds nothing."""
        return _NO_SESSION

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """There is nothing to save."""


_NO_SESSION = NullSession()


def install(app: Flask, *, is_served_over_https: bool, are_all_respondents: bool = False) -> None:
    """Headers, compression and error pages for the whole application.

    `are_all_respondents`: the application has no other readers.
    """
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.extensions[_ALL_RESPONDENTS] = are_all_respondents
    every_page = {**HEADERS, **(HTTPS_HEADERS if is_served_over_https else {})}

    @app.after_request
    def _finish(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name in headers.keys()}  # noqa: SIM118  iterating gives pairs
        if "content-security-policy" not in present:
            headers.add("Content-Security-Policy", _policy())
        for name, value in every_page.items():
            if name.lower() not in present:
                headers.add(name, value)
        if "cache-control" not in present and request.endpoint != "static":
            headers.add("Cache-Control", "no-store")
        return _compressed(response)

    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Unable, _refusal)
    app.register_error_handler(Exception, _unexpected)


def list_respondents_headers(*, is_served_over_https: bool) -> list[tuple[str, str]]:
    """What every answer to a respondent carries, for one without a body that Flask never sees."""
    return [
        # The nonce allows nothing: there is no style to carry it.
        (
            "Content-Security-Policy",
            RESPONDENT_CSP.format(nonce=secrets.token_urlsafe(12), framers="'none'"),
        ),
        *HEADERS.items(),
        *(HTTPS_HEADERS.items() if is_served_over_https else ()),
        ("Cache-Control", "no-store"),
        ("Content-Length", "0"),
    ]


def csp_nonce() -> str:
    """The nonce that inline style and script of this response must carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(12)
    return str(g.csp_nonce)


def allow_script(*further: str) -> None:
    """Let this respondent's page run the script that carries its nonce.

    `further`: directives that the script needs, such as "connect-src 'self'".
    """
    g.csp_script = "; ".join(("script-src 'nonce-{nonce}'", *further))


def allow_framing(origins: Iterable[str]) -> None:
    """Let pages of these origins, and no others, show this respondent's page in a frame."""
    g.csp_framers = " ".join(origins)


def _policy() -> str:
    if not is_respondent_page():
        return STAFF_CSP.format(nonce=csp_nonce())
    script = g.get("csp_script", "")
    policy = f"{RESPONDENT_CSP}; {script}" if script else RESPONDENT_CSP
    return policy.format(nonce=csp_nonce(), framers=g.get("csp_framers", "") or "'none'")


def is_respondent_page() -> bool:
    """True when the page that is being answered belongs to respondents."""
    if current_app.extensions[_ALL_RESPONDENTS]:
        return True
    return request.blueprint in RESPONDENT_BLUEPRINTS


def _compressed(response: Response) -> Response:
    if (
        response.mimetype not in COMPRESSIBLE
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST_WORTH_COMPRESSING:
        return response
    response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response


def _http_error(error: HTTPException) -> HTTPException | tuple[str, int]:
    if error.code is None or error.response is not None:
        return error  # a redirect
    if isinstance(error, SecurityError):
        return error  # a host that is not ours: no page of ours can make its links
    return _error_page(error.code, "")


def _refusal(error: Unable) -> tuple[str, int]:
    return _error_page(422, say(error))


def _unexpected(error: Exception) -> tuple[str, int]:
    # The route's pattern, never the address: an address can carry a token.
    pattern = request.url_rule.rule if request.url_rule else "unknown address"
    is_quiet = is_respondent_page() or request.blueprint in QUIET_BLUEPRINTS
    current_app.logger.error("%s failed: %s", pattern, type(error).__name__, exc_info=not is_quiet)
    return _error_page(InternalServerError.code, "")


def _error_page(code: int, detail: str) -> tuple[str, int]:
    layout = "layouts/respondent.html" if is_respondent_page() else "layouts/plain.html"
    return render_template("layouts/error.html", code=code, detail=detail, layout=layout), code
