"""Words of three languages in customer lists: heads of columns, states, names of languages."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"[\s_\-./\\:;,()\[\]#*'’ʼ\"]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain_words(text: str) -> str:
    """`text` in folded letters with single spaces between its words: "customerID" too."""
    parted = _HUMP.sub(" ", unicodedata.normalize("NFKC", text.replace("№", " ")))
    return _BETWEEN.sub(" ", parted.casefold().replace("ё", "е")).strip()


def _table(**lists: str) -> dict[str, str]:
    return {
        plain_words(word): meaning for meaning, words in lists.items() for word in words.split(", ")
    }


STATUS_WORDS: dict[str, str] = _table(
    departed=(
        "departed, left, churned, churn, cancelled, canceled, lost, gone, inactive, closed, "
        "former, ex, terminated, expired, unsubscribed, "
        "ушел, ушла, ушли, отток, отказ, отказался, отказалась, потерян, закрыт, закрыта, "
        "неактивен, неактивный, не активен, расторгнут, бывший, отключен, "
        "пішов, пішла, пішли, відтік, відмова, відмовився, відмовилася, втрачений, закритий, "
        "закрита, неактивний, не активний, розірвано, колишній, відключений"
    ),
    current=(
        "current, active, customer, client, live, open, stays, paying, "
        "текущий, текущая, активен, активна, активный, активная, действующий, действует, клиент, "
        "поточний, поточна, активний, чинний, діючий, діє, клієнт"
    ),
)

LANGUAGE_WORDS: dict[str, str] = _table(
    en="en, eng, english, английский, англійська, англ",
    ru="ru, rus, russian, русский, російська, рус, рос",
    uk="uk, ua, ukr, ukrainian, украинский, українська, укр",
    pl="pl, pol, polish, polski, польский, польська",
    de="de, deu, ger, german, deutsch, немецкий, німецька",
    fr="fr, fra, fre, french, français, французский, французька",
    es="es, spa, spanish, español, испанский, іспанська",
)

#: field -> heads of columns that mean it, the surest first.
COLUMN_WORDS: dict[str, tuple[str, ...]] = {
    field: tuple(plain_words(word) for word in words.split(", "))
    for field, words in {
        "reference": (
            "reference, customer reference, customer id, client id, account id, account number, "
            "customer number, client number, customer no, external id, crm id, user id, ref, id, "
            "contract, contract number, uid, uuid, code, customer code, "
            "номер клиента, код клиента, id клиента, ид клиента, лицевой счет, номер договора, "
            "№ договора, № клиента, договор, код, ид, "
            "номер клієнта, код клієнта, id клієнта, ід клієнта, особовий рахунок, "
            "номер договору, № договору, № клієнта, договір, ід, номер"
        ),
        "name": (
            "name, full name, customer name, client name, customer, client, contact name, contact, "
            "company, company name, account name, "
            "имя, фио, имя клиента, клиент, название, компания, контакт, контактное лицо, "
            "ім'я, піб, ім'я клієнта, клієнт, назва, компанія, контактна особа"
        ),
        "email": (
            "email, e-mail, mail, email address, e-mail address, customer email, contact email, "
            "почта, эл почта, электронная почта, адрес электронной почты, емейл, имейл, "
            "пошта, ел пошта, електронна пошта, електронна адреса, адреса електронної пошти"
        ),
        "phone": (
            "phone, phone number, telephone, tel, mobile, mobile phone, cell, "
            "телефон, номер телефона, тел, мобильный, моб, "
            "номер телефону, мобільний"
        ),
        "language": (
            "language, lang, locale, preferred language, язык, язык общения, мова, мова спілкування"
        ),
        "status": (
            "status, state, customer status, client status, "
            "статус, состояние, статус клиента, стан, статус клієнта"
        ),
        "departed_on": (
            "departed on, departed, departure date, left on, leave date, churn date, churned on, "
            "churned at, churn, cancelled at, canceled at, cancelled on, canceled on, cancel date, "
            "cancellation date, date of cancellation, end date, lost on, closed on, closed at, "
            "terminated on, "
            "дата ухода, ушел, дата оттока, дата отказа, дата отключения, дата расторжения, "
            "дата окончания, "
            "дата виходу, дата відходу, дата відтоку, дата відмови, дата відключення, "
            "дата розірвання, дата закінчення"
        ),
        "account_manager": (
            "account manager, manager, owner, account owner, responsible, csm, kam, "
            "менеджер, ответственный, аккаунт менеджер, персональный менеджер, "
            "відповідальний, акаунт менеджер, персональний менеджер"
        ),
        "plan": (
            "plan, tariff, package, product, subscription, plan name, tier, "
            "тариф, тарифный план, пакет, продукт, подписка, "
            "тарифний план, підписка"
        ),
        "region": (
            "region, country, area, city, territory, location, "
            "регион, страна, область, город, "
            "регіон, країна, місто"
        ),
        "value_class": (
            "value class, value, class, segment, customer segment, category, abc, "
            "класс, ценность, сегмент, категория, класс ценности, "
            "клас, цінність, категорія, клас цінності"
        ),
        "monthly_revenue": (
            "monthly revenue, mrr, revenue, monthly fee, monthly payment, arpu, fee, price, "
            "выручка, выручка в месяц, ежемесячный платеж, абонплата, платеж, доход, "
            "виручка, виручка на місяць, щомісячний платіж, платіж, дохід"
        ),
    }.items()
}
