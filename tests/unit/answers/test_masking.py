"""Personal data in free text is taken out; everything else stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.answers.masking import MARKS, NOBODY, Kind, NameList, mask_text, mask_values

LIST = NameList.of(
    [
        *("Ольга Петренко", "Ігор Ковальський", "Вера Мороз", "Quentin Abernathy"),
        *("Rose Whitlock", "Fast Delivery Ltd", "John Smith", "Mary O'Connor"),
        *("Анна Кузнецова", "Юля Шмидт", "Павел Козёл", "Ольга Заєць", "Чёрный Федір"),
    ],
    common={"fast", "delivery", "price"},
)
SECRETS = {
    Kind.PHONE: (
        "+380 50 123 45 67",
        "8 (495) 123-45-67",
        "067 123-45-67",
        "+1 202-555-0143",
        "+4930123456",
    ),
    Kind.EMAIL: ("olga.p@mail.example", "ІВАН@пошта.укр", "a.b+c@x-y.co.uk", "who(at)mail.com"),
    Kind.CARD: ("4111 1111 1111 1111", "5555555555554444", "1234 5678 1234 5678"),
    Kind.ACCOUNT: (
        "UA213223130000026007233566001",
        "DE89 3704 0044 0532 0130 00",
        "40817810570000123456",
    ),
    Kind.NAME: ("Ольга Петренко", "Петренка", "Ковальському", "abernathy", "Rose Whitlock"),
}
PLAIN = (
    *(
        "слишком дорого",
        "to slow",
        "не відповідає",
        "fast delivery",
        "12.05.2023",
        "10 000 000 грн",
    ),
    *("in 2015-2017", "24/7", "99.9 %", "роза", "v2.10.3", "price", "at 14:30", "не буду"),
)


@pytest.mark.parametrize(
    ("kind", "secret"), [(kind, it) for kind, all_of in SECRETS.items() for it in all_of]
)
def test_each_kind_is_masked(kind: Kind, secret: str) -> None:
    masked, counts = mask_text(f"служба не помогла, {secret}, and it was dear", LIST)
    assert masked == f"служба не помогла, {MARKS[kind]}, and it was dear"
    assert counts == {kind: 1}


@given(
    st.lists(
        st.sampled_from(
            [(None, it) for it in PLAIN]
            + [(kind, it) for kind, all_of in SECRETS.items() for it in all_of]
        ),
        max_size=8,
    )
)
def test_nothing_secret_stays_and_nothing_else_goes(parts: list[tuple[Kind | None, str]]) -> None:
    text = " / ".join(word for _kind, word in parts)
    masked, counts = mask_text(text, LIST)
    expected = " / ".join(word if kind is None else MARKS[kind] for kind, word in parts)
    assert masked == expected
    assert counts.total() == sum(kind is not None for kind, _word in parts)


@given(st.text(max_size=400))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    masked, counts = mask_text(text, LIST)
    assert mask_text(masked, LIST)[0] == masked
    if not counts:
        assert masked == text


@pytest.mark.parametrize(
    "part", ["1-", "+1(", "a@", "a@b.", "AB12", "order ", "4 ", "Ольга ", "[", "і"]
)
def test_a_hostile_text_is_read_in_time(part: str) -> None:
    text = part * (200_000 // len(part))
    masked, _counts = mask_text(text, LIST)
    assert len(masked) <= 4 * len(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.PHONE, "позвоните 234-56-78"),
        (Kind.PHONE, "мій номер 123-45-67"),
        (Kind.PHONE, "067/1234567"),
        (Kind.PHONE, "+38 (050) 123-45-67"),
        (Kind.PHONE, "8.916.123.45.67"),
        (Kind.PHONE, "моб.0671234567"),
        (Kind.PHONE, "call 555-0143"),
        (Kind.EMAIL, "ivan собака mail.example"),
        (Kind.EMAIL, "ivan (at) mail dot com"),
        (Kind.EMAIL, "ivan at gmail dot com"),
        (Kind.CARD, "4276.1234.5678.9010"),
        (Kind.CARD, "4276 **** **** 9010"),
        (Kind.CARD, "4276********9010"),
        (Kind.ACCOUNT, "UA 21 322313 0000026007233566001"),
        (Kind.ACCOUNT, "IBAN DE89370400440532013000 and"),
        (Kind.ACCOUNT, "о/р 1234567"),
        (Kind.ACCOUNT, "договор № А-12345/67"),
        (Kind.ACCOUNT, "acc# 1234567"),
        (Kind.ACCOUNT, "my account number is 12345678"),
        (Kind.ACCOUNT, "РНОКПП 1234567890"),
        (Kind.ACCOUNT, "СНИЛС 112-233-445 95"),
        (Kind.ACCOUNT, "SSN 123-45-6789"),
        (Kind.ACCOUNT, "паспорт серия 4509 номер 123456"),
        (Kind.ACCOUNT, "паспорт МТ 123456"),
        (Kind.ACCOUNT, "звернення №123456"),
        (Kind.ACCOUNT, "логин user12345"),
        (Kind.ACCOUNT, "telegram @ivan_p"),
        (Kind.ACCOUNT, "t.me/ivan_p"),
        (Kind.NAME, "Анне Кузнецовой"),
        (Kind.NAME, "Юлей"),
        (Kind.NAME, "Жени Кузнецової"),
        (Kind.NAME, "Павлом Козлом"),
        (Kind.NAME, "Ользі"),
        (Kind.NAME, "Ользі Заєць"),
        (Kind.NAME, "Федора"),
        (Kind.NAME, "john smith"),
        (Kind.NAME, "SMITH JOHN"),
        (Kind.NAME, "OConnor"),
    ],
)
def test_as_people_write_them(kind: Kind, text: str) -> None:
    masked, counts = mask_text(f"мне хамили, {text}, потом ушли", LIST)
    assert counts == {kind: 1}
    assert masked.endswith((f"{MARKS[kind]}, потом ушли", f"{MARKS[kind]} and, потом ушли"))
    assert not any(each in masked for each in ("1234", "ivan", "9010", "ольз", "Куз"))


@pytest.mark.parametrize(
    "text",
    [
        *("2500000 рублей", "45 000 000 UAH", "2 200 000", "2 000 000 000", "300000000"),
        *("350 000-400 000", "12 000 - 13 000 грн", "по 300 400 500", "5 5 5 5 5 5 5"),
        *("счёт 15000 рублей", "рахунок 25000 грн", "телефон 15000 рублей", "order 10000 units"),
        *("заказ 15000", "2021 2022 2023", "Office 365 2019", "(30.12.2015)", "192.168.0.1"),
        *("звонил 15 раз", "договор на 24 месяца", "заказ в 2023 году", "12 345 678 рублей"),
        *("чёрный экран", "чёрным по белому", "коли юля", "козла отпущения", "look at site.com"),
        *("a contract, account or order", "@company", "telegram is fine", "логин не работает"),
    ],
)
def test_amounts_dates_and_words_stay(text: str) -> None:
    whole = f"це було давно, {text}, потом ушли"
    assert mask_text(whole, LIST) == (whole, {})


def test_words_that_are_names_as_well() -> None:
    for text in ("Вера", "с верой в лучшее", "the price rose", "fast delivery", "FAST DELIVERY"):
        assert mask_text(text, LIST)[0] == text
    assert mask_text("мне хамила Вера", LIST)[0] == "мне хамила [name]"
    assert mask_text("Вера Мороз нахамила", LIST)[0] == "[name] нахамила"
    assert mask_text("thank you, Rose", LIST)[0] == "thank you, [name]"


def test_without_a_list_no_names_are_known() -> None:
    assert mask_text("Ольга Петренко", NOBODY) == ("Ольга Петренко", {})


def test_only_free_text_of_an_answer_is_masked() -> None:
    masked = mask_values(
        {
            "reasons": {"ticked": ["company.price"], "decided": None, "other": "ask Abernathy"},
            "competitor": {"name": "Whitlock, +380501234567"},
            "price_compared": {"choice": "abernathy", "text": "olga@mail.example"},
            "return": 7,
            "more": "call +380501234567",
        },
        LIST,
    )
    assert masked.values == {
        "reasons": {"ticked": ["company.price"], "decided": None, "other": "ask [name]"},
        "competitor": {"name": "Whitlock, [phone]"},
        "price_compared": {"choice": "abernathy", "text": "[email]"},
        "return": 7,
        "more": "call [phone]",
    }
    assert masked.counts == {Kind.NAME: 1, Kind.PHONE: 2, Kind.EMAIL: 1}
