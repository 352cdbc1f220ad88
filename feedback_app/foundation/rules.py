"""Words that every room shares: what may be refused, and the rights a page can ask for."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from feedback_app.foundation.languages import find_languages

#: code -> the language's own name, in the order the links stand.
LANGUAGES: dict[str, str] = find_languages()


class Marked(str):
    """An English sentence or word that has a translation."""

    __slots__ = ()


def N_(sentence: str) -> Marked:  # noqa: N802  the name that message extraction looks for
    """Mark English for translation where the reader's language is not known yet."""
    return Marked(sentence)


class Unable(Exception):
    """Parent of every refusal that a person can do something about.

    The message is one plain line: what is wrong (field, row, setting) and what to do. The
    command line prints it and exits with 2; pages say it in the reader's language
    (foundation.i18n.say): `sentence` is English with %(name)s places, `facts` fill them.
    """

    def __init__(self, sentence: str = "", **facts: object) -> None:
        super().__init__(sentence % facts if facts else sentence)
        self.sentence = sentence
        self.facts = facts


class Permission(StrEnum):
    """One right a page asks for (foundation/policy.py says which page asks for which)."""

    PUBLIC = "public"
    NOBODY = "nobody"  # a page of a library that this product does not use
    READ_HOME = "read-home"
    READ_REPORTS = "read-reports"
    EDIT_SURVEYS = "edit-surveys"
    EDIT_CAUSES = "edit-causes"
    TAG_ANSWERS = "tag-answers"
    MANAGE_CUSTOMERS = "manage-customers"
    CALL_BACK = "call-back"
    MANAGE_STAFF = "manage-staff"
    READ_AUDIT = "read-audit"
    RUN_BRAINSTORMS = "run-brainstorms"
    RUN_INTERVIEWS = "run-interviews"


#: Russian and Ukrainian letters that no decomposition brings to Latin ones.
_LATIN = {
    **dict(zip("абвгдезийклмнопрстуфыэієґ", "abvgdeziyklmnoprstufyeieg", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ї": "yi",
    "ъ": "",
    "ь": "",
    "'": "",
    "’": "",
    "ʼ": "",
}
_TRANSLITERATION = str.maketrans(_LATIN)


def spell_in_latin(text: str) -> list[str]:
    """The words of `text` in small Latin letters and digits, for addresses and codes."""
    latin = unicodedata.normalize("NFC", text).lower().translate(_TRANSLITERATION)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.lower())
