"""What is known of a customer: fields, their sizes, and values as files and people write them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from feedback_app.customers.rules.words import LANGUAGE_WORDS, STATUS_WORDS, plain_words
from feedback_app.foundation.rules import N_
from feedback_app.imports.rules.dates import parse_date

#: Characters per field. Plan, region and value class may travel with an answer, which keeps 60.
LONGEST: dict[str, int] = {
    "reference": 120,
    "name": 200,
    "email": 254,
    "phone": 40,
    "language": 5,
    "account_manager": 120,
    "plan": 60,
    "region": 60,
    "value_class": 60,
    "attribute": 500,
}
LARGEST_CENTS = 10**15  # hundredths; far below what 64 bits hold
LONGEST_SHOWN = 60  # characters of a wrong value that are told


class Status(StrEnum):
    """Whether a customer is one still."""

    CURRENT = "current"
    DEPARTED = "departed"


class Reason(StrEnum):
    """Why nothing is sent to an address."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    BY_HAND = "by-hand"


class Fault(StrEnum):
    """What can be wrong with a value; FAULT_SENTENCES says it."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    NO_ADDRESS = "no-address"
    NO_PHONE = "no-phone"
    NO_LANGUAGE = "no-language"
    NO_STATUS = "no-status"
    NO_DAY = "no-day"
    NO_AMOUNT = "no-amount"
    AMBIGUOUS_AMOUNT = "ambiguous-amount"
    BROKEN_ROW = "broken-row"


FAULT_SENTENCES: dict[Fault, str] = {
    Fault.MISSING: N_("is empty"),
    Fault.TOO_LONG: N_("has %(length)s characters, at most %(most)s fit"),
    Fault.NO_ADDRESS: N_("“%(value)s” is not an e-mail address"),
    Fault.NO_PHONE: N_("“%(value)s” is not a phone number"),
    Fault.NO_LANGUAGE: N_("“%(value)s” is neither a language nor a code such as en or uk-UA"),
    Fault.NO_STATUS: N_("“%(value)s” says neither departed nor current"),
    Fault.NO_DAY: N_("“%(value)s” is no day that can be read for sure: write it as 2026-05-31"),
    Fault.NO_AMOUNT: N_("“%(value)s” is not an amount of money"),
    Fault.AMBIGUOUS_AMOUNT: N_("“%(value)s” can be read as two amounts: write two decimals"),
    Fault.BROKEN_ROW: N_("the row can not be read (%(value)s)"),
}


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with one field; `facts` fill the sentence. `field` is "" for a whole row."""

    field: str
    fault: Fault
    facts: Mapping[str, object] = dataclass_field(default_factory=dict)

    def __str__(self) -> str:
        """In English, for the command line and the file of rejected rows."""
        sentence = FAULT_SENTENCES[self.fault] % self.facts
        return f"{self.field}: {sentence}" if self.field else sentence


