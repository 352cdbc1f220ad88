"""Telephone numbers, e-mail addresses, cards and account numbers in any of three languages.

Every pattern works in time proportional to the text's length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from feedback_app.answers.masking.kinds import MARKS, Kind

#: Where a number without a country code may be from.
REGIONS = ("UA", "RU", "US", "GB", "PL", "DE")
FEWEST_PHONE_DIGITS, MOST_PHONE_DIGITS = 7, 15
SHORTEST_CARD, LONGEST_CARD = 13, 19
SHORTEST_IBAN = 15
#: So many digits in a row are no amount of money and no date.
SHORTEST_ACCOUNT = 9
LUHN_NINE = 9
#: Of more candidates in one text the library is not asked: they are masked unseen.
MOST_ASKED = 30

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w])\d(?:[ -]?\d){12,18}(?!\d)")
_PHONE = re.compile(r"(?<![\w.,])(?:\+\s?)?\(?\d(?:[ \t\u00a0().–-]{0,3}\d){6,14}(?!\w)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d(?!\d)")
_LONG = re.compile(rf"(?<!\w)\d{{{SHORTEST_ACCOUNT},40}}(?!\w)")
#: Words after which even a short number is somebody's own.
_NAMED_PHONE = re.compile(
    r"(?<!\w)(?:phone|mobile|tel|call me(?: at| on)?|whatsapp|viber|telegram|телефон\w{0,3}|тел|моб"
    r"|вайбер\w{0,2}|ватсап\w{0,2}|позвон\w{1,6}|звон\w{1,5}|подзвон\w{1,6}|дзвон\w{1,5})"
    r"[\s.:,№#-]{1,4}(?:(?:number|no|номер\w{0,3}|мне|мені|на|по)[\s.:№#-]{1,3}){0,3}"
    r"(?P<own>\+?\d(?:[ ()-]{0,2}\d){4,14})",
    re.IGNORECASE,
)
_NAMED_ACCOUNT = re.compile(
    r"(?<!\w)(?:account|acct|contract|order|invoice|policy|passport|ticket|customer|iban"
    r"|сч[её]т\w{0,3}|договор\w{0,3}|заказ\w{0,3}|полис\w{0,3}|паспорт\w{0,3}|заявк\w{1,2}"
    r"|рахун\w{1,4}|договір|замовлен\w{1,3}|поліс\w{0,3}|заявц\w{1,2}|інн|инн|л/с|р/с|лицев\w{1,4}"
    r"|особов\w{1,4})[\s.:,№#-]{1,4}"
    r"(?:(?:number|no|nr|id|номер\w{0,3}|сч[её]т\w{0,3}|рахун\w{1,4})[\s.:№#-]{1,4}){0,2}"
    r"(?P<own>[A-Z]{0,3}-?\d(?:-?\d){4,30})",
    re.IGNORECASE,
)
_NO_DIGIT = re.compile(r"\D+")


def mask_patterns(text: str) -> tuple[str, Counter[Kind]]:
    """`text` with marks, and how many pieces of each kind there were."""
    counts: Counter[Kind] = Counter()
    if "@" in text or "(at)" in text.lower() or "[at]" in text.lower():
        text = _replace(_EMAIL, text, Kind.EMAIL, counts)
    if not any(map(str.isdigit, text)):
        return text, counts
    text = _replace(_IBAN, text, Kind.ACCOUNT, counts, _is_iban)
    text = _replace(_DIGITS, text, Kind.CARD, counts, _is_card)
    text = _replace(_NAMED_ACCOUNT, text, Kind.ACCOUNT, counts)
    text = _replace(_NAMED_PHONE, text, Kind.PHONE, counts)
    is_phone = _is_phone if len(_PHONE.findall(text)) <= MOST_ASKED else _is_anything
    text = _replace(_PHONE, text, Kind.PHONE, counts, is_phone)
    return _replace(_LONG, text, Kind.ACCOUNT, counts), counts


def _is_anything(_found: str) -> bool:
    return True


def _replace(
    pattern: re.Pattern[str],
    text: str,
    kind: Kind,
    counts: Counter[Kind],
    is_meant: Callable[[str], bool] = _is_anything,
) -> str:
    """Each match (or its group `own`) that `is_meant` becomes the kind's mark."""
    group = "own" if "own" in pattern.groupindex else 0

    def parts() -> Iterator[str]:
        done = 0
        for found in pattern.finditer(text):
            if is_meant(found[group]):
                yield text[done : found.start(group)]
                yield MARKS[kind]
                counts[kind] += 1
                done = found.end(group)
        yield text[done:]

    return "".join(parts())


def _is_card(found: str) -> bool:
    """Luhn's check sum; four groups of four are a card whatever they add up to."""
    digits = [int(each) for each in found if each.isdigit()]
    if not SHORTEST_CARD <= len(digits) <= LONGEST_CARD:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > LUHN_NINE else doubled
    return total % 10 == 0 or re.fullmatch(r"(?:\d{4}[ -]){3}\d{4}", found) is not None


def _is_iban(found: str) -> bool:
    """The check digits of ISO 13616."""
    plain = re.sub(r"[ -]", "", found).upper()
    if len(plain) < SHORTEST_IBAN or not plain.isascii():
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def _is_phone(found: str) -> bool:
    """A number that exists in its country, or could in one of REGIONS."""
    digits = _NO_DIGIT.sub("", found)
    if not FEWEST_PHONE_DIGITS <= len(digits) <= MOST_PHONE_DIGITS or _DATE.match(found):
        return False
    # Loaded at the first number only: the page server takes answers without it.
    import phonenumbers

    for region in (None,) if found.startswith("+") else REGIONS:
        try:
            number = phonenumbers.parse(found, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return found.startswith("+") and len(digits) >= SHORTEST_ACCOUNT
