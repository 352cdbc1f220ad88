"""Values of customer lists: what is read, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback_app.customers.rules import (
    FAULT_SENTENCES,
    Fault,
    FieldFault,
    Status,
    UnableToReadValue,
    find_address_fault,
    fit,
    format_cents,
    hash_address,
    normalise_address,
    read_address,
    read_cents,
    read_day,
    read_language,
    read_phone,
)
from feedback_app.customers.rules.customer import LARGEST_CENTS, read_status
from feedback_app.customers.rules.words import COLUMN_WORDS, plain_words


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        *(("", None), ("  ", None), ("0", 0), ("12", 1200), ("12.5", 1250), ("12,50", 1250)),
        *(("1 234,56", 123456), ("1\u00a0234.5", 123450), ("1.234,56", 123456)),
        *(("1,234.56", 123456), ("1'234.50", 123450), ("1,234,567", 123456700)),
        *(("$99", 9900), ("99.5 USD", 9950), ("₴ 1 200", 120000), ("450 руб.", 45000)),
        *(("1234.567", 123457), ("0.005", 1), ("0,125", 13), ("1200.", 120000)),
    ],
)
def test_amounts_are_read_as_they_are_written(text: str, cents: int | None) -> None:
    assert read_cents(text) == cents


@pytest.mark.parametrize("text", ["1,234", "12.345", "999,999"])
def test_an_amount_that_can_be_read_two_ways_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadValue) as refused:
        read_cents(text)
    assert refused.value.fault is Fault.AMBIGUOUS_AMOUNT


@pytest.mark.parametrize(
    "text", ["-5", "free", "1e5", "12abc34", "1.2.3", "1,23,4.5", "٣٤", "$", "9" * 20, "1,2,3"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadValue) as refused:
        read_cents(text)
    assert refused.value.fault is Fault.NO_AMOUNT


@given(st.integers(0, LARGEST_CENTS), st.sampled_from(["", " ", "\u00a0", "'"]))
def test_every_amount_survives_being_written(cents: int, between: str) -> None:
    assert read_cents(format_cents(cents)) == cents
    whole = f"{cents // 100:,}".replace(",", between)
    assert read_cents(f"{whole},{cents % 100:02d} €") == cents


@given(st.text(alphabet="0123456789., $€-'", max_size=14))
@example("1.234.567,8")
def test_an_amount_is_read_by_its_digits_or_refused(text: str) -> None:
    try:
        cents = read_cents(text)
    except UnableToReadValue:
        return
    if cents is None:
        assert not text.strip()
        return
    digits = "".join(filter(str.isdigit, text))
    worth = Decimal(cents) / 100
    # Up to rounding to hundredths: the same digits with the decimal sign somewhere.
    candidates = [Decimal(digits).scaleb(-places) for places in range(len(digits) + 1)]
    assert any(abs(worth - each) <= Decimal("0.005") for each in candidates), (text, cents)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        *((" Olena@Example.COM ", "olena@example.com"), ("mailto:a@b.co", "a@b.co"), ("", "")),
        *(("o'brien+news@mail.example.co.uk", "o'brien+news@mail.example.co.uk"),),
        *(("почта@пример.рф", "почта@пример.рф"), ("a.b_c-d@x-y.info", "a.b_c-d@x-y.info")),
    ],
)
def test_addresses_have_one_spelling(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("a", "a@b", "@b.co", "a@", "a b@c.de", "a@b..co", "a..b@c.de", ".a@b.co", "a.@b.co"),
        *("a@b.co, c@d.co", "a@b.co;c@d.co", "<a@b.co>", "a@-b.co", "a@b-.co", "a@b.1", "a@@b.co"),
        *("a@b.co\nBcc: c@d.co", f"{'a' * 65}@b.co", f"a@{'b' * 64}.co", f"{'a.' * 32}a@b.co"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadValue):
        read_address(text)


@given(st.text(max_size=40))
@example("a@b.co\x85c")
@example("İ@b.co")
def test_no_address_breaks_a_header_and_its_spelling_is_final(text: str) -> None:
    try:
        address = read_address(text)
    except UnableToReadValue:
        return
    assert not any(letter.isspace() or letter in '<>,;:"' for letter in address)
    assert address.isprintable()
    assert normalise_address(address) == address
    assert hash_address(text) == hash_address(address)


def test_a_missing_address_is_told_apart_from_a_wrong_one() -> None:
    assert find_address_fault("") is Fault.MISSING
    assert find_address_fault("a@b.co") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("uk", "uk"), ("UA", "uk"), ("uk-UA", "uk"), ("ru_RU", "ru"), ("Українська", "uk")),
        *(("english", "en"), ("рус.", "ru"), ("", ""), ("pt-BR", "pt"), ("Deutsch", "de")),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert read_language(text) == code


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(UnableToReadValue) as refused:
        read_language("Klingonian speech")
    assert refused.value.fault is Fault.NO_LANGUAGE


@pytest.mark.parametrize(
    ("text", "status", "day"),
    [
        *(("departed", Status.DEPARTED, None), ("Ушла", Status.DEPARTED, None)),
        *(("Відмовився", Status.DEPARTED, None), ("ACTIVE", Status.CURRENT, None)),
        *(("действующий", Status.CURRENT, None), ("діє", Status.CURRENT, None)),
        *(("2026-05-03", Status.DEPARTED, date(2026, 5, 3)), (" ", None, None)),
    ],
)
def test_a_status_is_a_word_or_the_day_of_leaving(
    text: str, status: Status | None, day: date | None
) -> None:
    assert read_status(text) == (status, day)


def test_a_day_that_could_be_two_is_refused_unless_its_form_is_known() -> None:
    with pytest.raises(UnableToReadValue):
        read_day("03/04/2026")
    assert read_day("03/04/2026", "%d/%m/%Y") == date(2026, 4, 3)
    assert read_day("03/04/2026", "%m/%d/%Y") == date(2026, 3, 4)
    assert read_day(" ") is None


@pytest.mark.parametrize("text", ["+380 (50) 111-22-33", "8 495 111 22 33 доб. 4", "", "112"])
def test_phones_stay_as_written(text: str) -> None:
    assert read_phone(text) == text


@pytest.mark.parametrize("text", ["call me", "+", "=1+1", "1" * 41])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadValue):
        read_phone(text)


def test_a_text_that_is_too_long_says_how_long() -> None:
    with pytest.raises(UnableToReadValue) as refused:
        fit("x" * 61, "plan")
    assert str(FieldFault("plan", refused.value.fault, refused.value.facts)) == (
        "plan: has 61 characters, at most 60 fit"
    )


@given(st.text(max_size=60))
def test_stored_texts_are_clean(text: str) -> None:
    cleaned = fit(text, "name")
    assert cleaned == cleaned.strip()
    assert "\x00" not in cleaned
    assert "  " not in cleaned
    assert fit(cleaned, "name") == cleaned


def test_every_fault_has_a_sentence() -> None:
    facts = {"value": "v", "length": 3, "most": 2}
    assert set(FAULT_SENTENCES) == set(Fault)
    assert all(sentence % facts for sentence in FAULT_SENTENCES.values())


def test_no_head_of_a_column_means_two_fields() -> None:
    heads = [word for words in COLUMN_WORDS.values() for word in words]
    assert sorted({word for word in heads if heads.count(word) > 1}) == []
    assert all(plain_words(word) == word for word in heads)
