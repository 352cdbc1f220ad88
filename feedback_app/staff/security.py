"""Signing in: Flask-Security on our session, argon2, an authenticator app as second factor.

What it keeps apart from the library's defaults: no address and no time of a sign-in is
stored, no JSON interface, no token in a header, no remembering cookie, nothing by mail, and
on respondents' pages neither a cookie nor a user.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, Response, abort, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import lazy_gettext as _l
from flask_bootstrap import Bootstrap5
from flask_login import current_user, user_logged_in
from flask_security import (
    Security,
    SQLAlchemySessionUserDatastore,
    login_user,
    logout_user,
    verify_password,
)
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.local import LocalProxy

from config import Settings
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.db import Database
from feedback_app.foundation.i18n import LANGUAGES
from feedback_app.foundation.pages import is_respondent_page
from feedback_app.foundation.rules import Permission
from feedback_app.staff.actions import HASH_KIBIBYTES, HASH_LANES, HASH_ROUNDS
from feedback_app.staff.forms import (
    THROTTLE,
    TOO_MANY_REQUESTS,
    CodeForm,
    RecoveryForm,
    SignInForm,
    UnusedRescueForm,
)
from feedback_app.staff.models.accounts import StaffRole, StaffUser
from feedback_app.staff.rules import Role, normalise_password, permissions_of
from feedback_app.staff.second_factor import CLOCK_SECONDS, RECOVERY_CODES, UsedOnceTotp
from feedback_app.staff.throttle import Throttle

SESSION_HOURS = 12
#: Endpoints that are answered without asking who asks.
NAMELESS = frozenset({"static", "bootstrap.static", "health"})


#: Fills the demo company and gives the e-mail of the account to look around with.
FillDemo = Callable[[Database, Settings], str]


def install(app: Flask) -> Callable[[], frozenset[Permission] | None]:
    """Set up signing in; gives the function that tells the rights of who is asking."""
    _configure(app)
    Bootstrap5(app)
    app.session_interface = StaffSessions()
    app.extensions[THROTTLE] = Throttle()
    _protect_forms(app)
    security = Security(totp_cls=UsedOnceTotp)
    security.init_app(
        app,
        StaffDatastore(cast(Any, LocalProxy(unit_of_work.session)), StaffUser, StaffRole),
        login_form=SignInForm,
        two_factor_verify_code_form=CodeForm,
        mf_recovery_form=RecoveryForm,
        two_factor_rescue_form=UnusedRescueForm,
    )
    security.want_json(lambda _request: False)
    _load_users_on_staff_pages_only(app)
    user_logged_in.connect(_speak_their_language, app)
    return granted


def granted() -> frozenset[Permission] | None:
    """The rights of who is asking, None for a stranger."""
    if not current_user.is_authenticated:
        return None
    return permissions_of(frozenset(Role(role.name) for role in current_user.roles))


def sign_in(email: str) -> None:
    """Sign the account `email` in within this request, also one made a moment ago in it."""
    user = unit_of_work.session().scalar(select(StaffUser).where(StaffUser.email == email))
    if user is None or not user.active:
        raise LookupError("the account to sign in is missing or inactive")
    login_user(user, remember=False, authn_via=["password"])


def sign_out() -> None:
    """Sign whoever is signed in out."""
    logout_user()


def is_own_password(password: str) -> bool:
    """True when `password` is that of who is signed in; answers 429 to a guesser."""
    whose = current_user.fs_uniquifier
    throttle = current_app.extensions[THROTTLE]
    if throttle.must_wait(second_factor=whose):
        abort(TOO_MANY_REQUESTS)
    if verify_password(normalise_password(password), current_user.password):
        return True
    throttle.count_failure(second_factor=whose)
    return False


class StaffDatastore(SQLAlchemySessionUserDatastore):
    """Accounts on the request's session; the commit stays with the edge of the request."""

    def commit(self) -> None:
        """Only flush: the request commits once, after its view."""
        self.db.session.flush()

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> StaffUser | None:
        """The account with this attribute.

        Addresses are stored in one spelling, so `case_insensitive` needs nothing. Read
        through a session of its own: on SQLite the writing session holds every other
        writer up, and checking a password takes long.
        """
        del case_insensitive
        ((name, value),) = kwargs.items()
        column = getattr(StaffUser, name)
        query = select(StaffUser).where(column == value).options(joinedload(StaffUser.roles))
        with unit_of_work.database().reading() as reading:
            return reading.scalars(query).unique().one_or_none()


