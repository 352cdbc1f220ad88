"""Writes of staff accounts. The caller's transaction commits them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import N_, Unable
from feedback_app.staff import queries
from feedback_app.staff.audit import record
from feedback_app.staff.models.accounts import StaffRole, StaffUser
from feedback_app.staff.rules import (
    SHORTEST_PASSWORD,
    EmailFault,
    PasswordFault,
    Role,
    find_email_fault,
    find_password_fault,
    normalise_email,
    normalise_password,
)

#: argon2id as OWASP's cheat sheet on password storage asks for: little memory, so that many
#: sign-ins at once do not push the page server out of its own.
HASH_ROUNDS, HASH_KIBIBYTES, HASH_LANES = 2, 19 * 1024, 1
_HASHER = PasswordHasher(time_cost=HASH_ROUNDS, memory_cost=HASH_KIBIBYTES, parallelism=HASH_LANES)

_PASSWORD_WORDS = {
    PasswordFault.TOO_SHORT: f"the password needs {SHORTEST_PASSWORD} characters or more",
    PasswordFault.TOO_LONG: "the password is too long (at most 256 characters)",
    PasswordFault.IS_THE_EMAIL: "the password must not be the e-mail",
    PasswordFault.TOO_SIMPLE: "the password is too easy to guess",
}
_EMAIL_WORDS = {
    EmailFault.MISSING: "the e-mail is missing",
    EmailFault.MALFORMED: "the e-mail is not an address like anna@example.com",
}
#: No letter or digit that reads like another one.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class UnableToAddStaff(Unable):
    """The account can not be made: address, password or role is refused."""


class UnableToAddTwice(UnableToAddStaff):
    """The address has an account already."""


class UnableToChangePassword(Unable):
    """The new password is refused."""


class UnableToLoseLastAdmin(Unable):
    """Nobody would be left who can manage staff."""


def add(
    session: Session,
    *,
    email: str,
    password: str,
    roles: Iterable[Role | str],
    by: str,
    is_demo: bool = False,
) -> int:
    """Make an account; its id.

    Raises UnableToAddStaff (UnableToAddTwice for a known address) with one plain line.
    """
    address = normalise_email(email)
    email_fault = find_email_fault(address)
    if email_fault:
        raise UnableToAddStaff(f"Not added: {_EMAIL_WORDS[email_fault]}.")
    wanted = _known_roles(roles)
    password_fault = find_password_fault(password, email=address)
    if password_fault:
        raise UnableToAddStaff(f"Not added: {_PASSWORD_WORDS[password_fault]}.")
    hashed = hash_password(password)
    if session.scalar(select(StaffUser.id).where(StaffUser.email == address)):
        raise UnableToAddTwice(N_("Not added: %(email)s already has an account."), email=address)
    user = StaffUser(
        email=address,
        password=hashed,
        active=True,
        fs_uniquifier=uuid4().hex,
        is_demo=is_demo,
        created_at=utc_now(),
        roles=_role_rows(session, wanted),
    )
    session.add(user)
    session.flush()
    names = sorted(wanted)
    record(session, by=by, act="staff.add", subject=address, detail={"roles": names})
    return user.id


def add_first_admin(session: Session, *, email: str, password: str) -> int:
    """Make the account of whoever sets the installation up; its id.

    Raises UnableToAddStaff when a real account exists already, or as `add` does.
    """
    _queue_for_admins(session)
    if queries.has_account(session, is_demo_counted=False):
        raise UnableToAddStaff("This installation is set up already: sign in instead.")
    return add(session, email=email, password=password, roles=[Role.ADMIN], by="setup")


def change_roles(session: Session, staff_id: int, *, roles: Iterable[Role | str], by: str) -> None:
    """Give the account exactly `roles`.

    Raises UnableToAddStaff for an unknown or empty list, UnableToLoseLastAdmin,
    UnableToFindStaff.
    """
    wanted = _known_roles(roles)
    user = _get(session, staff_id)
    before = sorted(role.name for role in user.roles)
    if before == sorted(wanted):
        return
    if Role.ADMIN not in wanted:
        _keep_an_admin(session, user)
    user.roles = _role_rows(session, wanted)
    session.flush()
    changes = {"before": before, "after": sorted(wanted)}
    record(session, by=by, act="staff.change-roles", subject=user.email, detail=changes)


def deactivate(session: Session, staff_id: int, *, by: str) -> None:
    """End the account's access at once; what it did stays in the log.

    Raises UnableToLoseLastAdmin, UnableToFindStaff.
    """
    user = _get(session, staff_id)
    if not user.active:
        return
    _keep_an_admin(session, user)
    user.active = False
    user.fs_uniquifier = uuid4().hex  # ends its open sessions
    record(session, by=by, act="staff.deactivate", subject=user.email)


def activate(session: Session, staff_id: int, *, by: str) -> None:
    """Let a deactivated account sign in again. Raises UnableToFindStaff."""
    user = _get(session, staff_id)
    if user.active:
        return
    user.active = True
    record(session, by=by, act="staff.activate", subject=user.email)


def reset_password(session: Session, staff_id: int, *, by: str) -> str:
    """Give the account a new random password and return it: shown once, stored as a hash.

    Also switches its second factor off, for whoever lost the phone with it, and ends its
    open sessions. Raises UnableToFindStaff.
    """
    password = make_password()
    hashed = hash_password(password)
    user = _get(session, staff_id)
    user.password = hashed
    user.fs_uniquifier = uuid4().hex
    _drop_second_factor(user)
    record(session, by=by, act="staff.reset-password", subject=user.email)
    return password


def change_password(session: Session, staff_id: int, *, password: str, by: str) -> None:
    """Set the person's own new password and end their other sessions.

    Raises UnableToChangePassword, UnableToFindStaff.
    """
    hashed = hash_password(password)
    user = _get(session, staff_id)
    fault = find_password_fault(password, email=user.email)
    if fault:
        raise UnableToChangePassword(f"Not changed: {_PASSWORD_WORDS[fault]}.")
    user.password = hashed
    user.fs_uniquifier = uuid4().hex
    record(session, by=by, act="staff.change-password", subject=user.email)


def choose_language(session: Session, staff_id: int, *, language: str) -> None:
    """Remember the language the person reads pages in (not an act worth a log entry)."""
    _get(session, staff_id).language = language


def turn_second_factor_on(
    session: Session, staff_id: int, *, secret: str, recovery_codes: list[str], by: str
) -> None:
    """Ask for a code of the authenticator app from now on.

    `secret` and `recovery_codes` come encrypted. Raises UnableToFindStaff.
    """
    user = _get(session, staff_id)
    user.tf_primary_method = "authenticator"
    user.tf_totp_secret = secret
    user.mf_recovery_codes = recovery_codes
    record(session, by=by, act="staff.second-factor-on", subject=user.email)


def turn_second_factor_off(session: Session, staff_id: int, *, by: str) -> None:
    """Sign in by password alone again. Raises UnableToFindStaff."""
    user = _get(session, staff_id)
    _drop_second_factor(user)
    record(session, by=by, act="staff.second-factor-off", subject=user.email)


def hash_password(password: str) -> str:
    """The argon2id hash that is stored."""
    return _HASHER.hash(normalise_password(password))


def make_password() -> str:
    """A random password that can be read out: four groups of four, about 79 bits."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _get(session: Session, staff_id: int) -> StaffUser:
    user = session.get(StaffUser, staff_id)
    if user is None:
        raise queries.UnableToFindStaff("There is no such staff account.")
    return user


