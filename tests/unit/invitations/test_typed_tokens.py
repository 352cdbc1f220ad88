"""Links that can be typed: the same 256 bits in letters that nobody misreads."""

from __future__ import annotations

import base64
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.invitations.rules import (
    derive_secret,
    make_token,
    read_token,
    spell_for_typing,
)

TOKENS = st.binary(min_size=32, max_size=32).map(
    lambda secret: base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
)


@settings(deadline=None)
@given(TOKENS, st.booleans(), st.booleans())
def test_what_is_typed_is_the_same_token(token: str, is_loud: bool, is_joined: bool) -> None:
    typed = spell_for_typing(token)
    assert len(typed) == 52 + 12
    assert not set(typed) & set("ilou")
    typed = typed.upper() if is_loud else typed
    typed = typed.replace("-", "") if is_joined else typed.replace("-", " ")
    assert read_token(typed) == token


@settings(deadline=None)
@given(TOKENS)
def test_misread_letters_are_understood(token: str) -> None:
    typed = spell_for_typing(token).replace("1", "l").replace("0", "O")
    assert read_token(typed) == token


@settings(deadline=None)
@given(TOKENS)
def test_a_token_as_it_stands_in_a_link_stays_as_it_is(token: str) -> None:
    assert read_token(token) == token


@settings(deadline=None)
@given(st.text(max_size=80))
def test_anything_else_stays_as_it_is_or_is_52_letters(text: str) -> None:
    read = read_token(text)
    assert read == text or len(read) == 43


def test_a_secret_depends_on_key_purpose_and_invitation() -> None:
    keys, ids = (b"a" * 32, b"b" * 32), (uuid4(), uuid4())
    found = {
        derive_secret(key, purpose, id_)
        for key in keys
        for purpose in ("link", "unsubscribe")
        for id_ in ids
    }
    assert len(found) == 8
    assert {len(each) for each in found} == {43}


def test_a_secret_stays_the_same_for_ever() -> None:
    """Links that are out there must open after every upgrade."""
    token = derive_secret(b"k" * 32, "link", UUID(int=7))
    assert token == "9ZuslD-SKN1bQ3gl4Z1v20PjuL5UF4EMx42_gJrCWOw"
    assert read_token(spell_for_typing(token)) == token


def test_fresh_tokens_can_be_typed_too() -> None:
    token = make_token()
    assert read_token(spell_for_typing(token)) == token
