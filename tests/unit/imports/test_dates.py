from __future__ import annotations

from datetime import date

import pytest

from feedback_app.imports.rules.dates import parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-09",
        " 2024-03-09 ",
        "2024-03-09 23:59:59",
        "2024-03-09T23:59:59Z",
        "2024-03-09T23:59:59.123+05:00",
        "2024-03-09 10:11:12 UTC",
        "20240309",
        "09.03.2024",
        "9.3.2024 10:11",
        "09.03.2024 10:11:12",
        "2024/03/09",
        "2024/03/09 10:11",
        "9 Mar 2024",
        "9 March 2024",
        "Mar 9, 2024",
        "March 09, 2024",
    ],
)
def test_common_forms(text: str) -> None:
    assert parse_date(text) == date(2024, 3, 9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("yesterday", "no date"),
        ("03/09/2024", "name its form in the map"),
        ("2024-02-30", "no date"),
        ("45360", "no date"),
        ("0009-03-09", "outside"),
        ("9999-12-31", "outside"),
    ],
)
def test_what_is_no_date(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_date(text)


def test_a_named_form_is_the_only_one() -> None:
    assert parse_date("03/09/2024 4:05 PM", "%m/%d/%Y %I:%M %p") == date(2024, 3, 9)
    with pytest.raises(ValueError, match="not written as"):
        parse_date("2024-03-09", "%m/%d/%Y")
