"""Origins that may show a survey, and tickets that a company signs."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.channels.rules.embedding import (
    MOST_ORIGINS,
    MOST_SECONDS,
    UnableToEmbed,
    is_allowed,
    read_origins,
    read_ticket,
    sign_ticket,
    ticket_key,
)

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SOON = int(NOW.timestamp()) + 3600
SURVEY = UUID(int=7)
KEY = ticket_key("a secret of the tests", SURVEY, 1)
ID = "0123456789abcdef"


def test_origins_are_read_in_their_one_spelling() -> None:
    first = " https://Shop.Example.com/ \n https://*.example.org http://localhost:3000"
    assert read_origins(f"{first}\n\nhttps://a.b:8443 https://a.b:8443") == (
        "https://shop.example.com",
        "https://*.example.org",
        "http://localhost:3000",
        "https://a.b:8443",
    )
    assert read_origins(" ") == ()


@pytest.mark.parametrize(
    "text",
    [
        *("example.com", "http://example.com", "https://", "https://*", "*", "'none'"),
        *("https://example.com/path", "https://a@example.com", "https://example.com?x=1"),
        *(
            "https://exa;mple.com",
            "https://example.com:x",
            "https://a.*.com",
            "javascript:alert(1)",
        ),
        " ".join(f"https://a{n}.example" for n in range(MOST_ORIGINS + 1)),
    ],
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(UnableToEmbed):
        read_origins(text)


@given(st.text(max_size=120))
def test_whatever_is_allowed_is_safe_inside_a_content_policy(text: str) -> None:
    try:
        found = read_origins(text)
    except UnableToEmbed:
        return
    for each in found:
        assert not set(each) & set("; ,'\"\n\r\t")
        assert each.startswith(("https://", "http://"))


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://shop.example.com", True),
        ("https://SHOP.example.com", True),
        ("http://shop.example.com", False),
        ("https://example.com", False),
        ("https://shop.example.com.evil.net", False),
        ("https://a.b.example.org", True),
        ("https://example.org", False),
        ("https://evilexample.org", False),
        ("", False),
    ],
)
def test_who_may_show_it(origin: str, expected: bool) -> None:
    assert is_allowed(origin, ("https://shop.example.com", "https://*.example.org")) is expected


def test_a_signed_ticket_is_read() -> None:
    ticket = read_ticket(sign_ticket(KEY, "left", ID, SOON), key=KEY, slug="left", now=NOW)
    assert ticket is not None
    assert (ticket.id, int(ticket.expires_at.timestamp())) == (ID, SOON)


@pytest.mark.parametrize("change", ["id", "expires", "slug", "key", "signature", "far", "short"])
def test_a_forged_ticket_is_not(change: str) -> None:
    signed = sign_ticket(KEY, "left", ID, SOON)
    id_, expires, signature = signed.split(".")
    given_, slug, key = signed, "left", KEY
    match change:
        case "id":
            given_ = f"{id_[::-1]}.{expires}.{signature}"
        case "expires":
            given_ = f"{id_}.{int(expires) + 1}.{signature}"
        case "slug":
            slug = "current"
        case "key":
            key = ticket_key("a secret of the tests", SURVEY, 2)
        case "signature":
            given_ = f"{id_}.{expires}.{signature[:-1]}"
        case "far":
            given_ = sign_ticket(KEY, "left", ID, int(NOW.timestamp()) + MOST_SECONDS + 60)
        case _short:
            given_ = sign_ticket(KEY, "left", "a" * 15, SOON)
    assert read_ticket(given_, key=key, slug=slug, now=NOW) is None


@given(st.text(max_size=200))
def test_any_text_may_be_a_ticket(text: str) -> None:
    assert read_ticket(text, key=KEY, slug="left", now=NOW) is None
