"""A choice of recipients survives being stored, and nothing else is taken for one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.customers.rules import RecipientFilter, Status, UnableToReadFilter

WORDS = st.lists(st.text(max_size=8), max_size=3, unique=True).map(tuple)
FILTERS = st.builds(
    RecipientFilter,
    status=st.none() | st.sampled_from(Status),
    departed_from=st.none() | st.dates(),
    departed_to=st.none() | st.dates(),
    languages=WORDS,
    plans=WORDS,
    regions=WORDS,
    value_classes=WORDS,
    account_managers=WORDS,
    attributes=st.dictionaries(st.text(max_size=5), WORDS, max_size=2).map(
        lambda it: tuple(it.items())
    ),
)


@given(FILTERS)
def test_a_filter_survives_being_stored(wanted: RecipientFilter) -> None:
    assert RecipientFilter.from_json(wanted.to_json()) == wanted


def test_an_open_filter_is_an_empty_document() -> None:
    assert RecipientFilter().to_json() == {}
    assert RecipientFilter.from_json({}) == RecipientFilter()


@pytest.mark.parametrize(
    "document",
    [
        {"planes": ["Pro"]},
        {"status": "gone"},
        {"departed_from": "yesterday"},
        {"plans": "Pro"},
        {"plans": [1]},
        {"attributes": ["x"]},
        {"attributes": {"x": "y"}},
    ],
)
def test_a_document_that_is_no_filter_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(UnableToReadFilter):
        RecipientFilter.from_json(document)