class StaffSessions(SecureCookieSessionInterface):
    """Sessions of staff: a respondent's page never sets the cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, but not on respondents' pages and files."""
        if not is_respondent_page():
            super().save_session(app, session, response)


#: What Flask-Security, Flask-WTF and Bootstrap-Flask are told, apart from secrets.
CONFIGURATION: dict[str, Any] = {
    "BOOTSTRAP_SERVE_LOCAL": True,
    "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
    # A form stays good as long as its session. Browsers are told to send no Referer, so it
    # can not be asked for.
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": False,
    "WTF_CSRF_CHECK_DEFAULT": False,
    "SECURITY_LOGIN_URL": "/staff/sign-in",
    "SECURITY_LOGOUT_URL": "/staff/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/staff/sign-in",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_FRESHNESS": timedelta(minutes=-1),  # our pages ask for the password instead
    # argon2 salts by itself. A pepper from SECRET_KEY would lock everybody out on the day
    # that key is renewed.
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": HASH_ROUNDS,
        "argon2__memory_cost": HASH_KIBIBYTES,
        "argon2__parallelism": HASH_LANES,
    },
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": CLOCK_SECONDS,
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/staff/sign-in/code",
    "SECURITY_TWO_FACTOR_SETUP_URL": "/staff/unused/setup",
    "SECURITY_TWO_FACTOR_RESCUE_URL": "/staff/unused/rescue",
    "SECURITY_TWO_FACTOR_SELECT_URL": "/staff/unused/select",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/staff/sign-in/recovery-code",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/staff/unused/recovery-codes",
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        _l("E-mail and password do not go together, or the account is closed."),
        "error",
    ),
    "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (
        _l("This code is wrong or was used before. Wait for the next one."),
        "error",
    ),
    "SECURITY_MSG_INVALID_RECOVERY_CODE": (
        _l("This is none of your unused recovery codes."),
        "error",
    ),
}


def _configure(app: Flask) -> None:
    secret = str(app.config["SECRET_KEY"])
    codes_key = base64.urlsafe_b64encode(_derive(secret, "recovery-codes"))
    app.config.update(
        CONFIGURATION,
        SECURITY_PASSWORD_SALT=_derive(secret, "password-salt").hex(),
        SECURITY_TOTP_SECRETS={"1": _derive(secret, "totp").hex()},
        SECURITY_TOTP_ISSUER=app.config["FEEDBACK_SETTINGS"].company or "Feedback",
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=[codes_key],
    )


def _derive(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose, of which none tells anything about another's."""
    return hmac.digest(secret.encode(), f"feedback_app staff {purpose}".encode(), "sha256")


def _protect_forms(app: Flask) -> None:
    """Refuse every staff form without its token.

    Respondents' forms carry a token of their own that needs no cookie.
    """
    guard = CSRFProtect(app)

    @app.before_request
    def _check() -> None:
        if request.endpoint is not None and not is_respondent_page():
            guard.protect()


def _load_users_on_staff_pages_only(app: Flask) -> None:
    load = app.login_manager._user_callback  # type: ignore[attr-defined]

    def load_on_staff_pages(user_id: str) -> StaffUser | None:
        if is_respondent_page() or request.endpoint is None or request.endpoint in NAMELESS:
            return None
        found: StaffUser | None = load(user_id)
        return found

    app.login_manager.user_loader(load_on_staff_pages)  # type: ignore[attr-defined]

    def load_from_header(_request: Request) -> None:
        return None

    app.login_manager.request_loader(load_from_header)  # type: ignore[attr-defined]
    app.login_manager.session_protection = None  # type: ignore[attr-defined]  # hashes addresses


def _speak_their_language(_app: Flask, user: StaffUser) -> None:
    if user.language in LANGUAGES:
        session["language"] = user.language
