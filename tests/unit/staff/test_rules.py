"""Addresses, passwords, links and rights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.foundation.rules import Permission
from feedback_app.staff.rules import (
    PERMISSIONS,
    EmailFault,
    PasswordFault,
    Role,
    find_email_fault,
    find_password_fault,
    is_own_path,
    normalise_email,
    permissions_of,
)


def test_every_role_may_come_home_and_none_gets_what_nobody_has() -> None:
    assert set(PERMISSIONS) == set(Role)
    for rights in PERMISSIONS.values():
        assert Permission.READ_HOME in rights
        assert Permission.NOBODY not in rights


def test_rights_of_several_roles_add_up() -> None:
    both = permissions_of(frozenset({Role.MANAGER, Role.FACILITATOR}))
    assert both == PERMISSIONS[Role.MANAGER] | PERMISSIONS[Role.FACILITATOR]
    assert permissions_of(frozenset()) == frozenset()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Anna@Example.COM ", "anna@example.com"),
        ("Оля@Пошта.укр", "оля@пошта.укр"),
        ("anna@office.local", "anna@office.local"),
    ],
)
def test_an_address_has_one_spelling(typed: str, stored: str) -> None:
    assert normalise_email(typed) == stored
    assert find_email_fault(stored) is None


@pytest.mark.parametrize(
    "text",
    ["anna", "@example.com", "anna@", "a b@example.com", "a@b@c", "a@b,c@d", "x" * 250 + "@a.b"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert find_email_fault(text) is EmailFault.MALFORMED


def test_a_missing_address_is_named_so() -> None:
    assert find_email_fault("") is EmailFault.MISSING


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", PasswordFault.TOO_SHORT),
        ("nine char", PasswordFault.TOO_SHORT),
        ("anna@example.com", PasswordFault.IS_THE_EMAIL),
        ("ANNA@example.com", PasswordFault.IS_THE_EMAIL),
        ("aaaaaaaaaaaa", PasswordFault.TOO_SIMPLE),
        ("Password1234", PasswordFault.TOO_SIMPLE),
        ("1234567890", PasswordFault.TOO_SIMPLE),
        ("x" * 257, PasswordFault.TOO_LONG),
        ("green apple tree", None),
        ("зелена яблуня", None),
    ],
)
def test_passwords(password: str, fault: PasswordFault | None) -> None:
    assert find_password_fault(password, email="anna@example.com") is fault


@pytest.mark.parametrize("path", ["/", "/reports?survey=1", "/опитування", "/a%2Fb"])
def test_our_own_paths(path: str) -> None:
    assert is_own_path(path)


@pytest.mark.parametrize(
    "target",
    [
        "", "reports", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https://evil.example/", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example",
        " //evil.example", "/\u200b/evil.example", "http:evil.example",
    ],
)  # fmt: skip
def test_other_hosts_are_no_paths_of_ours(target: str) -> None:
    assert not is_own_path(target)


@given(st.text(max_size=30))
def test_a_path_of_ours_never_names_a_host(text: str) -> None:
    if is_own_path(text):
        assert text[0] == "/"
        assert text[1:2] not in ("/", "\\")
