"""Who may do what, and which addresses, passwords and links are acceptable."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from feedback_app.foundation.rules import Permission

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256
FEWEST_DIFFERENT_LETTERS = 5
LONGEST_EMAIL = 254

#: Beginnings that every list of stolen passwords is full of.
WORN_OUT = (
    "password", "passw0rd", "qwertyuiop", "1234567890", "0123456789", "letmein", "welcome123",
    "administrator", "iloveyou", "йцукенгшщз", "пароль",
)  # fmt: skip

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+")


class Role(StrEnum):
    """What a staff member is here for; one person may hold several."""

    ADMIN = "admin"
    MANAGER = "manager"
    RESEARCHER = "researcher"
    FACILITATOR = "facilitator"
    INTERVIEWER = "interviewer"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission) - {Permission.NOBODY},
    Role.MANAGER: frozenset({Permission.READ_HOME, Permission.READ_REPORTS, Permission.CALL_BACK}),
    Role.RESEARCHER: frozenset(
        {
            Permission.READ_HOME,
            Permission.READ_REPORTS,
            Permission.EDIT_SURVEYS,
            Permission.EDIT_CAUSES,
            Permission.TAG_ANSWERS,
            Permission.MANAGE_CUSTOMERS,
            Permission.CALL_BACK,
            Permission.RUN_INTERVIEWS,
        }
    ),
    Role.FACILITATOR: frozenset({Permission.READ_HOME, Permission.RUN_BRAINSTORMS}),
    Role.INTERVIEWER: frozenset({Permission.READ_HOME, Permission.RUN_INTERVIEWS}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Every right that at least one of `roles` carries."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


class EmailFault(StrEnum):
    """Why an address can not name a staff account."""

    MISSING = "missing"
    MALFORMED = "malformed"


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    IS_THE_EMAIL = "is-the-email"
    TOO_SIMPLE = "too-simple"


def normalise_email(text: str) -> str:
    """The one spelling under which an address is stored and looked up."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def find_email_fault(email: str) -> EmailFault | None:
    """What is wrong with a normalised address, None when it is well formed.

    Whether mail arrives there is not asked: an address inside a company's own network
    (anna@office.local) may name an account.
    """
    if not email:
        return EmailFault.MISSING
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        return EmailFault.MALFORMED
    return None


def normalise_password(text: str) -> str:
    """The form that is hashed: the same word typed on any keyboard gives the same bytes."""
    return unicodedata.normalize("NFKD", text)


def find_password_fault(password: str, *, email: str) -> PasswordFault | None:
    """Why `password` is refused for the account `email`, None when it will do.

    Length counts most (NIST SP 800-63B, 3.1.1.2): no demands for digits or signs.
    """
    folded = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if folded.strip() in (email.casefold(), email.casefold().partition("@")[0]):
        return PasswordFault.IS_THE_EMAIL
    is_worn_out = any(folded.strip("0123456789!?.*# ") == word for word in WORN_OUT)
    if is_worn_out or folded in WORN_OUT or len(set(folded)) < FEWEST_DIFFERENT_LETTERS:
        return PasswordFault.TOO_SIMPLE
    return None


def is_own_path(target: str) -> bool:
    """True when `target` leads to a page of this site, whatever a browser makes of it.

    Browsers read "//host", "/\\host" and a slash behind control characters as another host.
    """
    return (
        target.startswith("/")
        and not target.startswith("//")
        and "\\" not in target
        and target.isprintable()
        and not any(letter.isspace() for letter in target)
    )