class UnableToReadValue(ValueError):
    """A value can not be taken."""

    def __init__(self, fault: Fault, value: str = "", **facts: object) -> None:
        super().__init__(FAULT_SENTENCES[fault])
        self.fault = fault
        self.facts: dict[str, object] = {"value": value[:LONGEST_SHOWN], **facts}


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SPACES = re.compile(r"\s+")
#: One @, no white space or separators of header lines, a domain of dotted labels.
_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\".]{1,64}(?:\.[^\s@<>()\[\],;:\\\".]{1,64})*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
)
LONGEST_LOCAL_PART = 64
_PHONE = re.compile(r"[+]?[\d\s().,/#*;–-]*(?:(?:ext|x|доб|внутр)[. ]*\d+)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_CURRENCY = r"(?:[^\W\d_]{1,4}\.?|[$€£₴₽¥₸₺])?"
_MONEY = re.compile(rf"\s*{_CURRENCY}\s*(\d[\d.,\s'’]*?)\s*{_CURRENCY}\s*")
_THIN = re.compile(r"[\s'’]")
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")
_AMOUNT = re.compile(r"(\d+)(?:\.(\d*))?")


def clean(text: str) -> str:
    """Composed letters, no control characters, single spaces, none around."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", _CONTROL.sub(" ", unicodedata.normalize("NFC", text))).strip()


def fit(text: str, field_name: str) -> str:
    """`text` cleaned. Raises UnableToReadValue when it is longer than the field."""
    cleaned = clean(text)
    most = LONGEST[field_name]
    if len(cleaned) > most:
        raise UnableToReadValue(Fault.TOO_LONG, length=len(cleaned), most=most)
    return cleaned


def normalise_address(text: str) -> str:
    """The one spelling under which an address is stored, compared and suppressed."""
    return clean(text.removeprefix("mailto:")).lower()


def hash_address(address: str) -> bytes:
    """The SHA-256 by which an address stays suppressed; any spelling gives the same."""
    return hashlib.sha256(normalise_address(address).encode()).digest()


def find_address_fault(address: str) -> Fault | None:
    """What keeps mail from being addressed to a normalised address; None when nothing does."""
    if not address:
        return Fault.MISSING
    is_sound = (
        len(address) <= LONGEST["email"]
        and len(address.partition("@")[0]) <= LONGEST_LOCAL_PART
        and address.isprintable()
        and _ADDRESS.fullmatch(address) is not None
    )
    return None if is_sound else Fault.NO_ADDRESS


def read_address(text: str) -> str:
    """An e-mail address in its one spelling, "" for none. Raises UnableToReadValue."""
    address = normalise_address(text)
    if address and find_address_fault(address):
        raise UnableToReadValue(Fault.NO_ADDRESS, text.strip())
    return address


def read_phone(text: str) -> str:
    """A phone number as it is written, "" for none. Raises UnableToReadValue."""
    phone = fit(text, "phone")
    if phone and not (_PHONE.fullmatch(phone) and any(map(str.isdigit, phone))):
        raise UnableToReadValue(Fault.NO_PHONE, phone)
    return phone


@lru_cache(maxsize=512)
def read_language(text: str) -> str:
    """A language's code from a code or a name, "" for none. Raises UnableToReadValue."""
    written = plain_words(text)
    if not written:
        return ""
    if written in LANGUAGE_WORDS:
        return LANGUAGE_WORDS[written]
    found = _LANGUAGE.fullmatch(text.strip())
    if found is None:
        raise UnableToReadValue(Fault.NO_LANGUAGE, text.strip())
    return found[1].lower()


@lru_cache(maxsize=2048)
def read_day(text: str, form: str = "") -> date | None:
    """A day, None for none; `form` is a strptime format. Raises UnableToReadValue."""
    if not text.strip():
        return None
    try:
        return parse_date(text, form)
    except ValueError as error:
        raise UnableToReadValue(Fault.NO_DAY, text.strip()) from error


@lru_cache(maxsize=2048)
def read_status(text: str, form: str = "") -> tuple[Status | None, date | None]:
    """Status and the day of leaving, of a cell that holds a word or that day.

    (None, None) for an empty cell. Raises UnableToReadValue.
    """
    written = plain_words(text)
    if not written:
        return None, None
    if written in STATUS_WORDS:
        return Status(STATUS_WORDS[written]), None
    try:
        return Status.DEPARTED, parse_date(text, form)
    except ValueError as error:
        raise UnableToReadValue(Fault.NO_STATUS, text.strip()) from error


@lru_cache(maxsize=2048)
def read_cents(text: str) -> int | None:
    """An amount of money in hundredths, None for none. Raises UnableToReadValue.

    Takes currencies, and points or commas before decimals or between thousands; what could
    be read both ways (1,234) is refused.
    """
    if not text.strip():
        return None
    written = _MONEY.fullmatch(text)
    digits = _THIN.sub("", written[1]) if written else ""
    grouped = _GROUPED.fullmatch(digits)
    if grouped and len(digits) <= len("999,999"):
        raise UnableToReadValue(Fault.AMBIGUOUS_AMOUNT, text.strip())
    found = _AMOUNT.fullmatch(_unify_decimals(digits, is_grouped=grouped is not None))
    if found is None or not (found[1] + (found[2] or "")).isascii():
        raise UnableToReadValue(Fault.NO_AMOUNT, text.strip())
    decimals = f"{found[2] or ''}000"
    cents = int(found[1]) * 100 + int(decimals[:2]) + (decimals[2] >= "5")
    if cents > LARGEST_CENTS:
        raise UnableToReadValue(Fault.NO_AMOUNT, text.strip())
    return cents


def _unify_decimals(digits: str, *, is_grouped: bool) -> str:
    """Digits with a point before the decimals and nothing between thousands."""
    if is_grouped:
        return digits.replace(",", "").replace(".", "")
    decimal = max(".,", key=digits.rfind)
    other = "," if decimal == "." else "."
    whole, _, rest = digits.rpartition(decimal)
    if not whole and digits.rfind(decimal) < 0:
        return rest
    if other in whole and not re.fullmatch(rf"\d{{1,3}}(\{other}\d{{3}})+", whole):
        return ""
    return f"{whole.replace(other, '')}.{rest}"


def search_text(reference: str, name: str, email: str, phone: str) -> str:
    """What the list's search looks through."""
    return "\n".join(each for each in (reference, name, email, phone) if each).casefold()
