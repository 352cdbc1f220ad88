"""Telephone numbers, e-mail addresses, cards and account numbers in any of three languages.

Every pattern works in time proportional to the text's length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from feedback_app.answers.masking.kinds import MARKS, Kind

#: Where a number without a country code may be from; of some it is told by its leading 0 alone.
REGIONS = ("UA", "RU", "US", "GB", "PL", "DE")
LED_BY_ZERO = frozenset({"GB", "DE"})
FEWEST_PHONE_DIGITS, MOST_PHONE_DIGITS = 7, 15
SHORTEST_CARD, LONGEST_CARD = 13, 19
#: So many digits in a row are no amount of money and no date.
SHORTEST_ACCOUNT = 9
LUHN_NINE = 9
#: Of more candidates in one text the library is not asked: they are masked unseen.
MOST_ASKED = 30
#: A number with no more digits than these before its zeros is an amount, and no number of anybody.
MOST_TELLING_OF_AMOUNT = 3

#: Lengths of account numbers by country, as ISO 13616 registers them.
IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FI NL", 19: "MK SI", 20: "AT BA EE KZ LT LU",
    21: "CH HR LI LV", 22: "BG DE GB GE IE ME RS", 23: "AE IL", 24: "CZ ES MD RO SE SK",
    25: "PT", 26: "IS TR", 27: "FR GR IT", 28: "AL AZ BY CY HU PL", 29: "UA", 31: "MT", 33: "RU",
}  # fmt: skip
_IBAN = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        rf"(?:{countries.replace(' ', '|')})[ -]?\d\d(?:[ -]?[A-Z0-9]){{{length - 4}}}"
        for length, countries in IBAN_LENGTHS.items()
    )
    + r")(?!\w)",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}"
    r"(?:(?:\s?(?:@|[(\[](?:at|собака)[)\]])\s?|\s(?:собака|равлик)\s)"
    r"[\w-]{1,63}(?:(?:\.|\s(?:dot|точка|крапка)\s)[\w-]{1,63}){1,6}"
    r"|\sat\s[\w-]{1,63}\sdot\s[a-z]{2,6}(?!\w))",
    re.IGNORECASE,
)
#: One of these stands in every address that _EMAIL finds, in small letters.
_OF_EMAIL = ("@", "at)", "at]", "собака", "равлик", " dot ")
_MESSENGER = re.compile(
    r"(?<![\w.])(?:t\.me/|(?:telegram|телеграм\w{0,2}|тг|tg|insta\w{0,5}|инста\w{0,6})[\s:,-]{1,3}(?=@))"
    r"(?P<own>@?[A-Za-z]\w{3,31})",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w])\d(?:[ -]?\d){12,18}(?!\d)")
_CARD_IN_FOURS = re.compile(
    r"(?<![\w.])\d{4}([ .-]?)(?:\d{4}\1\d{4}|\d{0,2}[*xх•]{2,6}\1[*xх•]{2,6}\d{0,2})\1\d{4}(?!\w)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,])(?:\+\s?)?\(?\d(?:[ \t\u00a0().–-]{0,3}\d){6,14}(?!\w)")
#: Written as numbers of a town are, in Russian and Ukrainian, or with a stroke after its code.
_PHONE_OF_TOWN = re.compile(r"(?<![\w.,/-])(?:0\d{2,4}/\d{5,7}|\d{3}-\d\d-\d\d)(?![\w/-])")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d(?!\d)")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[\s–-]{1,3})*(?:19|20)\d\d")
_LONG = re.compile(rf"(?<!\w)\d{{{SHORTEST_ACCOUNT},40}}(?!\w)")
#: Numbers of a person's papers that are known by their shape alone.
_PAPERS = re.compile(r"(?<![\w-])(?:\d{3}-\d{3}-\d{3}[ -]\d\d|\d{3}-\d\d-\d{4})(?![\w-])")
_PASSPORT = re.compile(
    r"(?<!\w)(?:passport|паспорт\w{0,3})[\s.:,№#-]{1,4}(?:сер\w{1,4}[\s.:]{1,3})?"
    r"(?P<own>(?:[A-ZА-ЯІЇЄ]{2}|\d\d ?\d\d)[\s,.-]{0,3}(?:(?:номер|no|№)[\s.:]{0,2})?\d{6})(?!\w)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"[\s\u00a0]?(?:[$€£₴₽¥]|(?:руб|р\.|рубл|грн|гривен|гривн|сум|so.m|uah|usd|eur|rub|uzs|gbp"
    r"|dollar|euro|pound|доллар|долар|евро|євро|тенге|тыс|тис|млн|units|шт)(?:\w{0,6}))",
    re.IGNORECASE,
)
#: Words after which even a short number is somebody's own.
_NAMED_PHONE = re.compile(
    r"(?<!\w)(?:phone|mobile|tel|call(?: me| us)?(?: at| on)?|whatsapp|viber|telegram"
    r"|телефон\w{0,3}|тел|моб|вайбер\w{0,2}|ватсап\w{0,2}|позвон\w{1,6}|звон\w{1,5}|подзвон\w{1,6}|дзвон\w{1,5}"
    r"|(?:my|мой|мій)\s(?=номер|number))"
    r"[\s.:,№#-]{0,4}(?:(?:number|no|номер\w{0,3}|мне|мені|на|по|is|це|это)[\s.:№#-]{1,3}){0,3}"
    r"(?P<own>\+?\d(?:[ ()-]{0,2}\d){4,14})",
    re.IGNORECASE,
)
_NAMED_ACCOUNT = re.compile(
    r"(?<!\w)(?:account|acct|acc|contract|order|invoice|policy|passport|ticket|customer|iban|ssn|id"
    r"|сч[её]т\w{0,3}|договор\w{0,3}|заказ\w{0,3}|полис\w{0,3}|паспорт\w{0,3}|заявк\w{1,2}"
    r"|тикет\w{0,3}|тікет\w{0,3}|обращени\w{1,2}|звернен\w{1,3}|абонент\w{0,8}"
    r"|рахун\w{1,4}|договір|замовлен\w{1,3}|поліс\w{0,3}|заявц\w{1,2}|л/с|р/с|о/р|лицев\w{1,4}"
    r"|особов\w{1,4}|[иі]нн|[иі]пн|рнокпп|[єе]дрпоу|снилс|огрн\w{0,2})[\s.:,№#-]{1,4}"
    r"(?:(?:number|no|nr|id|is|номер\w{0,3}|сч[её]т\w{0,3}|рахун\w{1,4})[\s.:№#-]{1,4}){0,2}"
    r"(?P<own>[A-ZА-ЯІЇЄ]{0,3}-?\d(?:[-/]?\d){4,30})",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?<!\w)(?:login|username|логин\w{0,2}|логін\w{0,2})[\s:,-]{1,3}"
    r"(?P<own>[a-z_.-]{0,20}\d[\w.-]{0,30})",
    re.IGNORECASE,
)
_NO_DIGIT = re.compile(r"\D+")


def mask_patterns(text: str) -> tuple[str, Counter[Kind]]:
    """`text` with marks, and how many pieces of each kind there were."""
    counts: Counter[Kind] = Counter()
    small = text.lower()
    if any(sign in small for sign in _OF_EMAIL):
        text = _replace(_EMAIL, text, Kind.EMAIL, counts)
    if "@" in text or "t.me/" in small:
        text = _replace(_MESSENGER, text, Kind.ACCOUNT, counts)
    if not any(map(str.isdigit, text)):
        return text, counts
    text = _replace(_IBAN, text, Kind.ACCOUNT, counts, _is_iban)
    text = _replace(_CARD_IN_FOURS, text, Kind.CARD, counts)
    text = _replace(_DIGITS, text, Kind.CARD, counts, _is_card)
    for own in (_PASSPORT, _LOGIN, _PAPERS):
        text = _replace(own, text, Kind.ACCOUNT, counts)
    text = _replace(_NAMED_ACCOUNT, text, Kind.ACCOUNT, counts, _is_number)
    text = _replace(_NAMED_PHONE, text, Kind.PHONE, counts, _is_number)
    is_phone = _is_phone if len(_PHONE.findall(text)) <= MOST_ASKED else _is_anything
    text = _replace(_PHONE, text, Kind.PHONE, counts, is_phone)
    text = _replace(_PHONE_OF_TOWN, text, Kind.PHONE, counts)
    return _replace(_LONG, text, Kind.ACCOUNT, counts, _is_number), counts


#: Whether a match is what its pattern looks for; `found[group]` is the piece itself.
IsMeant = Callable[[re.Match[str], str], bool]


def _is_anything(_found: re.Match[str], _group: str) -> bool:
    return True


def _replace(
    pattern: re.Pattern[str],
    text: str,
    kind: Kind,
    counts: Counter[Kind],
    is_meant: IsMeant = _is_anything,
) -> str:
    """Each match (or its group `own`) that `is_meant` becomes the kind's mark."""
    group = "own" if "own" in pattern.groupindex else 0

    def parts() -> Iterator[str]:
        done = 0
        for found in pattern.finditer(text):
            if is_meant(found, found[group]):
                yield text[done : found.start(group)]
                yield MARKS[kind]
                counts[kind] += 1
                done = found.end(group)
        yield text[done:]

    return "".join(parts())


