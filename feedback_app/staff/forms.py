"""Forms of staff accounts."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, request
from flask_babel import lazy_gettext as _l
from flask_security import LoginForm
from flask_security.forms import TwoFactorRescueForm, TwoFactorVerifyCodeForm
from flask_security.recovery_codes import MfRecoveryForm
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from feedback_app.foundation.i18n import LANGUAGES
from feedback_app.staff.rules import (
    LONGEST_PASSWORD,
    EmailFault,
    PasswordFault,
    Role,
    find_email_fault,
    find_password_fault,
    is_own_path,
    normalise_email,
)
from feedback_app.staff.throttle import Throttle

TOO_MANY_REQUESTS = 429
THROTTLE = "feedback_throttle"

ROLE_NAMES = {
    Role.ADMIN: _l("Administrator"),
    Role.MANAGER: _l("Manager"),
    Role.RESEARCHER: _l("Researcher"),
    Role.FACILITATOR: _l("Facilitator"),
    Role.INTERVIEWER: _l("Interviewer"),
}
ROLE_HINTS = {
    Role.ADMIN: _l("Everything, staff accounts and the audit log included"),
    Role.MANAGER: _l("Reads reports"),
    Role.RESEARCHER: _l("Makes surveys, keeps customers, causes and competitors, reads reports"),
    Role.FACILITATOR: _l("Runs brainstorms"),
    Role.INTERVIEWER: _l("Calls customers and reads surveys aloud"),
}
PASSWORD_FAULTS = {
    PasswordFault.TOO_SHORT: _l("At least 10 characters are needed. Several words work well."),
    PasswordFault.TOO_LONG: _l("At most 256 characters are possible."),
    PasswordFault.IS_THE_EMAIL: _l("The password must not be your e-mail."),
    PasswordFault.TOO_SIMPLE: _l("This password is too easy to guess. Try several words."),
}
EMAIL_FAULTS = {
    EmailFault.MISSING: _l("Enter an e-mail."),
    EmailFault.MALFORMED: _l("Enter an address like anna@example.com."),
}


def throttle() -> Throttle:
    """The counters of failed attempts of this process."""
    found = current_app.extensions[THROTTLE]
    assert isinstance(found, Throttle)
    return found


def _required(words: Any) -> InputRequired:
    return InputRequired(message=words)


def _normalised(text: str | None) -> str | None:
    return None if text is None else normalise_email(text)


def check_email(_form: FlaskForm, field: Field) -> None:
    """Refuse what is no address."""
    fault = find_email_fault(field.data or "")
    if fault:
        raise ValidationError(EMAIL_FAULTS[fault])


class SignInForm(LoginForm):
    """E-mail and password; slows down who guesses."""

    email = EmailField(
        _l("E-mail"), validators=[_required(_l("Enter your e-mail."))], filters=[_normalised]
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            _required(_l("Enter your password.")),
            # Hashing megabytes would be somebody's way to keep the server busy.
            Length(max=LONGEST_PASSWORD, message=_l("At most 256 characters are possible.")),
        ],
    )
    remember: Any = None  # a browser is remembered for the length of the session, never longer

    def validate(self, **kwargs: Any) -> bool:
        """Check the password; answers 429 after too many wrong ones."""
        email, address = self.email.data or "", request.remote_addr or ""
        pair = f"{email} {address}"
        if throttle().must_wait(email_and_address=pair, address=address, email=email):
            abort(TOO_MANY_REQUESTS)
        is_right = super().validate(**kwargs)
        if is_right:
            throttle().forget(email_and_address=pair)
        elif email and self.password.data:
            throttle().count_failure(email_and_address=pair, address=address, email=email)
        return bool(is_right)

    def validate_next(self, field: Field) -> None:
        """Forget an address that is not ours instead of refusing the sign-in."""
        if field.data and not is_own_path(field.data):
            field.data = ""


class _SlowedCode:
    """Makes a form that checks a second factor wait after too many wrong codes."""

    user: Any

    def validate(self, **kwargs: Any) -> bool:
        """Check the code; answers 429 after too many wrong ones."""
        whose = self.user.fs_uniquifier
        if throttle().must_wait(second_factor=whose):
            abort(TOO_MANY_REQUESTS)
        is_right = bool(super().validate(**kwargs))  # type: ignore[misc]
        if is_right:
            throttle().forget(second_factor=whose)
        else:
            throttle().count_failure(second_factor=whose)
        return is_right


class CodeForm(_SlowedCode, TwoFactorVerifyCodeForm):
    """The code of the authenticator app, asked for after the password."""

    code = StringField(
        _l("Code of your authenticator app"),
        validators=[_required(_l("Enter the six digits that the app shows."))],
        filters=[lambda text: text and text.replace(" ", "")],
    )


class RecoveryForm(_SlowedCode, MfRecoveryForm):
    """A recovery code instead of the lost phone."""

    code = StringField(
        _l("Recovery code"),
        validators=[_required(_l("Enter one of the recovery codes you kept."))],
        filters=[lambda text: text and text.strip().lower()],
    )


class UnusedRescueForm(TwoFactorRescueForm):
    """The library builds it beside the code form; no page of ours shows it."""

    help_setup = RadioField(choices=[SelectChoice(value="help", label="")])


class AccountForm(FlaskForm):
    """A first account: e-mail and a password chosen by its owner."""

    email = EmailField(_l("Your e-mail"), validators=[check_email], filters=[_normalised])
    password = PasswordField(_l("Password"), validators=[_required(_l("Choose a password."))])

    def validate_password(self, field: Field) -> None:
        """Refuse a weak password, saying why."""
        fault = find_password_fault(field.data or "", email=self.email.data or "")
        if fault:
            raise ValidationError(PASSWORD_FAULTS[fault])


class PasswordForm(FlaskForm):
    """A new password for oneself."""

    current = PasswordField(
        _l("Present password"), validators=[_required(_l("Enter your present password."))]
    )
    password = PasswordField(
        _l("New password"), validators=[_required(_l("Choose a new password."))]
    )
    again = PasswordField(
        _l("New password once more"),
        validators=[EqualTo("password", message=_l("The two new passwords differ."))],
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def validate_password(self, field: Field) -> None:
        """Refuse a weak password, saying why."""
        fault = find_password_fault(field.data or "", email=self._email)
        if fault:
            raise ValidationError(PASSWORD_FAULTS[fault])


class ConfirmForm(FlaskForm):
    """The present password, asked again before a change that matters."""

    current = PasswordField(
        _l("Present password"), validators=[_required(_l("Enter your present password."))]
    )


class FirstCodeForm(FlaskForm):
    """The first code of a newly connected authenticator app."""

    code = StringField(
        _l("Code that the app shows"),
        validators=[_required(_l("Enter the six digits that the app shows."))],
        filters=[lambda text: text and text.replace(" ", "")],
    )


class LanguageForm(FlaskForm):
    """The language pages are written in."""

    language = SelectField(
        _l("Language"),
        choices=[SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()],
    )


class MultiCheckboxField(SelectMultipleField):
    """Several of a few choices, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _roles_field() -> MultiCheckboxField:
    return MultiCheckboxField(
        _l("Roles"),
        choices=[SelectChoice(value=role.value, label=name) for role, name in ROLE_NAMES.items()],
        validators=[_required(_l("Choose at least one role."))],
    )


class RolesForm(FlaskForm):
    """What a staff member may do."""

    roles = _roles_field()


class NewStaffForm(FlaskForm):
    """A new colleague; the password is made for them."""

    email = EmailField(_l("E-mail"), validators=[check_email], filters=[_normalised])
    roles = _roles_field()