def _known_roles(roles: Iterable[Role | str]) -> frozenset[Role]:
    wanted = set()
    for role in roles:
        try:
            wanted.add(Role(role))
        except ValueError as error:
            raise UnableToAddStaff(
                f"There is no role {role!r}: choose from {', '.join(Role)}."
            ) from error
    if not wanted:
        raise UnableToAddStaff(f"Choose at least one role: {', '.join(Role)}.")
    return frozenset(wanted)


def _role_rows(session: Session, roles: frozenset[Role]) -> list[StaffRole]:
    return list(session.scalars(select(StaffRole).where(StaffRole.name.in_(roles))))


def _drop_second_factor(user: StaffUser) -> None:
    user.tf_primary_method = None
    user.tf_totp_secret = None
    user.mf_recovery_codes = None


def _queue_for_admins(session: Session) -> None:
    """Let one transaction at a time decide who is an administrator."""
    session.execute(select(StaffRole.id).where(StaffRole.name == Role.ADMIN).with_for_update())


def _keep_an_admin(session: Session, leaving: StaffUser) -> None:
    """Refuse when `leaving` is the last real administrator who can sign in."""
    is_admin = leaving.active and any(role.name == Role.ADMIN for role in leaving.roles)
    if not is_admin or leaving.is_demo:
        return
    _queue_for_admins(session)
    others = session.scalar(
        select(func.count())
        .select_from(StaffUser)
        .where(
            StaffUser.id != leaving.id,
            StaffUser.active.is_(True),
            StaffUser.is_demo.is_(False),
            StaffUser.roles.any(StaffRole.name == Role.ADMIN),
        )
    )
    if not others:
        raise UnableToLoseLastAdmin(
            f"{leaving.email} is the last administrator: make somebody else one first."
        )
