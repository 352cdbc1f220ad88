"""Reads of staff accounts and of the audit log, as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from feedback_app.foundation.rules import Unable
from feedback_app.staff.models import AuditEntry
from feedback_app.staff.models.accounts import StaffUser
from feedback_app.staff.rules import Role, normalise_email

AUDIT_PAGE = 50


class UnableToFindStaff(Unable):
    """No staff account has this id or e-mail."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One staff account; `created_at` is UTC."""

    id: int
    email: str
    roles: frozenset[Role]
    is_active: bool
    is_demo: bool
    has_second_factor: bool
    language: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act of a staff member; `at` is UTC."""

    id: int
    at: datetime
    by: str
    act: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the log, the newest first, and whether there is more on either side."""

    rows: tuple[AuditRow, ...]
    has_newer: bool
    has_older: bool


def list_staff(session: Session) -> tuple[StaffRow, ...]:
    """Every account: active ones first, then by e-mail."""
    found = session.scalars(select(StaffUser).order_by(StaffUser.active.desc(), StaffUser.email))
    return tuple(_row(user) for user in found)


def get_staff(session: Session, staff_id: int) -> StaffRow:
    """One account; raises UnableToFindStaff."""
    user = session.get(StaffUser, staff_id)
    if user is None:
        raise UnableToFindStaff("There is no such staff account.")
    return _row(user)


def get_staff_by_email(session: Session, email: str) -> StaffRow:
    """The account with this address in any spelling; raises UnableToFindStaff."""
    wanted = normalise_email(email)
    user = session.scalar(select(StaffUser).where(StaffUser.email == wanted))
    if user is None:
        raise UnableToFindStaff(f"No staff account has the e-mail {wanted}.")
    return _row(user)


def has_account(session: Session, *, is_demo_counted: bool = True) -> bool:
    """True when somebody can already sign in here."""
    condition = exists().where(StaffUser.id.is_not(None))
    if not is_demo_counted:
        condition = condition.where(StaffUser.is_demo.is_(False))
    return bool(session.scalar(select(condition)))


def list_audit(
    session: Session,
    *,
    by: str = "",
    act: str = "",
    before: int | None = None,
    after: int | None = None,
) -> AuditPage:
    """A page of the audit log: AUDIT_PAGE acts older than entry `before`, or newer than `after`.

    `by` and `act` narrow it to one person and one act.
    """
    query = select(AuditEntry)
    if by:
        query = query.where(AuditEntry.by == by)
    if act:
        query = query.where(AuditEntry.act == act)
    if after is not None:
        query = query.where(AuditEntry.id > after).order_by(AuditEntry.id)
    elif before is not None:
        query = query.where(AuditEntry.id < before).order_by(AuditEntry.id.desc())
    else:
        query = query.order_by(AuditEntry.id.desc())
    found = list(session.scalars(query.limit(AUDIT_PAGE + 1)))
    is_more = len(found) > AUDIT_PAGE
    found = found[:AUDIT_PAGE]
    if after is not None:
        found.reverse()
    return AuditPage(
        rows=tuple(
            AuditRow(entry.id, entry.at, entry.by, entry.act, entry.subject, entry.detail)
            for entry in found
        ),
        has_newer=is_more if after is not None else before is not None,
        has_older=True if after is not None else is_more,
    )


def list_audit_choices(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who and which acts the log knows, each in order: what its filter offers."""
    people = session.scalars(select(AuditEntry.by).distinct().order_by(AuditEntry.by))
    acts = session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act))
    return tuple(people), tuple(acts)


def _row(user: StaffUser) -> StaffRow:
    return StaffRow(
        id=user.id,
        email=user.email,
        roles=frozenset(Role(role.name) for role in user.roles),
        is_active=user.active,
        is_demo=user.is_demo,
        has_second_factor=bool(user.tf_primary_method and user.tf_totp_secret),
        language=user.language,
        created_at=user.created_at,
    )