def _is_number(found: re.Match[str], own: str) -> bool:
    """A number that belongs to somebody; no amount of money, and no years."""
    if _CURRENCY.match(found.string, found.end()) or _YEARS.fullmatch(own):
        return False
    return not _is_round(own) or found.string[: found.start(0) + found[0].rindex(own)].rstrip()[
        -1:
    ] in ("№", "#")


def _is_round(own: str) -> bool:
    """An amount, or several: each has few digits before its zeros, and none begins with one."""
    if own[0] in "+0(":
        return False
    thousands = re.sub(r"(?<=\d)[ .\u00a0](?=000(?!\d))", "", own)
    amounts = [each for each in _NO_DIGIT.split(thousands) if each]
    return all(
        each.endswith("0") and len(each.rstrip("0")) <= MOST_TELLING_OF_AMOUNT for each in amounts
    )


def _is_card(_found: re.Match[str], own: str) -> bool:
    """Luhn's check sum."""
    digits = [int(each) for each in own if each.isdigit()]
    if not SHORTEST_CARD <= len(digits) <= LONGEST_CARD:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > LUHN_NINE else doubled
    return total % 10 == 0


def _is_iban(_found: re.Match[str], own: str) -> bool:
    """The check digits of ISO 13616."""
    plain = re.sub(r"[ -]", "", own).upper()
    if not plain.isascii():
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def _is_phone(found: re.Match[str], own: str) -> bool:
    """A number that exists in its country, or could in one of REGIONS."""
    digits = _NO_DIGIT.sub("", own)
    if not FEWEST_PHONE_DIGITS <= len(digits) <= MOST_PHONE_DIGITS or _DATE.match(own):
        return False
    if not _is_number(found, own):
        return False
    # Loaded at the first number only: the page server takes answers without it.
    import phonenumbers

    for region in (None,) if own.startswith("+") else REGIONS:
        if region in LED_BY_ZERO and digits[0] != "0":
            continue
        try:
            number = phonenumbers.parse(own, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return own.startswith("+") and len(digits) >= SHORTEST_ACCOUNT
